import type { Environment } from '../runtime/environment.ts';

/** What Kubernetes gives a pod that asks for nothing; chaos-runner passes 0 where the engine sets nothing. */
const DEFAULT_GRACE_SECONDS = 30;
/** The verdict and the last events, after the revert. */
const LAST_WORDS_SECONDS = 60;

/**
 * A warning where a pod that is stopped has less time than a revert may take; undefined where it has enough, or
 * where nothing is known. A mapping that is still Disabling can't be enabled until that transition is over.
 */
export function graceWarning(env: Environment, revertTimeoutSeconds: number): string | undefined {
  const given = env.TERMINATION_GRACE_PERIOD_SECONDS?.trim() ?? '';
  if (!/^\d+$/.test(given)) return undefined;
  const grace = Number(given) || DEFAULT_GRACE_SECONDS;
  if (grace >= revertTimeoutSeconds) return undefined;
  const enough = revertTimeoutSeconds + LAST_WORDS_SECONDS;
  return `A stop of the engine gives this pod ${grace} s, and a revert may take up to ${revertTimeoutSeconds} s. Set terminationGracePeriodSeconds: ${enough} in the ChaosEngine; a pod that is done sooner ends sooner.`;
}
