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
