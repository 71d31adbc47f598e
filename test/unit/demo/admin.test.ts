import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StateView } from '../../../demo/lambda/view.ts';
import { StandInBench, UUID } from './bench.ts';

async function admin(url: string, request: string, body?: object): Promise<[number, unknown]> {
  const [method = 'GET', path = ''] = request.split(' ');
  const answer = await fetch(`${url}/_standin/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5000),
  });
  return [answer.status, await answer.json()];
}

describe('the admin side', () => {
  let bench: StandInBench;
  let url: string;
  beforeEach(async () => {
    bench = await StandInBench.open({
      lags: { disablingLagMs: 2_000, enablingLagMs: 30, updatingLagMs: 30 },
    });
    url = bench.standIn.url;
  });
  afterEach(() => bench.close());

  test('shows state, ledger and writes to another process', async () => {
    await admin(url, `POST mappings/${UUID}`, { produce: 7 });
    await bench.put(false);
    const [, state] = await admin(url, 'GET state');
    expect(state).toMatchObject({
      mappings: [{ uuid: UUID, state: 'Disabling', ledger: { produced: 7 } }],
      functions: [{ state: 'Active', deleted: false }],
      totals: { UpdateEventSourceMapping: 1 },
    });
    const [, writes] = await admin(url, 'GET writes');
    expect(writes).toMatchObject([
      {
        label: UUID,
        body: { Enabled: false },
        status: 202,
        accessKey: 'AKIABENCH',
        region: 'us-east-1',
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        attempt: 'attempt=1; max=1',
      },
    ]);
  });

  test('takes hooks, lists them and takes them back', async () => {
    const fault = { times: 'forever', effect: { kind: 'status', status: 500 } };
    const [, added] = await admin(url, 'POST hooks', fault);
    await admin(url, 'POST hooks', { uuid: UUID, when: { state: 'Disabled' }, action: { kind: 'delete' } });
    expect((await admin(url, 'GET hooks'))[1]).toHaveLength(2);
    expect(await bench.outcome(bench.get())).toBe('Unknown 500');
    await admin(url, `DELETE hooks/${(added as { id: string }).id}`);
    expect(await bench.get()).toBe('Enabled');
    await admin(url, 'DELETE hooks');
    expect((await admin(url, 'GET hooks'))[1]).toEqual([]);
  });

  test('replaces the world on reset', async () => {
    bench.standIn.hook({ times: 'forever', effect: { kind: 'status', status: 500 } });
    const world = { functions: [{ name: 'bills' }], mappings: [{ functionName: 'bills', source: 'mq' }] };
    const [, state] = await admin(url, 'POST reset', world);
    expect((state as StateView).mappings.map(({ source }) => source.type)).toEqual(['mq']);
    expect(state).toMatchObject({ hooks: [], totals: {} });
    expect(await bench.outcome(bench.get())).toBe('ResourceNotFoundException 404');
  });

  test('a request held up over a reset does not touch the new world', async () => {
    const world = { mappings: [{ uuid: UUID, functionName: 'orders' }] };
    bench.standIn.hook({ effect: { kind: 'delay', ms: 80 } });
    const late = bench.outcome(bench.put(false));
    while (bench.standIn.writes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    bench.standIn.reset(world);
    expect(await late).toBe('reset');
    expect(bench.standIn.mapping(UUID).state).toBe('Enabled');
  });

  test('tells how many events wait, and whether that is too many', async () => {
    await admin(url, 'POST mappings', { functionName: 'bills', state: 'Disabled', backlog: 5 });
    await admin(url, 'POST mappings', { functionName: 'other', state: 'Disabled', backlog: 2 });
    expect(await admin(url, 'GET backlog')).toEqual([200, { backlog: 7 }]);
    expect(await admin(url, 'GET backlog?function=bills&below=6')).toEqual([200, { backlog: 5 }]);
    expect(await admin(url, 'GET backlog?function=bills&below=5')).toEqual([503, { backlog: 5 }]);
  });

  test.each([
    ['GET backlog?below=few', undefined, 400],
    ['POST hooks', {}, 400],
    ['POST hooks', { uuid: 'x', action: { kind: 'delete' } }, 400],
    ['GET nothing', undefined, 404],
  ])('answers a mistake in %s with %p', async (request, body, status) => {
    const [seen, answer] = await admin(url, request, body);
    expect(seen).toBe(status);
    expect(answer).toHaveProperty('problem');
  });
});

describe('the command line', () => {
  test('prints one line with its url and serves the demo world there', async () => {
    const child = spawn(process.execPath, [
      'demo/lambda/main.ts',
      '--world',
      'demo',
      '--region',
      'eu-west-1',
    ]);
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const { url } = JSON.parse(line) as { url: string };
      const [, state] = await admin(url, 'GET state');
      const sources = (state as StateView).mappings.map(({ source }) => source.type);
      expect(sources).toEqual(['sqs', 'kinesis', 'kafka']);
      expect((state as StateView).functions[0]?.arn).toContain(':eu-west-1:');
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  test('explains a wrong flag and fails', async () => {
    const child = spawn(process.execPath, ['demo/lambda/main.ts', '--port', 'x']);
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, printed]).toEqual([1, expect.stringContaining('--port x is not a port')]);
  });
});
