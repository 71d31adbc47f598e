import { setTimeout as delay } from 'node:timers/promises';

/** Time as the runtime sees it, so that a test can run a week of chaos in a millisecond. */
export interface Clock {
  /** Milliseconds that never jump, for every wait, hold and deadline. */
  monotonicMs(): number;
  /** The wall clock, only for what a person or another process reads. */
  now(): Date;
  /**
   * Waits `ms` milliseconds.
   * @throws the signal's reason as soon as the signal aborts.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node fires a timer above 2^31-1 ms at once: a hold of 25 days would end immediately. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  now: () => new Date(),
  async sleep(ms, signal) {
    const end = performance.now() + ms;
    for (;;) {
      signal?.throwIfAborted();
      const left = end - performance.now();
      if (left <= 0) return;
      await nap(Math.min(left, LONGEST_TIMER_MS), signal);
    }
  },
};

async function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node rejects with its own AbortError; callers compare the reason that they gave.
    signal?.throwIfAborted();
    throw error;
  }
}
