import { ChaosError } from './errors.ts';
import type { ProbeVerdict } from './verdict.ts';

/** The hypotheses of a run, evaluated beside it. Nothing here ever waits in the way of a revert. */
export interface Probes {
  /** As far as they are known, in the order in which they are declared. */
  verdicts(): readonly ProbeVerdict[];
  /** Aborted, with a ProbeStopError, by a probe in the background that may stop the run. */
  readonly stop: AbortSignal;
  /**
   * Evaluates what comes before the first change and begins what goes on in the background.
   * @throws ProbeStopError when one fails that may stop the run, ChaosError when one can't be evaluated.
   */
  preChaos(signal: AbortSignal): Promise<void>;
  /** The targets are off: what is to be evaluated in chaos begins, or goes on. */
  chaosOn(): void;
  /** They are about to be brought back: what is under way ends without a judgement. */
  chaosOff(): void;
  /** Ends what is in the background, judges it, and evaluates what comes after the last cycle. @throws as `preChaos` */
  postChaos(signal: AbortSignal): Promise<void>;
  /** Ends everything that is under way, at once: attempts, child processes, pods. */
  end(): void;
  /**
   * Waits, within bounds, until that is done, and tells the engine to stop where a probe wants it and `mayStop` says
   * that nothing is left for a later pod to do. Never throws.
   */
  close(mayStop: () => Promise<boolean>): Promise<void>;
}

/** A probe with `stopOnFailure` has failed: the run ends as Stopped. */
export class ProbeStopError extends ChaosError {
  constructor(message: string) {
    super(message, { code: 'EXPERIMENT_ABORTED', phase: 'Abort' });
    this.name = 'ProbeStopError';
  }
}

/** A probe could not be evaluated: nobody knows whether the hypothesis holds. */
export class ProbeUnclearError extends ChaosError {
  constructor(message: string, details: ConstructorParameters<typeof ChaosError>[1]) {
    super(message, details);
    this.name = 'ProbeUnclearError';
  }
}

/** Of a run that declares none. */
export const NO_PROBES: Probes = {
  verdicts: () => [],
  stop: new AbortController().signal,
  preChaos: () => Promise.resolve(),
  chaosOn: () => undefined,
  chaosOff: () => undefined,
  postChaos: () => Promise.resolve(),
  end: () => undefined,
  close: () => Promise.resolve(),
};
