import { setTimeout as sleep } from 'node:timers/promises';
import { GetFunctionCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Effect, RequestFault } from '../../../demo/lambda/model/faults.ts';
import { StandInBench, UUID } from './bench.ts';

let bench: StandInBench;
beforeEach(async () => void (bench = await StandInBench.open()));
afterEach(() => bench.close());

function impatient(): ReturnType<StandInBench['client']> {
  return bench.client({ requestHandler: { requestTimeout: 150, throwOnRequestTimeout: true } });
}

describe('a hook on requests', () => {
  const before: [string, Effect, string][] = [
    ['hangs', { kind: 'hang' }, 'timeout'],
    ['resets the connection', { kind: 'reset' }, 'reset'],
    ['answers 500', { kind: 'status', status: 500 }, 'Unknown 500'],
    ['reports its own failure', { kind: 'error', code: 'ServiceException' }, 'ServiceException 500'],
    ['denies', { kind: 'error', code: 'AccessDeniedException' }, 'AccessDeniedException 403'],
    ['refuses the token', { kind: 'error', code: 'ExpiredTokenException' }, 'ExpiredTokenException 403'],
    [
      'reports a conflict',
      { kind: 'error', code: 'ResourceConflictException' },
      'ResourceConflictException 409',
    ],
  ];
  test.each(before)('%s: the write fails and nothing has happened', async (_, effect, outcome) => {
    bench.standIn.hook({ match: { operation: 'UpdateEventSourceMapping' }, effect });
    expect(await bench.outcome(bench.put(false, impatient()))).toBe(outcome);
    expect(bench.standIn.writes).toMatchObject([{ applied: false }]);
    expect(await bench.get()).toBe('Enabled');
    expect(await bench.put(false)).toBe('Disabling');
  });

  const after: [string, Effect, RegExp][] = [
    ['the answer hangs', { kind: 'hang', phase: 'after' }, /^timeout$/],
    ['the connection is reset', { kind: 'reset', phase: 'after' }, /^reset$/],
    ['a gateway answers', { kind: 'status', status: 502, html: true, phase: 'after' }, / 502$/],
  ];
  test.each(after)('%s although the write took effect', async (_, effect, lost) => {
    bench.standIn.hook({ effect });
    expect(await bench.outcome(bench.put(false, impatient()))).toMatch(lost);
    expect(bench.standIn.writes).toMatchObject([{ applied: true }]);
    expect(bench.standIn.mapping(UUID).transitions.map(({ state }) => state)).toContain('Disabling');
  });

  test('throttles with the Retry-After that it was given', async () => {
    const effect: Effect = { kind: 'error', code: 'TooManyRequestsException', retryAfterSeconds: 7 };
    bench.standIn.hook({ effect });
    await expect(bench.get()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      retryAfterSeconds: '7',
    });
  });

  test('delays an answer', async () => {
    bench.standIn.hook({ effect: { kind: 'delay', ms: 120 } });
    const started = performance.now();
    await bench.get();
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  test('delivers a write twice: the second copy finds the mapping in transition', async () => {
    bench.standIn.hook({ effect: { kind: 'duplicate' } });
    expect(await bench.put(false)).toBe('Disabling');
    expect(bench.standIn.writes).toMatchObject([
      { by: 'request', status: 202, applied: true },
      { by: 'duplicate', status: 400, applied: false },
    ]);
  });

  const counted: [string, Omit<RequestFault, 'effect'>, string[]][] = [
    ['the next one', {}, ['500', 'ok', 'ok', 'ok']],
    ['the next two', { times: 2 }, ['500', '500', 'ok', 'ok']],
    ['the third', { skip: 2 }, ['ok', 'ok', '500', 'ok']],
    ['every one', { times: 'forever' }, ['500', '500', '500', '500']],
    ['only another key', { match: { accessKey: 'AKIAOTHER' }, times: 'forever' }, ['ok', 'ok', 'ok', 'ok']],
    ['only another mapping', { match: { uuid: 'x' }, times: 'forever' }, ['ok', 'ok', 'ok', 'ok']],
  ];
  test.each(counted)('hits %s', async (_, fault, outcomes) => {
    bench.standIn.hook({ ...fault, effect: { kind: 'status', status: 500 } });
    const seen: string[] = [];
    while (seen.length < outcomes.length) {
      seen.push((await bench.outcome(bench.get())).startsWith('answered') ? 'ok' : '500');
    }
    expect(seen).toEqual(outcomes);
  });

  test('refuses to enable for a time because of the execution role, but not to disable', async () => {
    const effect: Effect = { kind: 'error', code: 'InvalidParameterValueException' };
    bench.standIn.hook({ match: { enabled: true }, forMs: 200, effect });
    expect(await bench.put(false)).toBe('Disabling');
    await sleep(40);
    expect(await bench.outcome(bench.put(true))).toBe('InvalidParameterValueException 400');
    await sleep(200);
    expect(await bench.put(true)).toBe('Enabling');
  });

  test('is over when it is taken back', async () => {
    const id = bench.standIn.hook({ times: 'forever', effect: { kind: 'status', status: 500 } });
    expect(await bench.outcome(bench.get())).toBe('Unknown 500');
    bench.standIn.unhook(id);
    expect(await bench.get()).toBe('Enabled');
  });

  test('a hanging request does not keep the stand-in from closing', async () => {
    bench.standIn.hook({ effect: { kind: 'hang' } });
    const hanging = bench.outcome(bench.get());
    while (bench.standIn.requests.length === 0) await sleep(5);
    await bench.standIn.close();
    expect(await hanging).toBe('reset');
  });
});

describe('a function that is deleted in the window', () => {
  test('is a 404 while its mapping lives on', async () => {
    const getFunction = new GetFunctionCommand({ FunctionName: 'orders' });
    const when = { state: 'Disabled', afterMs: 20 };
    bench.standIn.hook({ uuid: UUID, when, action: { kind: 'delete-function' } });
    await bench.put(false);
    await bench.lambda.send(getFunction);
    await sleep(80);
    expect(await bench.outcome(bench.lambda.send(getFunction))).toBe('ResourceNotFoundException 404');
    expect(await bench.get()).toBe('Disabled');
    expect(await bench.put(true)).toBe('Enabling');
  });
});

describe('a List marker', () => {
  test('of another query gives an empty page', async () => {
    for (let index = 0; index < 3; index += 1) bench.standIn.addMapping({ functionName: 'orders' });
    const first = await bench.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'orders', MaxItems: 2 }),
    );
    const foreign = await bench.lambda.send(
      new ListEventSourceMappingsCommand({ MaxItems: 2, Marker: first.NextMarker }),
    );
    expect(foreign.EventSourceMappings).toEqual([]);
  });
});

describe('List by a bare name', () => {
  test.each([
    ['exact', 1],
    ['base', 2],
  ] as const)('with matching %s finds %i mappings', async (listMatch, count) => {
    const other = await StandInBench.open({ listMatch });
    try {
      other.standIn.addMapping({ functionName: 'orders:live' });
      const list = new ListEventSourceMappingsCommand({ FunctionName: 'orders' });
      expect((await other.lambda.send(list)).EventSourceMappings).toHaveLength(count);
    } finally {
      await other.close();
    }
  });
});
