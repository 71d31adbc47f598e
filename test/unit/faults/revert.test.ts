import { describe, expect, test } from '@jest/globals';
import type { MappingInfo } from '../../../src/aws/gateway.ts';
import { revertAll } from '../../../src/faults/lambda-toggle-event-mapping-state/revert.ts';
import { Deadline } from '../../../src/runtime/deadline.ts';
import type { RevertResult, RevertTarget } from '../../../src/runtime/fault.ts';
import { awsError, mapping, messagesOf, world, type Script, type World } from './pieces.ts';

const inherited = (id: string, lateWriteMs = 0): RevertTarget => ({ id, inherited: true, lateWriteMs });

async function revert(there: World, targets: readonly RevertTarget[], ms = 600_000) {
  const settled: [string, number][] = [];
  const results = await there.clock.run(
    revertAll(
      targets,
      {
        deadline: new Deadline(there.clock, ms),
        settled: ({ id }: RevertResult) => void settled.push([id, there.clock.monotonicMs()]),
      },
      there.context,
    ),
  );
  return { results, settled, result: results[0] };
}

/** A mapping that goes through `states` look by look; the last one stays. */
const through = (states: (string | MappingInfo)[], script: Script = {}): World =>
  world({
    ids: ['a'],
    script: {
      get: (id, nth) => {
        const seen = states[Math.min(nth, states.length) - 1] ?? 'gone';
        if (seen === 'gone') throw awsError('not-found');
        return typeof seen === 'string' ? mapping(id, seen) : seen;
      },
      ...script,
    },
  });
const writes = ({ calls }: World): string[] => calls.filter((call) => !call.startsWith('get '));

