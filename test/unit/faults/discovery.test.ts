import { describe, expect, test } from '@jest/globals';
import { look } from '../../../src/faults/lambda-toggle-event-mapping-state/discovery.ts';
import { describePlan } from '../../../src/faults/lambda-toggle-event-mapping-state/plan.ts';
import { AbortedError } from '../../../src/runtime/errors.ts';
import { awsError, CALLER, control, FUNCTION_ARN, mapping, rejection, world, type World } from './pieces.ts';

const discover = async (there: World, ms?: number) => {
  const found = await there.clock.run(look(control(there.clock, ms), there.context));
  return { ...found, problemTexts: found.problems.map(({ subject, message }) => `${subject}: ${message}`) };
};

describe('the checks', () => {
  test('find the caller, the function and each mapping, and write nothing', async () => {
    const there = world();
    const { caller, fn, mappings, problemTexts, warnings } = await discover(there);
    expect(caller).toEqual(CALLER);
    expect(fn?.arn).toBe(FUNCTION_ARN);
    expect(mappings.map(({ uuid }) => uuid)).toEqual(['a', 'b']);
    expect([problemTexts, warnings]).toEqual([[], []]);
    expect(there.calls).toEqual(['function orders', 'get a', 'get b']);
  });

  test.each([
    ['orders:PROD', 'function orders at PROD'],
    [`${FUNCTION_ARN}:PROD`, `function ${FUNCTION_ARN} at PROD`],
    [FUNCTION_ARN, `function ${FUNCTION_ARN}`],
  ])('ask for %s with its qualifier apart', async (functionName, call) => {
    const there = world({ ids: [], config: { functionName } });
    await discover(there);
    expect(there.calls).toEqual([call]);
  });

  test.each<[string, object, string]>([
    [
      'of another function',
      { functionArn: FUNCTION_ARN.replace('orders', 'billing') },
      `a: belongs to ${FUNCTION_ARN.replace('orders', 'billing')} and not to orders (${FUNCTION_ARN})`,
    ],
    [
      'that its owner has disabled',
      { state: 'Disabled' },
      'a: is Disabled and wanted is Enabled; it was not switched off by this run, so it is left alone',
    ],
    [
      'that Lambda has disabled, with its reason',
      { state: 'Disabled', stateTransitionReason: 'Lambda initiated' },
      'a: is Disabled (Lambda initiated) and wanted is Enabled; it was not switched off by this run, so it is left alone',
    ],
    [
      'that is being deleted',
      { state: 'Deleting' },
      'a: is Deleting and wanted is Enabled; it was not switched off by this run, so it is left alone',
    ],
  ])('refuse a mapping %s', async (_what, change, text) => {
    const there = world({ ids: ['a'] });
    there.states.set('a', mapping('a', 'Enabled', change));
    expect((await discover(there)).problemTexts).toEqual([text]);
  });

  test('take a mapping on any alias when none is asked for, and only the same otherwise', async () => {
    const onAlias = (functionName: string): Promise<{ problemTexts: string[] }> => {
      const there = world({ ids: ['a'], config: { functionName } });
      there.states.set('a', mapping('a', 'Enabled', { functionArn: `${FUNCTION_ARN}:PROD` }));
      return discover(there);
    };
    expect((await onAlias('orders')).problemTexts).toEqual([]);
    expect((await onAlias('orders:PROD')).problemTexts).toEqual([]);
    expect((await onAlias('orders:TEST')).problemTexts).toEqual([
      `a: belongs to ${FUNCTION_ARN}:PROD, while FUNCTION_NAME asks for the qualifier TEST; name the function without a qualifier to take any`,
    ]);
  });

  test('wait for a mapping that is on its way', async () => {
    const there = world({
      ids: ['a'],
      script: { get: (id, nth) => mapping(id, nth < 4 ? 'Enabling' : 'Enabled') },
    });
    expect((await discover(there)).problemTexts).toEqual([]);
    expect(there.calls.filter((call) => call === 'get a')).toHaveLength(4);
  });

  test('wait for it no longer than they may', async () => {
    const there = world({ ids: ['a'], script: { get: (id) => mapping(id, 'Updating') } });
    expect((await discover(there, 20_000)).problemTexts).toEqual([
      'a: is still Updating; wanted is Enabled. Somebody else is changing it: try again when that is over',
    ]);
    expect(there.clock.monotonicMs()).toBeLessThan(20_100);
  });

  test('list what the function does have for somebody who mistyped a UUID', async () => {
    const there = world({ ids: ['a'], config: { ids: ['a', 'typo'] } });
    const { problemTexts } = await discover(there);
    expect(problemTexts).toEqual([
      'typo: no such event source mapping in Region eu-west-1 for this account; check the UUID and REGION. orders has these event source mappings: a (sqs orders, Enabled).',
    ]);
  });

  test('say so when the function has none, or when nobody may list them', async () => {
    const none = world({ ids: [], config: { ids: ['typo'] } });
    expect((await discover(none)).problemTexts.join()).toContain('orders has no event source mappings.');
    const denied = world({
      ids: [],
      config: { ids: ['typo'] },
      script: {
        list: () => {
          throw awsError('denied');
        },
      },
    });
    expect((await discover(denied)).problemTexts.join()).toContain(
      "The function's mappings could not be listed: the call is denied",
    );
  });

  test('name function, Region and account when there is no such function, and still look at the mappings', async () => {
    const there = world({
      ids: ['a'],
      script: {
        fn: () => {
          throw awsError('not-found');
        },
      },
    });
    const { problemTexts, mappings } = await discover(there);
    expect(problemTexts).toEqual([
      'FUNCTION_NAME: the function orders does not exist in Region eu-west-1 for this account (the call is not-found)',
    ]);
    expect(mappings).toHaveLength(1);
  });

  test('stop at credentials that do not work, for all else would fail in the same words', async () => {
    const there = world({
      script: {
        caller: () => {
          throw awsError('credentials');
        },
      },
    });
    expect((await discover(there)).problemTexts).toEqual(['the credentials: the call is credentials']);
    expect(there.calls).toEqual([]);
  });

  test('report everything that is wrong together', async () => {
    const there = world({ ids: ['a', 'b', 'c'] });
    there.states.set('a', mapping('a', 'Disabled'));
    there.states.set('b', mapping('b', 'Enabled', { functionArn: `${FUNCTION_ARN}-2` }));
    there.states.delete('c');
    expect((await discover(there)).problems.map(({ subject }) => subject).sort()).toEqual(['a', 'b', 'c']);
  });

  test('pass on warnings of the configuration and of the credentials', async () => {
    const there = world({
      ids: [],
      config: { warnings: ['merged'] },
      script: { caller: () => ({ ...CALLER, warnings: ['no known end'] }) },
    });
    expect((await discover(there)).warnings).toEqual(['merged', 'no known end']);
  });

  test('end with the reason of the run', async () => {
    const there = world();
    const reason = new AbortedError('SIGTERM received');
    const given = control(there.clock, 1_000, AbortSignal.abort(reason));
    expect(await rejection(look(given, there.context))).toBe(reason);
  });
});

