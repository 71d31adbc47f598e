import type { ProbesSoFar, TimelineEvent } from '../runtime/events.ts';
import type { Plan } from '../runtime/fault.ts';
import type { Outcome, TargetOutcome } from '../runtime/verdict.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** A log line: a sentence that a person can act on, and the facts behind it. */
export interface Line {
  readonly level: Level;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

type Of<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;
type Render = { readonly [T in TimelineEvent['type']]: (event: Of<T>) => Line[] };

/** The log lines of one event, with the prefixes that users of Litmus search for. */
export const linesOf = (event: TimelineEvent): Line[] =>
  (RENDER[event.type] as (event: TimelineEvent) => Line[])(event);

const RENDER: Render = {
  started: ({ run, version }) => {
    const how = run.engine === '' ? 'standalone' : `for the engine ${run.engine}`;
    return [line('info', `[Info] lambda-chaos-runner ${version} runs ${run.experiment} ${how}.`, { run })];
  },
  note: ({ message, detail }) => [line('info', `[Info] ${message}`, detail)],
  warning: ({ message, detail }) => [line('warn', `[Warning] ${message}`, detail)],
  retry: ({ what, error, attempt, waitMs }) => [
    line(retryLevel(attempt), `[Wait] ${what} failed ${attempt} time(s) and is tried again: ${error}`, {
      attempt,
      waitMs,
    }),
  ],
  recovery: ({ message, targets }) => [line('warn', `[Recovery] ${message}`, { targets })],
  planned: ({ plan }) => planLines(plan),
  'pre-chaos': ({ ok, probes }) => [
    line(
      ok ? 'info' : 'error',
      `[PreReq] The checks before the first change ${ok ? 'passed' : 'failed'}${ok ? soFar(probes) : ''}.`,
    ),
  ],
  probe: (event) => [probeLine(event)],
  ramp: ({ seconds: s, position }) => [line('info', `[Ramp] Waiting ${s} s ${position} the chaos.`)],
  cycle: ({ cycle, cycles, targets, holdSeconds }) => [
    line('info', `[Chaos] Cycle ${cycle} of ${cycles}: disabling ${count(targets)} for ${holdSeconds} s.`, {
      targets,
    }),
  ],
  injected: ({ target, afterMs }) => [
    line('info', `[Chaos] ${target} is Disabled after ${seconds(afterMs)} s.`, { target }),
  ],
  hold: ({ targets, seconds: s }) => [
    line('info', `[Wait] Holding ${count(targets)} Disabled for ${s} s.`, { targets, seconds: s }),
  ],
  'external-change': ({ message, at, target }) => [
    line('warn', `[Chaos] ${message}, seen at ${at}; it is not fought.`, { target }),
  ],
  reverting: ({ targets, why }) => [
    line('info', `[Chaos] Reverting ${count(targets)}: ${sentence(why)}`, { targets }),
  ],
  'revert-sent': ({ target }) => [
    line('info', `[Chaos] Asking Lambda to enable ${target} again.`, { target }),
  ],
  reverted: ({ target, how, tookMs }) => [
    line('info', `[Chaos] ${target}: ${how}, ${seconds(tookMs)} s after the revert began.`, { target }),
  ],
  'revert-failed': ({ target, message, undo }) => [
    line('error', `[Chaos] ${target} IS STILL SWITCHED OFF: ${message}. Enable it by hand: ${undo}`, {
      target,
    }),
  ],
  'post-chaos': ({ ok, probes }) => [
    ok
      ? line(
          'info',
          `[Status] The window is over and every event source mapping is Enabled again${soFar(probes)}.`,
        )
      : line('warn', `[Status] The window is over; it was cut short by somebody else${soFar(probes)}.`),
  ],
  abort: ({ why }) => [line('warn', `[Abort] No more chaos, reverting: ${sentence(why)}`)],
  error: ({ message }) => [line('error', `[Error] ${message}`)],
  outcome: ({ outcome }) => outcomeLines(outcome),
};

const soFar = (probes: ProbesSoFar | undefined): string =>
  probes === undefined ? '' : `; the probes so far were ${probes}`;

const FOUND = { passed: 'holds', failed: 'FAILED', unclear: 'could not be evaluated' } as const;

function probeLine({ probe, finding, description }: Of<'probe'>): Line {
  const { name, type, mode } = probe;
  const level = finding === 'passed' ? 'info' : finding === 'failed' ? 'warn' : 'error';
  const message = `[Probe] ${name} (${type}, ${mode}) ${FOUND[finding]}: ${sentence(description)}`;
  return line(level, message, { probe, finding });
}

function planLines({ identity, warnings, problems, undo }: Plan): Line[] {
  const lines = [
    line('info', `[PreReq] The caller is ${identity}.`),
    ...warnings.map((warning) => line('warn', `[Warning] ${sentence(warning)}`)),
    ...problems.map(({ subject, message }) =>
      line('error', `[PreReq] ${sentence(`${subject}: ${message}`)}`),
    ),
  ];
  if (problems.length > 0) return lines;
  const commands = Object.values(undo);
  return [
    ...lines,
    ...commands.map((command) =>
      line('info', `[Info] Should everything die, this undoes it by hand: ${command}`),
    ),
  ];
}

function outcomeLines(outcome: Outcome): Line[] {
  const { verdict, phase, error, targets, probeSuccessPercentage } = outcome;
  const why = error === undefined ? '' : ` ${error.code}: ${sentence(error.message)}`;
  const level = verdict === 'Pass' ? 'info' : verdict === 'Stopped' ? 'warn' : 'error';
  const end = line(level, `[The End] Verdict ${verdict}, phase ${phase}.${why}`, {
    verdict,
    phase,
    probeSuccessPercentage,
  });
  return [...targets.filter((target) => target.askedHoldMs > 0).map(heldLine), end];
}

function heldLine({ id, heldMs, askedHoldMs, detail }: TargetOutcome): Line {
  const held = `[Status] ${id} was held Disabled ${seconds(heldMs)} s of ${seconds(askedHoldMs)} s asked: ${sentence(detail)}`;
  return line('info', held, { target: id, heldMs, askedHoldMs });
}

/** One failure is noise, an outage is news: the 4th, 8th, 16th … attempt in a row is a warning. */
const retryLevel = (attempt: number): Level =>
  attempt >= 4 && Number.isInteger(Math.log2(attempt)) ? 'warn' : 'debug';

const count = (targets: readonly string[]): string =>
  targets.length === 1 ? '1 event source mapping' : `${targets.length} event source mappings`;

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const line = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>): Line => ({
  level,
  message,
  ...(fields === undefined ? {} : { fields }),
});