describe('bringing a mapping back', () => {
  test('looks, enables what is Disabled, and waits for Enabled, all on the revert lane', async () => {
    const there = through(['Disabled', 'Enabling', 'Enabled']);
    const { result } = await revert(there, [inherited('a')]);
    expect(there.calls).toEqual(['get a', 'enable a', 'get a', 'get a']);
    expect(result).toEqual({
      id: 'a',
      status: 'reverted',
      detail: 'enabled again and seen Enabled',
      sentAtMs: 0,
    });
    expect([...there.lanes]).toEqual(['revert']);
    expect(there.events.filter(({ type }) => type === 'revert-sent')).toHaveLength(1);
  });

  test('writes nothing to one that is Enabled', async () => {
    const there = through(['Enabled']);
    const { result } = await revert(there, [inherited('a')]);
    expect(there.calls).toEqual(['get a']);
    expect(result).toEqual({
      id: 'a',
      status: 'already-enabled',
      detail: 'was Enabled when it was looked at',
    });
  });

  test.each(['Enabling', 'Creating', 'Updating'])(
    'waits for one that is %s and writes nothing',
    async (state) => {
      const there = through([state, state, 'Enabled']);
      expect((await revert(there, [inherited('a')])).result?.status).toBe('already-enabled');
      expect(writes(there)).toEqual([]);
    },
  );

  test('asks once while it is Disabling, then again when it is Disabled', async () => {
    const there = through(['Disabling', 'Disabling', 'Disabling', 'Disabled', 'Enabled'], {
      set: (_id, _enabled, nth) => {
        if (nth === 1) throw awsError('busy');
      },
    });
    const { result } = await revert(there, [inherited('a')]);
    expect(there.calls).toEqual(['get a', 'enable a', 'get a', 'get a', 'get a', 'enable a', 'get a']);
    expect(result?.status).toBe('reverted');
  });

  test.each(['Disabled', 'Disabling', 'Paused', 'Failed'])(
    'enables whatever is off or strange: %s',
    async (state) => {
      const there = through([state, 'Enabled']);
      expect((await revert(there, [inherited('a')])).result?.status).toBe('reverted');
      expect(writes(there)).toEqual(['enable a']);
    },
  );

  test.each(['gone', 'Deleting'])('leaves one that is %s', async (state) => {
    const there = through([state]);
    expect((await revert(there, [inherited('a')])).result).toMatchObject({
      status: 'gone',
      detail: 'no longer exists',
    });
    expect(writes(there)).toEqual([]);
  });

  test('believes only a Get that a mapping is gone: an enable is also not found without its function', async () => {
    const there = through(['Disabled'], {
      set: () => {
        throw awsError('not-found');
      },
    });
    expect((await revert(there, [inherited('a')])).result?.status).toBe('failed');
  });

  test.each([
    'denied',
    'credentials',
    'role-not-ready',
    'throttled',
    'unavailable',
    'busy',
    'invalid',
  ] as const)('keeps trying when the enable is %s, for that may pass', async (kind) => {
    const there = through(['Disabled', 'Disabled', 'Disabled', 'Enabled'], {
      set: (_id, _enabled, nth) => {
        if (nth < 3) throw awsError(kind);
      },
    });
    expect((await revert(there, [inherited('a')])).result?.status).toBe('reverted');
    expect(writes(there)).toEqual(['enable a', 'enable a', 'enable a']);
  });

  test.each([
    ['as long as Lambda asks for', 7_000, 7_000],
    ['no longer than half a minute, whatever a proxy asks for', 3_600_000, 30_000],
  ])('waits %s', async (_what, retryAfterMs, sentAtMs) => {
    const there = through(['Disabled', 'Disabled', 'Enabled'], {
      set: (_id, _enabled, nth) => {
        if (nth === 1) throw awsError('throttled', { retryAfterMs });
      },
    });
    expect((await revert(there, [inherited('a')])).result?.sentAtMs).toBe(sentAtMs);
  });

  test('tells of an edit in the window that the watch has not seen', async () => {
    const there = through([mapping('a', 'Disabled', { lastModifiedMs: 6 }), 'Enabled']);
    there.context.baseline.set('a', mapping('a', 'Disabled', { lastModifiedMs: 5 }));
    await revert(there, [inherited('a')]);
    expect(messagesOf(there.events, 'external-change')).toEqual([
      'a was changed by somebody else and is still Disabled',
    ]);
  });

  test('takes no disable of its own for an edit', async () => {
    const there = through([mapping('a', 'Disabled', { lastModifiedMs: 6 }), 'Enabled']);
    there.context.baseline.set('a', mapping('a', 'Enabled', { lastModifiedMs: 5 }));
    await revert(there, [inherited('a')]);
    expect(messagesOf(there.events, 'external-change')).toEqual([]);
  });

  test('keeps trying when it can not even look', async () => {
    const there = through(['Disabled', 'Enabled'], {
      get: (id, nth) => {
        if (nth < 4) throw awsError('unavailable');
        return mapping(id, nth === 4 ? 'Disabled' : 'Enabled');
      },
    });
    expect((await revert(there, [inherited('a')])).result?.status).toBe('reverted');
  });

  test('fails at its deadline, with a last try there and with what stands in the way', async () => {
    const there = through(['Disabled'], {
      set: () => {
        throw awsError('denied');
      },
    });
    const { result } = await revert(there, [inherited('a')], 60_000);
    expect(result).toEqual({
      id: 'a',
      status: 'failed',
      detail: 'the call is denied',
      sentAtMs: expect.any(Number),
    });
    expect(there.clock.monotonicMs()).toBeGreaterThanOrEqual(60_000);
    expect(there.clock.monotonicMs()).toBeLessThan(60_100);
    expect(there.calls.length).toBeLessThan(50);
  });

  test.each([
    [['Enabling'], 'is Enabling'],
    [['Disabled'], 'was asked to be enabled and is not Enabled yet'],
  ])('says why it failed on %j', async (states, detail) => {
    expect((await revert(through(states), [inherited('a')], 5_000)).result).toMatchObject({
      status: 'failed',
      detail,
    });
  });

  test.each([
    'ESM_CONFIG_NOT_VALID',
    'EVENT_SOURCE_AUTHN_ERROR',
    'EVENT_SOURCE_AUTHZ_ERROR',
    'FUNCTION_CONFIG_NOT_VALID',
  ])('warns when an Enabled mapping gives %s', async (stateTransitionReason) => {
    const there = through(['Disabled', mapping('a', 'Enabled', { stateTransitionReason })]);
    await revert(there, [inherited('a')]);
    expect(messagesOf(there.events, 'warning')).toEqual([
      `a is Enabled, but Lambda gives the reason ${stateTransitionReason}: check that it really polls.`,
    ]);
  });

  test.each(['USER_INITIATED', 'User action', undefined])(
    'does not warn of the reason %s',
    async (reason) => {
      const seen = mapping('a', 'Enabled', reason === undefined ? {} : { stateTransitionReason: reason });
      const there = through([seen]);
      await revert(there, [inherited('a')]);
      expect(messagesOf(there.events, 'warning')).toEqual([]);
    },
  );
});

