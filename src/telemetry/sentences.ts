import type { TimelineEvent } from '../runtime/events.ts';
import type { Plan } from '../runtime/fault.ts';
import type { Outcome } from '../runtime/verdict.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** A log line: a sentence that a person can act on, and the facts behind it. */
export interface Line {
  readonly level: Level;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The log lines of one event, with the prefixes that users of Litmus search for. */
export function linesOf(event: TimelineEvent): Line[] {
  switch (event.type) {
    case 'started':
      return [line('info', `[Info] lambda-chaos-runner ${event.version} runs ${event.run.experiment}${event.run.engine === '' ? ' standalone' : ` for the engine ${event.run.engine}`}.`, { run: event.run })];
    case 'note':
      return [line('info', `[Info] ${event.message}`, event.detail)];
    case 'warning':
      return [line('warn', `[Warning] ${event.message}`, event.detail)];
    case 'retry':
      return [line('debug', `[Wait] ${event.what} failed and is tried again: ${event.error}`, { attempt: event.attempt, waitMs: event.waitMs })];
    case 'recovery':
      return [line('warn', `[Recovery] ${event.message}`, { targets: event.targets })];
    case 'planned':
      return planLines(event.plan);
    case 'pre-chaos':
      return [line(event.ok ? 'info' : 'error', `[PreReq] The checks before the first change ${event.ok ? 'passed' : 'failed'}.`)];
    case 'post-chaos':
      return [line('info', '[Status] The window is over and every event source mapping is back.')];
    case 'abort':
      return [line('warn', `[Abort] ${event.why}: no more chaos, reverting.`)];
    case 'error':
      return [line('error', `[Error] ${event.message}`)];
    case 'outcome':
      return outcomeLines(event.outcome);
    default:
      return [stepLine(event)];
  }
}

type StepEvent = Extract<
  TimelineEvent,
  { type: 'ramp' | 'cycle' | 'injected' | 'hold' | 'external-change' | 'reverting' | 'revert-sent' | 'reverted' | 'revert-failed' }
>;

function stepLine(event: StepEvent): Line {
  switch (event.type) {
    case 'ramp':
      return line('info', `[Ramp] Waiting ${event.seconds} s ${event.position} the chaos.`);
    case 'cycle':
      return line('info', `[Chaos] Cycle ${event.cycle} of ${event.cycles}: disabling ${event.targets.length} event source mapping(s) for ${event.holdSeconds} s.`, { targets: event.targets });
    case 'injected':
      return line('info', `[Chaos] ${event.target} is Disabled after ${seconds(event.afterMs)} s.`, { target: event.target });
    case 'hold':
      return line('info', `[Wait] Holding ${event.targets.length} event source mapping(s) Disabled for ${event.seconds} s.`, { targets: event.targets });
    case 'external-change':
      return line('warn', `[Chaos] ${event.message}, seen at ${event.at}; it is not fought.`, { target: event.target });
    case 'reverting':
      return line('info', `[Chaos] Reverting ${event.targets.length} event source mapping(s): ${event.why}.`, { targets: event.targets });
    case 'revert-sent':
      return line('info', `[Chaos] Asking Lambda to enable ${event.target} again.`, { target: event.target });
    case 'reverted':
      return line('info', `[Chaos] ${event.target}: ${event.how}, ${seconds(event.tookMs)} s after the revert began.`, { target: event.target });
    case 'revert-failed':
      return line('error', `[Chaos] ${event.target} IS STILL SWITCHED OFF: ${event.message}. Enable it by hand: ${event.undo}`, { target: event.target });
  }
}

function planLines(plan: Plan): Line[] {
  return [
    line('info', `[PreReq] The caller is ${plan.identity}.`),
    ...plan.warnings.map((warning) => line('warn', `[Warning] ${warning}`)),
    ...plan.problems.map(({ subject, message }) => line('error', `[PreReq] ${subject}: ${message}.`)),
    ...(plan.problems.length > 0
      ? []
      : Object.values(plan.undo).map((undo) => line('info', `[Info] Should everything die, this undoes it by hand: ${undo}`))),
  ];
}

function outcomeLines(outcome: Outcome): Line[] {
  const { verdict, phase, error, targets, probeSuccessPercentage } = outcome;
  const why = error === undefined ? '' : ` ${error.code}: ${error.message}`;
  const held = targets
    .filter((target) => target.askedHoldMs > 0)
    .map((target) => line('info', `[Status] ${target.id} was held Disabled ${seconds(target.heldMs)} s of ${seconds(target.askedHoldMs)} s asked: ${target.detail}.`, { target: target.id, heldMs: target.heldMs, askedHoldMs: target.askedHoldMs }));
  const level = verdict === 'Pass' ? 'info' : verdict === 'Stopped' ? 'warn' : 'error';
  return [...held, line(level, `[The End] Verdict ${verdict}, phase ${phase}.${why}`, { verdict, phase, probeSuccessPercentage })];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const line = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>): Line => ({
  level,
  message,
  ...(fields === undefined ? {} : { fields }),
});
