import type { Clock } from '../runtime/clock.ts';

export interface Bound {
  readonly what: string;
  readonly ms: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Ends a wait that the SDK would not end: its own time-outs leave out the credential lookup and a body that stalls.
 * @throws the signal's reason, or a TimeoutError (code ETIMEDOUT) after `ms`
 */
export async function bounded<T>(work: (signal: AbortSignal) => Promise<T>, bound: Bound): Promise<T> {
  bound.signal?.throwIfAborted();
  const finished = new AbortController();
  const signal =
    bound.signal === undefined ? finished.signal : AbortSignal.any([finished.signal, bound.signal]);
  try {
    return await Promise.race([work(signal), expire(bound, signal)]);
  } catch (error) {
    bound.signal?.throwIfAborted();
    throw error;
  } finally {
    // Safety: a request whose caller has given up must not be sent later, when its credentials at last arrive.
    finished.abort();
  }
}

async function expire({ clock, ms, what }: Bound, signal: AbortSignal): Promise<never> {
  await clock.sleep(ms, signal);
  const error = new Error(`${what} did not end within ${ms} ms`);
  throw Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
}