describe('a disable without an answer', () => {
  test('is waited for: an Enabled mapping counts as back only when none can arrive any more', async () => {
    const there = through(['Enabled']);
    const { result } = await revert(there, [inherited('a', 18_000)]);
    expect(there.clock.monotonicMs()).toBe(18_000);
    expect(result?.status).toBe('already-enabled');
    expect(there.calls.length).toBeGreaterThan(15);
  });

  test('is undone when it does arrive', async () => {
    const there = world({ ids: ['a'] });
    there.clock.sleep(7_500).then(
      () => there.states.set('a', mapping('a', 'Disabled')),
      () => undefined,
    );
    const { result } = await revert(there, [inherited('a', 10_000)]);
    expect(writes(there)).toEqual(['enable a']);
    expect(result?.status).toBe('reverted');
    expect(result?.sentAtMs).toBeLessThan(9_000);
  });

  test('of this very process is known by itself', async () => {
    const there = through(['Enabled']);
    there.context.sent.set('a', { answered: Promise.resolve(), lateUntilMs: 6_000 });
    await revert(there, [{ id: 'a', inherited: false, lateWriteMs: 0 }]);
    expect(there.clock.monotonicMs()).toBe(6_000);
    expect(there.context.sent.size).toBe(0);
  });

  test('has its answer before the enable goes out', async () => {
    const there = through(['Disabled', 'Enabled']);
    const answered = there.clock.sleep(4_000);
    there.context.sent.set('a', { answered, lateUntilMs: 0 });
    const { result } = await revert(there, [{ id: 'a', inherited: false, lateWriteMs: 0 }]);
    expect(result?.sentAtMs).toBe(4_000);
  });
});

describe('reverting many', () => {
  test('touches nothing that this process has not written to', async () => {
    const there = through(['Disabled']);
    const { result } = await revert(there, [{ id: 'a', inherited: false, lateWriteMs: 0 }]);
    expect(there.calls).toEqual([]);
    expect(result).toEqual({ id: 'a', status: 'already-enabled', detail: 'was never disabled' });
  });

  test('is not delayed by one that is stuck, and tells of each as soon as it is back', async () => {
    const there: World = world({
      ids: ['stuck', 'b', 'c'],
      script: {
        set: (id) => {
          if (id === 'stuck') throw awsError('denied');
        },
      },
    });
    for (const id of ['stuck', 'b', 'c']) there.states.set(id, mapping(id, 'Disabled'));
    const { results, settled } = await revert(
      there,
      ['stuck', 'b', 'c'].map((id) => inherited(id)),
      30_000,
    );
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ['stuck', 'failed'],
      ['b', 'reverted'],
      ['c', 'reverted'],
    ]);
    expect(settled.map(([id]) => id)).toEqual(['b', 'c', 'stuck']);
    expect(settled[1]?.[1]).toBeLessThan(1_000);
  });

  test('sends every enable before it waits for any', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const there = world({ ids });
    for (const id of ids) there.states.set(id, mapping(id, 'Disabled'));
    const { results } = await revert(
      there,
      ids.map((id) => inherited(id)),
    );
    expect(results.map(({ sentAtMs }) => sentAtMs)).toEqual([0, 0, 0, 0]);
  });

  test('survives a bug on the way of one', async () => {
    const there = world({ ids: ['a', 'b'] });
    there.states.set('b', mapping('b', 'Disabled'));
    there.context.sent.set('a', { answered: Promise.reject(new Error('a bug')), lateUntilMs: 0 });
    const { results } = await revert(there, [inherited('a'), inherited('b')]);
    expect(results.map(({ status }) => status)).toEqual(['failed', 'reverted']);
    expect(results[0]?.detail).toBe('a bug');
  });

  test('keeps what could not be brought back for the next attempt', async () => {
    const there = through(['Disabled'], {
      set: () => {
        throw awsError('denied');
      },
    });
    there.context.sent.set('a', { answered: Promise.resolve(), lateUntilMs: 0 });
    await revert(there, [{ id: 'a', inherited: false, lateWriteMs: 0 }], 5_000);
    expect([...there.context.sent.keys()]).toEqual(['a']);
  });
});
