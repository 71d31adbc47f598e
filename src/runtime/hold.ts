import { whileActive } from './abort.ts';
import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import type { Fault } from './fault.ts';

/** One Get a mapping every 15 s is far below the account's 15 requests a second, for 50 mappings too. */
const WATCH_EVERY_MS = 15_000;
/** A look that takes longer is worth less than the next one. */
const LOOK_TIMEOUT_MS = 10_000;

export interface HoldDeps {
  readonly fault: Fault;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Told of each target that is no longer ours to hold. */
  readonly lost: (id: string, kind: 'released' | 'gone', message: string) => void;
}

/** Ends a hold early because nothing is left to hold. */
class NothingHeld extends Error {}

/**
 * Holds `ids` until the monotonic clock reaches `endMs`, with a light watch beside it.
 * Ends early when every target was enabled or deleted by somebody: that is reported, never fought.
 * @throws AbortedError when the run is asked to end.
 */
export async function hold(ids: readonly string[], endMs: number, deps: HoldDeps): Promise<void> {
  const end = new AbortController();
  const signal = AbortSignal.any([deps.signal, end.signal]);
  const watching = watch(new Set(ids), end, { ...deps, signal });
  try {
    await deps.clock.sleep(endMs - deps.clock.monotonicMs(), signal);
  } catch (error) {
    if (!(error instanceof NothingHeld)) throw error;
  } finally {
    end.abort(new NothingHeld());
    await watching;
  }
}

async function watch(held: Set<string>, end: AbortController, deps: HoldDeps): Promise<void> {
  try {
    // The signal ends the loop: the hold is over, or this very watch has ended it.
    while (!deps.signal.aborted) {
      await deps.clock.sleep(WATCH_EVERY_MS, deps.signal);
      await look(held, deps);
      if (held.size === 0) end.abort(new NothingHeld());
    }
  } catch (error) {
    // Safety: a bug in the watch must not end the hold by itself; the hold has its own end and its own revert.
    if (!deps.signal.aborted)
      deps.emit({ type: 'warning', message: `The watch in the hold ended: ${messageOf(error)}` });
  }
}

async function look(held: Set<string>, deps: HoldDeps): Promise<void> {
  const { fault, clock, emit, signal } = deps;
  try {
    const deadline = new Deadline(clock, LOOK_TIMEOUT_MS);
    for (const seen of await whileActive(fault.observe([...held], { signal, deadline }), signal)) {
      if (seen.status === 'held') continue;
      emit({
        type: 'external-change',
        target: seen.id,
        at: clock.now().toISOString(),
        message: seen.message,
      });
      if (seen.status === 'changed') continue;
      held.delete(seen.id);
      deps.lost(seen.id, seen.status, seen.message);
    }
  } catch (error) {
    signal.throwIfAborted();
    emit({
      type: 'note',
      message: `The ${fault.noun}s could not be looked at in the hold, which goes on: ${messageOf(error)}`,
    });
  }
}
