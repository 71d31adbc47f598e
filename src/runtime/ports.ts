import type { JournalRecord, JournalStore } from './journal.ts';
import type { Outcome, ProbeVerdict } from './verdict.ts';

/**
 * The journal and the verdict live in one object, so that the last phase, the final status and
 * "finished" become visible in one write.
 */
export interface RunStore extends JournalStore {
  /** Shows the run as Running/Awaited with `record` as its journal; creates what is missing, keeps counters. */
  begin(record: JournalRecord, probes: readonly ProbeVerdict[]): Promise<void>;
  /** Shows how the probes stand while the run goes on. News only: the verdict carries them too. Never throws. */
  showProbes(probes: readonly ProbeVerdict[]): Promise<void>;
  /** Records the final verdict and `record` together. Throws when it could not within its bounded time. */
  finish(record: JournalRecord, outcome: Outcome): Promise<void>;
}

/** Another run that may have switched a target off. */
export interface Holder {
  readonly target: string;
  /** A person's words for that run, e.g. `the run of ChaosEngine chaos/orders (pod …)`. */
  readonly whose: string;
  /** The command that finishes that run, should nothing of it be alive. */
  readonly finish: string;
}

/** Other processes of the same run, other runs, and the wish to end it. */
export interface Surroundings {
  /**
   * Looks at what asked for this run, after the run is shown as Running and before anything else.
   * @returns the probes that it declares, none of them evaluated.
   * @throws AbortedError when it was already asked to stop, ChaosError when it can't be read.
   */
  admit(): Promise<readonly ProbeVerdict[]>;
  /** Names of other pods of the same Job that may still be running. Never throws: unknown is empty plus a warning. */
  otherLivePods(): Promise<readonly string[]>;
  /**
   * Runs of other engines whose journal says that one of `ids` may be off; none, with a warning, where they may not
   * be looked at.
   * @throws ChaosError while they can't be: going on would disable what another run may have in its hands.
   */
  othersHolding(ids: readonly string[]): Promise<readonly Holder[]>;
  /** Takes away what a process of this run that was cut off has left beside its targets: pods of probes. Bounded; never throws. */
  tidy(): Promise<void>;
  /** Why the run should end (`engineState` is stop, the engine is gone), if so. Never throws. */
  stopRequested(): Promise<string | undefined>;
}
