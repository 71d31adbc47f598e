import type { JournalRecord } from '../runtime/journal.ts';
import {
  unevaluated,
  type Outcome,
  type ProbeVerdict,
  type RunError,
  type TargetOutcome,
} from '../runtime/verdict.ts';
import { field, listField, textField } from './resources.ts';

export interface HistoryTarget {
  readonly name: string;
  readonly kind: string;
  readonly chaosStatus: string;
}

/** Counters over all runs of an engine, and what the last one did to each target. */
export interface History {
  readonly passedRuns: number;
  readonly failedRuns: number;
  readonly stoppedRuns: number;
  readonly targets: readonly HistoryTarget[];
}

/** The history in a ChaosResult's status, of which the API server has checked nothing. */
export function readHistory(status: unknown): History {
  const history = field(status, 'history');
  const count = (key: string): number => {
    const value = field(history, key);
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
  };
  return {
    passedRuns: count('passedRuns'),
    failedRuns: count('failedRuns'),
    stoppedRuns: count('stoppedRuns'),
    targets: listField(history, 'targets').map((target) => ({
      name: textField(target, 'name'),
      kind: textField(target, 'kind'),
      chaosStatus: textField(target, 'chaosStatus'),
    })),
  };
}

/** A status as a merge patch: null means absent. */
export type StatusPatch = Readonly<Record<string, unknown>>;

/** Running and Awaited, counters kept. Without `probes` what is shown of them stays. */
export function runningStatus(history: History, probes?: readonly ProbeVerdict[]): StatusPatch {
  return {
    experimentStatus: {
      phase: 'Running',
      verdict: 'Awaited',
      probeSuccessPercentage: 'Awaited',
      errorOutput: null,
    },
    ...(probes === undefined
      ? {}
      : { probeStatuses: probeStatuses(probes.map((probe) => ({ ...probe, verdict: 'Awaited' }))) }),
    history: historyPatch(history),
  };
}

/** The probes that a ChaosResult's status shows, of which the API server has checked nothing. */
export const readProbeStatuses = (status: unknown): ProbeVerdict[] =>
  listField(status, 'probeStatuses').map((probe) => {
    const verdict = textField(field(probe, 'status'), 'verdict');
    const description = field(field(probe, 'status'), 'description');
    return {
      name: textField(probe, 'name'),
      type: textField(probe, 'type'),
      mode: textField(probe, 'mode'),
      verdict: VERDICTS.find((known) => known === verdict) ?? 'Awaited',
      ...(typeof description === 'string' ? { description } : {}),
    };
  });

const VERDICTS = ['Awaited', 'Passed', 'Failed', 'N/A'] as const;

/** How the probes stand while the run goes on. */
export const probesStatus = (probes: readonly ProbeVerdict[]): StatusPatch => ({
  probeStatuses: probeStatuses(probes),
});

/** The verdict. Targets of earlier runs that nobody has brought back stay listed. */
export function finalStatus(history: History, outcome: Outcome, targetKind: string): StatusPatch {
  const { counter } = outcome;
  const named = new Set(outcome.targets.map((target) => target.id));
  const counted = counter === undefined ? history : { ...history, [counter]: history[counter] + 1 };
  const targets = [
    ...outcome.targets.map((target) => historyTarget(target, targetKind)),
    ...history.targets.filter((target) => !named.has(target.name)),
  ];
  return {
    experimentStatus: {
      phase: outcome.phase,
      verdict: outcome.verdict,
      probeSuccessPercentage: outcome.probeSuccessPercentage,
      errorOutput: outcome.error === undefined ? null : errorOutput(outcome.error),
    },
    probeStatuses: probeStatuses(
      outcome.verdict === 'Pass' ? outcome.probes : outcome.probes.map(unevaluated),
    ),
    history: historyPatch({ ...counted, targets }),
  };
}

/**
 * What is kept of the history at the beginning of a run: targets of earlier runs that are still off as far as
 * anybody knows. litmus-go drops them, and with them the last trace of what nobody has brought back.
 */
export function carryOver(history: History, journal: JournalRecord | undefined): History {
  const isBack = (name: string): boolean => {
    const target = journal?.targets[name];
    return target !== undefined && target.phase !== 'targeted' && target.phase !== 'injected';
  };
  return {
    ...history,
    targets: history.targets.filter((t) => t.chaosStatus === 'injected' && !isBack(t.name)),
  };
}

const historyPatch = (history: History): StatusPatch => ({
  // The exporter dies of a missing history, so the counters are always written.
  passedRuns: history.passedRuns,
  failedRuns: history.failedRuns,
  stoppedRuns: history.stoppedRuns,
  targets: history.targets.length === 0 ? null : history.targets,
});

const historyTarget = (target: TargetOutcome, kind: string): HistoryTarget => ({
  name: target.id,
  kind,
  chaosStatus: target.chaosStatus,
});

const probeStatuses = (probes: readonly ProbeVerdict[]): readonly object[] | null =>
  probes.length === 0
    ? null
    : probes.map(({ name, type, mode, verdict, description }) => ({
        name,
        type,
        mode,
        status: { verdict, ...(description === undefined ? {} : { description }) },
      }));

/** The API server limits the size of an object: too long a reason would cost the verdict. */
const LONGEST_REASON = 20_000;

/** ChaosCenter shows `<errorCode> : <reason>`; the reason is litmus-go's error as JSON text. */
function errorOutput(error: RunError): object {
  const { code, phase, message, target } = error;
  const reason = JSON.stringify({
    errorCode: code,
    phase,
    reason: message.length > LONGEST_REASON ? `${message.slice(0, LONGEST_REASON)}…` : message,
    ...(target === undefined ? {} : { target }),
  });
  return { errorCode: code, reason };
}
