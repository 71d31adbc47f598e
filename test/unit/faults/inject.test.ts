import { describe, expect, test } from '@jest/globals';
import { inject, recheck } from '../../../src/faults/lambda-toggle-event-mapping-state/inject.ts';
import { AbortedError, ChaosError, FencedError } from '../../../src/runtime/errors.ts';
import { awsError, control, mapping, rejection, world, type World } from './pieces.ts';

const IDS = ['a', 'b', 'c'];
const go = (there: World, ids: readonly string[] = IDS, change: object = {}): Promise<void> =>
  there.clock.run(inject(ids, { ...control(there.clock), ...change }, there.context));
const sent = ({ context }: World): string[] => [...context.sent.keys()];

describe('disabling', () => {
  test('sends one write a mapping on the forward lane, each after its own permit', async () => {
    const there = world({ ids: IDS });
    let permits = 0;
    await go(there, IDS, { permit: () => Promise.resolve(void (permits += 1)) });
    expect(there.calls).toEqual(['disable a', 'disable b', 'disable c']);
    expect(permits).toBe(3);
    expect([...there.lanes]).toEqual(['forward']);
    expect(sent(there)).toEqual(IDS);
  });

  test('sends the first alone and nothing else before its answer', async () => {
    const there: World = world({
      ids: IDS,
      script: {
        set: async (id) => {
          if (id === 'a') await there.clock.sleep(5_000);
          else expect(there.clock.monotonicMs()).toBe(5_000);
        },
      },
    });
    await go(there);
    expect(there.calls).toHaveLength(3);
  });

  test('sends nothing more when the first is refused', async () => {
    const there = world({
      ids: IDS,
      script: {
        set: () => {
          throw awsError('denied');
        },
      },
    });
    const error = await rejection(go(there));
    expect(error).toBeInstanceOf(ChaosError);
    expect(error).toMatchObject({
      code: 'CHAOS_INJECT_ERROR',
      phase: 'ChaosInject',
      target: '{Event Source Mapping: a, Region: eu-west-1}',
      message: 'Could not disable a: the call is denied',
    });
    expect(there.calls).toEqual(['disable a']);
    expect(sent(there)).toEqual([]);
  });

  test.each(['denied', 'role-not-ready', 'not-found', 'invalid'] as const)(
    'is not tried again when it is %s',
    async (kind) => {
      const there = world({
        ids: ['a'],
        script: {
          set: () => {
            throw awsError(kind);
          },
        },
      });
      await rejection(go(there, ['a']));
      expect(there.calls).toEqual(['disable a']);
    },
  );

  test('leaves those unsent that wait for their turn when another fails, for nobody may enable them', async () => {
    const there: World = world({
      ids: IDS,
      script: {
        // The third waits for the budget until the second has failed for good.
        turn: (id, { waitSignal }) =>
          id === 'c' ? there.clock.sleep(60_000, waitSignal) : Promise.resolve(),
        set: (id) => {
          if (id === 'b') throw awsError('denied', { mayHaveHappened: true });
        },
      },
    });
    expect(await rejection(go(there))).toMatchObject({ message: 'Could not disable b: the call is denied' });
    expect(there.calls).toEqual(['disable a', 'disable b']);
    expect(sent(there)).toEqual(['a', 'b']);
    expect(there.clock.monotonicMs()).toBe(0);
  });

  test.each<[string, ChaosError]>([
    ['the run is ending', new AbortedError('SIGTERM received')],
    ['another process owns the run', new FencedError('attempt-2')],
  ])('sends nothing, and counts nothing as sent, when %s', async (_what, refusal) => {
    const there = world({ ids: IDS });
    expect(await rejection(go(there, IDS, { permit: () => Promise.reject(refusal) }))).toBe(refusal);
    expect(there.calls).toEqual([]);
    expect(sent(there)).toEqual([]);
  });

  test('keeps a write that was sent before the permit for the next try was refused', async () => {
    const there = world({
      ids: ['a'],
      script: {
        set: () => {
          throw awsError('unavailable');
        },
      },
    });
    let permits = 0;
    const permit = (): Promise<void> =>
      (permits += 1) === 1 ? Promise.resolve() : Promise.reject(new AbortedError('stop'));
    await rejection(go(there, ['a'], { permit }));
    expect(sent(there)).toEqual(['a']);
    expect(there.context.sent.get('a')?.lateUntilMs).toBe(10_000);
  });

  test('ends with the reason of the run when that ends between two tries', async () => {
    const stop = new AbortController();
    const reason = new AbortedError('SIGTERM received');
    const there = world({
      ids: IDS,
      script: {
        set: () => {
          throw awsError('throttled');
        },
      },
    });
    there.clock.sleep(1_000).then(
      () => stop.abort(reason),
      () => undefined,
    );
    expect(await rejection(go(there, IDS, { signal: stop.signal }))).toBe(reason);
    expect(there.calls).not.toContain('disable b');
  });
});