describe('the plan', () => {
  const plan = async (there: World) => describePlan(await discover(there), there.context);

  test('is what a person needs to know before the first write', async () => {
    const there = world({ ids: ['a'], schedule: { totalSeconds: 60, intervalSeconds: 30 } });
    there.states.set(
      'a',
      mapping('a', 'Enabled', { batchSize: 10, sourceType: 'kinesis', lastProcessingResult: 'OK' }),
    );
    const { targets, identity, undo, context, table, calls } = await plan(there);
    expect(targets).toEqual([{ id: 'a', before: 'Enabled', label: 'kinesis orders' }]);
    expect(identity).toBe('arn:aws:iam::123456789012:user/test (environment keys)');
    expect(undo).toEqual({
      a: 'aws lambda update-event-source-mapping --region eu-west-1 --uuid a --enabled',
    });
    expect(context).toEqual({ region: 'eu-west-1', functionArn: FUNCTION_ARN });
    expect(table).toMatchObject([
      { mapping: 'a', source: 'kinesis orders', state: 'Enabled', 'batch size': '10', 'last result': 'OK' },
    ]);
    // Two cycles, a disable and an enable each.
    expect(calls.find(({ call }) => call === 'lambda:UpdateEventSourceMapping')?.times).toBe('4');
  });

  test('shows a dash for what AWS does not say', async () => {
    expect((await plan(world({ ids: ['a'] }))).table).toMatchObject([
      { 'batch size': '-', 'last result': '-' },
    ]);
  });

  test('names the permission that each call needs', async () => {
    const { calls } = await plan(world());
    for (const { call, permission } of calls) {
      if (call.startsWith('lambda:')) expect(permission).toContain(call);
    }
    expect(calls.map(({ call }) => call)).toContain('lambda:GetFunction');
  });

  test('can be made without a caller or a function', async () => {
    const there = world({
      script: {
        caller: () => {
          throw awsError('credentials');
        },
      },
    });
    const { identity, context, targets } = await plan(there);
    expect([identity, targets]).toEqual(['unknown', []]);
    expect(context).toEqual({ region: 'eu-west-1', functionArn: 'orders' });
  });
});
