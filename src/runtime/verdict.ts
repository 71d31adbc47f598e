import type { ErrorCode, ErrorPhase } from './errors.ts';

/** Phases and verdicts as stored in a ChaosResult (chaos-operator api/litmuschaos/v1alpha1). */
export type Phase = 'Completed' | 'Completed_With_Probe_Failure' | 'Stopped' | 'Error';
export type Verdict = 'Pass' | 'Fail' | 'Stopped' | 'Error';

export interface RunError {
  readonly code: ErrorCode | (string & {});
  readonly phase: ErrorPhase;
  readonly message: string;
  readonly target?: string;
}

export interface ProbeVerdict {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly verdict: 'Awaited' | 'Passed' | 'Failed' | 'N/A';
  readonly description?: string;
}

/** What happened, as far as the verdict depends on it. */
export interface RunFacts {
  /** Present when the run was asked to end. */
  readonly aborted: boolean;
  readonly error?: RunError;
  /** A probe could not be evaluated. */
  readonly probeError?: RunError;
  /** A probe with stopOnFailure failed. */
  readonly stoppedByProbe: boolean;
  readonly probes: readonly ProbeVerdict[];
}

export interface Outcome {
  readonly phase: Phase;
  readonly verdict: Verdict;
  /** Digits only: the exporter's scrape loop dies of a percent sign. */
  readonly probeSuccessPercentage: string;
  readonly error?: RunError;
  readonly counter?: 'passedRuns' | 'failedRuns' | 'stoppedRuns';
  readonly probes: readonly ProbeVerdict[];
  /** What each target went through, for people: hold asked and measured, how it came back. */
  readonly targets: readonly TargetOutcome[];
}

export interface TargetOutcome {
  readonly id: string;
  readonly chaosStatus: 'targeted' | 'injected' | 'reverted';
  readonly askedHoldMs: number;
  readonly heldMs: number;
  readonly detail: string;
}

/**
 * The verdict matrix of litmus-go (pkg/result, pkg/types): `Fail` means that a probe failed,
 * `Error` that the experiment itself broke. Error changes no counter.
 *
 * One difference, on purpose: an aborted run in which some probe had failed is Stopped here;
 * upstream calls it Completed_With_Probe_Failure, although it was not completed.
 */
export function judge(
  facts: RunFacts,
): Pick<Outcome, 'phase' | 'verdict' | 'probeSuccessPercentage' | 'error' | 'counter'> {
  const share = successShare(facts.probes);
  const probeFailed = facts.probes.some((probe) => probe.verdict === 'Failed');
  if (facts.aborted || facts.stoppedByProbe) {
    return { phase: 'Stopped', verdict: 'Stopped', probeSuccessPercentage: share, counter: 'stoppedRuns' };
  }
  if (facts.probeError !== undefined) {
    return { phase: 'Error', verdict: 'Error', probeSuccessPercentage: '0', error: facts.probeError };
  }
  if (probeFailed) {
    return {
      phase: 'Completed_With_Probe_Failure',
      verdict: 'Fail',
      probeSuccessPercentage: share,
      counter: 'failedRuns',
      ...(facts.error === undefined ? {} : { error: facts.error }),
    };
  }
  if (facts.error !== undefined) {
    return { phase: 'Error', verdict: 'Error', probeSuccessPercentage: '0', error: facts.error };
  }
  return { phase: 'Completed', verdict: 'Pass', probeSuccessPercentage: '100', counter: 'passedRuns' };
}

/** Whole per cent of the probes that passed, rounded down; 0 without probes. */
function successShare(probes: readonly ProbeVerdict[]): string {
  if (probes.length === 0) return '0';
  const passed = probes.filter((probe) => probe.verdict === 'Passed').length;
  return String(Math.floor((passed * 100) / probes.length));
}

const NOT_EVALUATED = 'Either probe is not executed or not evaluated';

/** What Litmus shows of a probe that a run which did not pass never came to. */
export const unevaluated = (probe: ProbeVerdict): ProbeVerdict =>
  probe.verdict === 'Awaited' ? { ...probe, verdict: 'N/A', description: NOT_EVALUATED } : probe;
