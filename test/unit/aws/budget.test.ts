import { describe, expect, test } from '@jest/globals';
import { RequestBudget } from '../../../src/aws/budget.ts';
import type { Lane } from '../../../src/aws/gateway.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';

const OPERATION = 'UpdateEventSourceMapping';

/** Starts `count` calls and notes at which millisecond each was let go. */
function start(budget: RequestBudget, clock: VirtualClock, { lane, count }: { lane: Lane; count: number }) {
  const sentAt: number[] = [];
  const all = Promise.all(
    Array.from({ length: count }, () =>
      budget.take(OPERATION, { lane }).then(() => sentAt.push(clock.monotonicMs())),
    ),
  );
  return { sentAt, all };
}

const pass = (clock: VirtualClock, ms: number): Promise<void> => clock.run(clock.sleep(ms));

/** The most calls in any second that begins with a call. */
const peakPerSecond = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));

describe('the request budget', () => {
  test('lets forward calls go at five a second after a small burst', async () => {
    const clock = new VirtualClock();
    const { sentAt } = start(new RequestBudget(clock), clock, { lane: 'forward', count: 23 });
    await pass(clock, 4001);
    expect(sentAt).toHaveLength(23);
    expect(sentAt.slice(0, 4)).toEqual([0, 0, 0, 200]);
    expect(sentAt.at(-1)).toBe(4_000);
  });

  test('lets twelve reverts go at once and fifty within three seconds, just below the rate of the account', async () => {
    const clock = new VirtualClock();
    const { sentAt } = start(new RequestBudget(clock), clock, { lane: 'revert', count: 50 });
    await pass(clock, 3001);
    expect(sentAt.filter((at) => at === 0)).toHaveLength(12);
    expect(sentAt).toHaveLength(50);
    expect(peakPerSecond(sentAt.filter((at) => at > 0))).toBeLessThanOrEqual(14);
  });

  test('never makes a revert wait behind forward calls', async () => {
    const clock = new VirtualClock();
    const budget = new RequestBudget(clock);
    const forward = start(budget, clock, { lane: 'forward', count: 100 });
    await pass(clock, 501);
    const since = clock.monotonicMs();
    const revert = start(budget, clock, { lane: 'revert', count: 12 });
    await pass(clock, 0);
    expect(revert.sentAt).toEqual(Array.from({ length: 12 }, () => since));
    expect(forward.sentAt.length).toBeLessThan(10);
  });

  test('holds forward calls back while a revert waits', async () => {
    const clock = new VirtualClock();
    const budget = new RequestBudget(clock);
    const revert = start(budget, clock, { lane: 'revert', count: 45 });
    const forward = start(budget, clock, { lane: 'forward', count: 1 });
    await pass(clock, 5001);
    expect(forward.sentAt[0]).toBeGreaterThanOrEqual(revert.sentAt.at(-1) ?? Infinity);
  });

  test('keeps GetFunction out of the account’s fifteen', async () => {
    const clock = new VirtualClock();
    const budget = new RequestBudget(clock);
    start(budget, clock, { lane: 'forward', count: 50 });
    await pass(clock, 0);
    await budget.take('GetFunction', { lane: 'forward' });
    expect(clock.monotonicMs()).toBe(0);
  });

  test('gives up waiting with the reason of the signal and passes the place on', async () => {
    const clock = new VirtualClock();
    const budget = new RequestBudget(clock);
    start(budget, clock, { lane: 'forward', count: 3 });
    const abort = new AbortController();
    const aborted = budget.take(OPERATION, { lane: 'forward', signal: abort.signal });
    const next = start(budget, clock, { lane: 'forward', count: 1 });
    await pass(clock, 101);
    abort.abort(new Error('engine stopped'));
    await expect(aborted).rejects.toThrow('engine stopped');
    await pass(clock, 301);
    expect(next.sentAt).toEqual([400]);
  });

  test('takes no place for a signal that has aborted already', async () => {
    const clock = new VirtualClock();
    const budget = new RequestBudget(clock);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(budget.take(OPERATION, { lane: 'forward', signal })).rejects.toThrow('too late');
    const { sentAt } = start(budget, clock, { lane: 'forward', count: 3 });
    await pass(clock, 0);
    expect(sentAt).toEqual([0, 0, 0]);
  });
});
