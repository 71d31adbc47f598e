/** How long a mapping takes, in milliseconds. */
export interface Lags {
  /** From the request to `Disabled`. */
  readonly disablingLagMs: number;
  /** From the request to `Enabled`. */
  readonly enablingLagMs: number;
  /** Any other change, and a deletion. */
  readonly updatingLagMs: number;
  /** From `Disabled` to the moment at which the pollers really stop. */
  readonly pollStopLagMs: number;
}

/** Who caused it. */
export type Actor = 'start' | 'request' | 'external' | 'lambda';

export interface Transition {
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: Actor;
}

/** A state that a mapping will be in. */
export interface Step {
  readonly state: string;
  readonly at: number;
}

/** Belief: these five are transitions; in them every write is refused. Source: API model. */
const IN_TRANSITION: readonly string[] = ['Creating', 'Enabling', 'Disabling', 'Updating', 'Deleting'];

export function isTransitional(state: string): boolean {
  return IN_TRANSITION.includes(state);
}

/** Where a transitional state leads and when; undefined for a final one. Source: AWS documentation and recorded runs. */
export function stepAfter(entered: Step, before: string, lags: Lags): Step | undefined {
  const { state, at } = entered;
  switch (state) {
    case 'Creating':
    case 'Enabling':
      return { state: 'Enabled', at: at + lags.enablingLagMs };
    case 'Disabling':
      return { state: 'Disabled', at: at + lags.disablingLagMs };
    case 'Updating':
      return { state: before === '' ? 'Enabled' : before, at: at + lags.updatingLagMs };
    case 'Deleting':
      return { state: 'gone', at: at + lags.updatingLagMs };
    default:
      return undefined;
  }
}