describe('disabling again after a failure', () => {
  const failingOnce = (
    kind: 'busy' | 'throttled' | 'unavailable' | 'credentials',
    arrives = false,
  ): World => {
    const there: World = world({
      ids: ['a'],
      script: {
        set: (id, _enabled, nth) => {
          if (nth > 1) return;
          if (arrives) there.states.set(id, mapping(id, 'Disabling'));
          throw awsError(kind);
        },
      },
    });
    return there;
  };

  test.each(['busy', 'throttled', 'unavailable', 'credentials'] as const)(
    'looks first and then sends once more when the call was %s',
    async (kind) => {
      const there = failingOnce(kind);
      await go(there, ['a']);
      expect(there.calls).toEqual(['disable a', 'get a', 'disable a']);
    },
  );

  test('is not sent a second time when the first has arrived all the same', async () => {
    const there = failingOnce('unavailable', true);
    await go(there, ['a']);
    expect(there.calls).toEqual(['disable a', 'get a']);
  });

  test('is given up when somebody has deleted the mapping', async () => {
    const there: World = world({
      ids: ['a'],
      script: {
        set: () => {
          there.states.delete('a');
          throw awsError('unavailable');
        },
      },
    });
    expect(await rejection(go(there, ['a']))).toMatchObject({ message: 'a was deleted by somebody else.' });
  });

  test('waits as long as Lambda asks for', async () => {
    const there = world({
      ids: ['a'],
      script: {
        set: (_id, _enabled, nth) => {
          if (nth === 1) throw awsError('throttled', { retryAfterMs: 7_000 });
        },
      },
    });
    await go(there, ['a']);
    expect(there.clock.monotonicMs()).toBe(7_000);
  });

  test('goes on for credentials three times and no more', async () => {
    const there = world({
      ids: ['a'],
      script: {
        set: () => {
          throw awsError('credentials');
        },
      },
    });
    await rejection(go(there, ['a']));
    expect(there.calls.filter((call) => call === 'disable a')).toHaveLength(3);
  });

  test('ends at its deadline', async () => {
    const there = world({
      ids: ['a'],
      script: {
        set: () => {
          throw awsError('busy');
        },
      },
    });
    await rejection(go(there, ['a'], control(there.clock, 30_000)));
    expect(there.clock.monotonicMs()).toBe(30_000);
  });

  test.each<[string, boolean, number | undefined]>([
    ['may have arrived', true, 10_000],
    ['was refused by AWS', false, undefined],
  ])(
    'knows how long a write that %s may still be on its way',
    async (_what, mayHaveHappened, lateUntilMs) => {
      const there = world({
        ids: ['a'],
        script: {
          set: () => {
            throw awsError('invalid', { mayHaveHappened });
          },
        },
      });
      await rejection(go(there, ['a']));
      expect(there.context.sent.get('a')?.lateUntilMs).toBe(lateUntilMs);
    },
  );

  test('remembers the late write when a later try is answered', async () => {
    const there = failingOnce('unavailable');
    await go(there, ['a']);
    expect(there.context.sent.get('a')?.lateUntilMs).toBe(10_000);
  });

  test('lets a revert wait for the answer that is under way', async () => {
    const answer = Promise.withResolvers<undefined>();
    const there = world({ ids: ['a'], script: { set: () => answer.promise } });
    const going = go(there, ['a']);
    await new Promise((resolve) => setImmediate(resolve));
    let answered = false;
    const waiting = there.context.sent.get('a')?.answered.then(() => {
      answered = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    answer.resolve(undefined);
    await Promise.all([going, waiting]);
    expect(answered).toBe(true);
  });
});

describe('the look before the intent', () => {
  const look = (there: World): Promise<void> =>
    there.clock.run(recheck(['a', 'b'], control(there.clock), there.context));

  test('is at each mapping, however lately it was seen', async () => {
    const there = world();
    await look(there);
    await look(there);
    expect(there.calls).toEqual(['get a', 'get b', 'get a', 'get b']);
  });

  test.each(['Disabled', 'Disabling', 'Enabling', 'Updating', 'Deleting', 'Paused'])(
    'refuses a mapping that somebody has made %s, so that it never enters the journal',
    async (state) => {
      const there = world();
      there.states.set('b', mapping('b', state));
      expect(await rejection(look(there))).toMatchObject({
        code: 'TARGET_SELECTION_ERROR',
        message: `b was Enabled and is ${state} now, by somebody else; it is left alone.`,
      });
    },
  );

  test('refuses a mapping that somebody has deleted', async () => {
    const there = world();
    there.states.delete('a');
    expect(await rejection(look(there))).toMatchObject({
      message: expect.stringContaining('is deleted now'),
    });
  });

  test('keeps what it saw, to tell a later change from it', async () => {
    const there = world();
    there.states.set('a', mapping('a', 'Enabled', { lastModifiedMs: 5 }));
    await look(there);
    expect(there.context.baseline.get('a')?.lastModifiedMs).toBe(5);
  });
});
