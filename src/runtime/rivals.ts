import { whileActive } from './abort.ts';
import { ChaosError, type Problem } from './errors.ts';
import type { Surroundings } from './ports.ts';

export interface RivalDeps {
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
}

/** A problem for each of `ids` that the run of another engine may have switched off: it says whose it is. */
export async function heldByOthers(
  ids: readonly string[],
  { surroundings, signal }: RivalDeps,
): Promise<Problem[]> {
  const holders = await whileActive(surroundings.othersHolding(ids), signal);
  return holders.map(({ target, whose, finish }) => ({
    subject: target,
    message: `is in the hands of ${whose}. Two runs on one target would end each other's window: wait for that run or stop it; if nothing of it is alive, finish it: ${finish}`,
  }));
}

/** @throws ChaosError when another run has journaled one of `ids` too. */
export async function refuseRivals(ids: readonly string[], deps: RivalDeps): Promise<void> {
  const held = await heldByOthers(ids, deps);
  if (held.length === 0) return;
  const message = held.map(({ subject, message: why }) => `${subject} ${why}`).join('; ');
  throw new ChaosError(`Not disabled: ${message}`, {
    code: 'TARGET_SELECTION_ERROR',
    phase: 'ChaosInject',
    target: held.map(({ subject }) => subject).join(','),
  });
}
