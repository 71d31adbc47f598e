import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { messageOf } from './errors.ts';
import type { Emit } from './events.ts';

/** What to do about a failed attempt: give up, or try again (not before `afterMs`, when the server said so). */
export type RetryAdvice = 'give-up' | { readonly afterMs?: number };

export interface RetryOptions {
  /** What is being tried, for the person who reads the log, e.g. `UpdateEventSourceMapping 14e0…`. */
  readonly what: string;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly classify: (error: unknown) => RetryAdvice;
  /** Ends the waiting between attempts. */
  readonly signal?: AbortSignal;
  readonly emit?: Emit;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
}

const FIRST_DELAY_MS = 200;
/** An outage of minutes must not be hammered, and its end must be noticed within seconds. */
const LONGEST_DELAY_MS = 5_000;

/**
 * Repeats `operation` until it succeeds, its error is not worth repeating, or the deadline passes.
 * Delays double from `firstDelayMs` to `longestDelayMs`, with up to half taken off at random, so that
 * many pods hit by one outage do not come back in step.
 * @throws the last error, or the signal's reason.
 */
export async function retryUntil<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      options.signal?.throwIfAborted();
      const waitMs = waitBefore(attempt, options.classify(error), options);
      if (waitMs === undefined) throw error;
      options.emit?.({
        type: 'retry',
        what: options.what,
        attempt,
        waitMs: Math.round(waitMs),
        error: messageOf(error),
      });
      await options.clock.sleep(waitMs, options.signal);
    }
  }
}

function waitBefore(attempt: number, advice: RetryAdvice, options: RetryOptions): number | undefined {
  if (advice === 'give-up' || options.deadline.passed) return undefined;
  const longest = options.longestDelayMs ?? LONGEST_DELAY_MS;
  const backoff = Math.min(
    longest,
    (options.firstDelayMs ?? FIRST_DELAY_MS) * 2 ** Math.min(attempt - 1, 20),
  );
  const wait = Math.max(backoff * (1 - Math.random() / 2), advice.afterMs ?? 0);
  // One more attempt exactly at the deadline beats giving up early while time is left.
  return Math.min(wait, options.deadline.remainingMs);
}
