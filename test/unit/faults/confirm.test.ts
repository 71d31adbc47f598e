import { describe, expect, test } from '@jest/globals';
import { confirmDisabled } from '../../../src/faults/lambda-toggle-event-mapping-state/confirm.ts';
import { observe } from '../../../src/faults/lambda-toggle-event-mapping-state/observe.ts';
import type { Observation } from '../../../src/runtime/fault.ts';
import { AbortedError } from '../../../src/runtime/errors.ts';
import { awsError, control, mapping, rejection, world, type World } from './pieces.ts';

/** A world whose mappings go through `states`, look by look; the last one stays. */
const through = (states: Record<string, string[]>): World =>
  world({
    ids: Object.keys(states),
    script: {
      get: (id, nth) => {
        const state = states[id]?.[Math.min(nth, states[id].length) - 1];
        if (state === undefined || state === 'gone') throw awsError('not-found');
        return mapping(id, state);
      },
    },
  });

async function confirm(there: World, ms = 180_000, signal = new AbortController().signal) {
  const confirmed: [string, boolean][] = [];
  const ids = there.context.config.ids;
  const given = {
    ...control(there.clock, ms, signal),
    confirmed: (id: string, certain: boolean) => void confirmed.push([id, certain]),
  };
  const error = await there.clock.run(
    confirmDisabled(ids, given, there.context).then(
      () => undefined,
      (e: unknown) => e,
    ),
  );
  return { confirmed, error };
}

describe('confirming Disabled', () => {
  test('takes each at its own moment', async () => {
    const there = through({ slow: ['Disabling', 'Disabling', 'Disabling', 'Disabled'], quick: ['Disabled'] });
    const { confirmed, error } = await confirm(there);
    expect(error).toBeUndefined();
    expect(confirmed).toEqual([
      ['quick', true],
      ['slow', true],
    ]);
  });

  test('looks quickly at first and then no more often than asked', async () => {
    const there = through({ a: [...Array.from({ length: 9 }, () => 'Disabling'), 'Disabled'] });
    await confirm(there);
    // 200 × 1.6ⁿ, at most the 2 s of STATUS_CHECK_DELAY.
    expect(there.clock.monotonicMs()).toBeCloseTo(200 + 320 + 512 + 819.2 + 1_310.72 + 4 * 2_000, 0);
  });

  test('may still see Enabled right after the write, for reads lag behind', async () => {
    const { error, confirmed } = await confirm(through({ a: ['Enabled', 'Disabling', 'Disabled'] }));
    expect([error, confirmed.length]).toEqual([undefined, 1]);
  });

  test.each(['Enabled', 'Enabling'])('ends the run when somebody makes it %s again before', async (state) => {
    const { error } = await confirm(through({ a: ['Disabling', state] }));
    expect(error).toMatchObject({
      code: 'CHAOS_INJECT_ERROR',
      message: `a was ${state} again before it was confirmed Disabled, by somebody else.`,
      target: '{Event Source Mapping: a, Region: eu-west-1}',
    });
  });

  test('ends the run when somebody deletes one', async () => {
    const { error } = await confirm(through({ a: ['Disabling', 'gone'] }));
    expect(error).toMatchObject({ message: 'a was deleted by somebody else.' });
  });

  test('names the tunable when one is too slow, with a last look at the deadline', async () => {
    const there = through({ a: ['Disabling'] });
    const { error, confirmed } = await confirm(there, 10_000);
    expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'ChaosInject' });
    expect((error as Error).message).toMatch(/^a is still Disabling after 180 s; .*STATUS_CHECK_TIMEOUT/);
    expect(there.clock.monotonicMs()).toBeGreaterThanOrEqual(10_000);
    expect(there.clock.monotonicMs()).toBeLessThan(10_100);
    expect(confirmed).toEqual([]);
  });

  test('does not wait for the others when one has failed', async () => {
    const there = through({ slow: ['Disabling'], lost: ['Disabling', 'gone'] });
    const { error } = await confirm(there);
    expect(error).toMatchObject({ message: 'lost was deleted by somebody else.' });
    expect(there.clock.monotonicMs()).toBeLessThan(5_000);
  });

  test('is not certain while an earlier write without an answer may still arrive', async () => {
    const there = through({ late: ['Disabled'], old: ['Disabled'] });
    await there.clock.run(there.clock.sleep(20_000));
    there.context.sent.set('late', { answered: Promise.resolve(), lateUntilMs: 20_001 });
    there.context.sent.set('old', { answered: Promise.resolve(), lateUntilMs: 20_000 });
    expect((await confirm(there)).confirmed).toEqual([
      ['late', false],
      ['old', true],
    ]);
  });

  test('goes on over calls that fail, and ends with the reason of the run', async () => {
    const stop = new AbortController();
    const reason = new AbortedError('SIGTERM received');
    const there = world({
      ids: ['a'],
      script: {
        get: () => {
          throw awsError('unavailable');
        },
      },
    });
    there.clock.sleep(20_000).then(
      () => stop.abort(reason),
      () => undefined,
    );
    const { error } = await confirm(there, 180_000, stop.signal);
    expect(error).toBe(reason);
    expect(there.calls.length).toBeGreaterThan(4);
  });

  test('says what failed and for which mapping', async () => {
    const there = world({
      ids: ['a'],
      script: {
        get: () => {
          throw awsError('denied');
        },
      },
    });
    expect((await confirm(there)).error).toMatchObject({
      message: 'Could not confirm Disabled for a: the call is denied',
    });
  });
});

describe('a look in the hold', () => {
  const look = (there: World): Promise<Observation[]> =>
    there.clock.run(observe(there.context.config.ids, control(there.clock), there.context));

  test.each<[string, Observation['status'], string]>([
    ['Disabled', 'held', 'a is Disabled'],
    ['Disabling', 'held', 'a is Disabling'],
    ['Updating', 'held', 'a is Updating'],
    ['Paused', 'held', 'a is Paused'],
    ['Enabled', 'released', 'a was enabled by somebody else (Enabled)'],
    ['Enabling', 'released', 'a was enabled by somebody else (Enabling)'],
    ['Deleting', 'gone', 'a is being deleted by somebody else'],
    ['gone', 'gone', 'a was deleted by somebody else'],
  ])('takes %s for %s', async (state, status, message) => {
    expect(await look(through({ a: [state] }))).toEqual([{ id: 'a', status, message }]);
  });

  test('tells a change of what is still off, once a change', async () => {
    const there = world({ ids: ['a'] });
    const at = (lastModifiedMs: number): void =>
      void there.states.set('a', mapping('a', 'Disabled', { lastModifiedMs }));
    at(5);
    there.context.baseline.set('a', mapping('a', 'Disabled', { lastModifiedMs: 5 }));
    expect((await look(there))[0]?.status).toBe('held');
    at(6);
    expect(await look(there)).toEqual([
      { id: 'a', status: 'changed', message: 'a was changed by somebody else and is still Disabled' },
    ]);
    expect((await look(there))[0]?.status).toBe('held');
  });

  test('fails when Lambda can not be asked', async () => {
    const there = world({
      ids: ['a'],
      script: {
        get: () => {
          throw awsError('unavailable');
        },
      },
    });
    expect(await rejection(look(there))).toMatchObject({ kind: 'unavailable' });
  });
});
