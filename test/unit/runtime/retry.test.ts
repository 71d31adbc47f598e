import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { retryUntil, type RetryOptions } from '../../../src/runtime/retry.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { rejection, timeline, within } from './pieces.ts';

const FULL = 0;
const HALF = 0.999_999;

interface Trial {
  readonly clock: VirtualClock;
  readonly triedAt: number[];
  readonly done: Promise<string>;
  readonly waits: () => number[];
}

/** Tries something that fails `failures` times, and notes when. */
function tries(failures: number, change: Partial<RetryOptions> = {}, deadlineMs = 3_600_000): Trial {
  const clock = new VirtualClock();
  const triedAt: number[] = [];
  const { events, emit } = timeline();
  const operation = (attempt: number): Promise<string> => {
    triedAt.push(clock.monotonicMs());
    return attempt > failures ? Promise.resolve('done') : Promise.reject(new Error(`failure ${attempt}`));
  };
  const done = retryUntil(operation, {
    what: 'it',
    clock,
    emit,
    deadline: within(clock, deadlineMs),
    classify: () => ({}),
    ...change,
  });
  return {
    clock,
    triedAt,
    done: clock.run(done),
    waits: () => events.flatMap((event) => (event.type === 'retry' ? [event.waitMs] : [])),
  };
}

describe('retryUntil', () => {
  let luck: jest.SpiedFunction<typeof Math.random>;
  beforeEach(() => {
    luck = jest.spyOn(Math, 'random').mockReturnValue(FULL);
  });
  afterEach(() => {
    luck.mockRestore();
  });

  test('gives the answer of the first attempt that works', async () => {
    const { done, triedAt } = tries(2);
    expect(await done).toBe('done');
    expect(triedAt).toEqual([0, 200, 600]);
  });

  test('doubles the wait up to five seconds', async () => {
    const { done, waits } = tries(8);
    await done;
    expect(waits()).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  test('keeps to delays of its caller', async () => {
    const { done, waits } = tries(4, { firstDelayMs: 10, longestDelayMs: 30 });
    await done;
    expect(waits()).toEqual([10, 20, 30, 30]);
  });

  test('takes at most half of a wait off at random, so that pods do not come back in step', async () => {
    luck.mockReturnValue(HALF);
    const { done, waits } = tries(3);
    await done;
    expect(waits()).toEqual([100, 200, 400]);
  });

  test('waits as long as the server asks for, and never less', async () => {
    luck.mockReturnValue(HALF);
    const { done, waits } = tries(2, { classify: () => ({ afterMs: 7_000 }) });
    await done;
    expect(waits()).toEqual([7_000, 7_000]);
  });

  test('does not hurry because a server asks for less than the wait', async () => {
    const { done, waits } = tries(1, { classify: () => ({ afterMs: 1 }) });
    await done;
    expect(waits()).toEqual([200]);
  });

  test('gives up at once when the error is not worth repeating', async () => {
    const { done, triedAt } = tries(9, { classify: () => 'give-up' });
    await expect(done).rejects.toThrow('failure 1');
    expect(triedAt).toEqual([0]);
  });

  test('tries once more exactly at the deadline, and then throws the last error', async () => {
    const { done, triedAt } = tries(99, {}, 1_000);
    await expect(done).rejects.toThrow('failure 4');
    expect(triedAt).toEqual([0, 200, 600, 1_000]);
  });

  test('cuts what the server asks for at the deadline', async () => {
    const { done, triedAt } = tries(99, { classify: () => ({ afterMs: 60_000 }) }, 5_000);
    await expect(done).rejects.toThrow('failure 2');
    expect(triedAt).toEqual([0, 5_000]);
  });

  test('tries nothing for a signal that is over already', async () => {
    const { done, triedAt } = tries(0, { signal: AbortSignal.abort(new Error('over')) });
    await expect(done).rejects.toThrow('over');
    expect(triedAt).toEqual([]);
  });

  test('ends its wait with the reason of the signal', async () => {
    const stop = new AbortController();
    const { done, clock, triedAt } = tries(99, { signal: stop.signal });
    const reason = new Error('over');
    clock.sleep(300).then(
      () => stop.abort(reason),
      () => undefined,
    );
    expect(await rejection(done)).toBe(reason);
    expect(triedAt).toEqual([0, 200]);
  });

  test('says the reason and not the failure that the abort itself has caused', async () => {
    const stop = new AbortController();
    const reason = new Error('over');
    const clock = new VirtualClock();
    const classify = jest.fn<RetryOptions['classify']>(() => ({}));
    const done = retryUntil(
      () => {
        stop.abort(reason);
        return Promise.reject(new Error('socket closed'));
      },
      { what: 'it', clock, deadline: within(clock), classify, signal: stop.signal },
    );
    expect(await rejection(done)).toBe(reason);
    expect(classify).not.toHaveBeenCalled();
  });

  test('tells of each wait with what was tried and why', async () => {
    const { emit, events } = timeline();
    await tries(1, { emit }).done;
    expect(events).toEqual([{ type: 'retry', what: 'it', attempt: 1, waitMs: 200, error: 'failure 1' }]);
  });
});
