import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KubeClient } from '../../src/kube/client.ts';
import { loadKubeConfig } from '../../src/kube/config.ts';
import { fromAnswer, KubeError } from '../../src/kube/errors.ts';
import type { CustomRef } from '../../src/kube/objects.ts';
import { readRetryAfter, type CallOptions } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Deadline } from '../../src/runtime/deadline.ts';
import type { TimelineEvent } from '../../src/runtime/events.ts';
import { startKubeApi, type KubeApi } from '../support/kube-api/server.ts';
import { configFrom } from '../support/kube-api/world.ts';

const within = (ms: number, signal?: AbortSignal): CallOptions => ({
  deadline: new Deadline(systemClock, ms),
  ...(signal === undefined ? {} : { signal }),
});

const REF: CustomRef = {
  group: 'litmuschaos.io',
  version: 'v1alpha1',
  plural: 'chaosresults',
  namespace: 'litmus',
  name: 'r',
};

describe('the Kubernetes transport', () => {
  let api: KubeApi;
  let client: KubeClient;
  let events: TimelineEvent[];

  beforeEach(async () => {
    events = [];
    api = await startKubeApi();
    api.create('chaosresults', { metadata: { name: 'r' } });
    const load = (): ReturnType<typeof configFrom> => configFrom(api.kubeconfigPath);
    client = new KubeClient({
      clock: systemClock,
      load,
      emit: (event) => events.push(event),
      attemptTimeoutMs: 300,
    });
  });
  afterEach(async () => {
    await client.close();
    await api.close();
  });

  const get = (options = within(5_000)): Promise<unknown> => client.getCustom(REF, options);

  test.each([429, 500, 502, 503, 504])('a %d is tried again, and the retry is told', async (status) => {
    api.faults.add({ act: status, times: 1 });
    await expect(get()).resolves.toMatchObject({ metadata: { name: 'r' } });
    expect(api.requests).toHaveLength(2);
    expect(events).toMatchObject([{ type: 'retry', attempt: 1 }]);
  });

  test('a cut connection and a server that never answers are tried again', async () => {
    api.faults.add({ act: 'reset', times: 1 });
    api.faults.add({ act: 'hang', times: 1 });
    await expect(get()).resolves.toMatchObject({ metadata: { name: 'r' } });
    expect(api.requests).toHaveLength(3);
  });

  test('Retry-After is waited for', async () => {
    api.faults.add({ act: 429, times: 1, retryAfter: '1' });
    const startedAt = performance.now();
    await get();
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  test('an outage that outlasts the deadline is unavailable, with what was said last', async () => {
    api.faults.add({ act: 503 });
    await expect(get(within(300))).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
    await api.stop();
    await expect(get(within(100))).rejects.toThrow(/no answer \(ECONNREFUSED/);
  });

  test('what the server refuses for good is not tried again', async () => {
    api.faults.forbid('get', 'chaosresults');
    await expect(get()).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.getCustom({ ...REF, name: 'other' }, within(5_000))).rejects.toBeInstanceOf(
      KubeError,
    );
    expect(api.requests).toHaveLength(2);
  });

  test('a rotated token is read again, although the old one was still cached', async () => {
    await get();
    api.rotateToken('another-token', true);
    await expect(get()).resolves.toMatchObject({ metadata: { name: 'r' } });
    expect(api.requests).toHaveLength(3);
  });

  test('a token that stays refused ends after three tries', async () => {
    api.rotateToken('another-token', false);
    await expect(get()).rejects.toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(api.requests).toHaveLength(3);
  });

  test('no error carries the token', async () => {
    api.rotateToken('another-token', false);
    const error: unknown = await get().catch((reason: unknown) => reason);
    expect(`${String(error)} ${JSON.stringify(error)} ${JSON.stringify(events)}`).not.toContain('a-token');
  });

  test('calls that follow each other share their connections', async () => {
    for (let n = 0; n < 20; n += 1) await get();
    // The pool may open a second one while the first is being handed back.
    expect(api.connections).toBeLessThanOrEqual(2);
  });

  test('an aborted call ends at once with the reason of its signal', async () => {
    api.faults.add({ act: 'hang' });
    const abort = new AbortController();
    const call = get(within(60_000, abort.signal));
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });

  test('a page that a proxy wrote is quoted, shortened', () => {
    const request = { verb: 'get', resource: 'pods', object: 'a/b' } as const;
    const error = fromAnswer(request, { status: 502, body: `<html>\n${'x'.repeat(900)}` });
    expect(error.kind).toBe('unavailable');
    expect(error.message.length).toBeLessThan(300);
  });
});

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['3', 3_000],
    ['', undefined],
    [undefined, undefined],
    ['soon', undefined],
    [new Date(0).toUTCString(), 0],
  ])('%p is %p ms', (value, ms) => {
    expect(readRetryAfter(value)).toBe(ms);
  });

  test('a date is the time until then', () => {
    expect(readRetryAfter(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(55_000);
  });
});

describe('the Kubernetes configuration', () => {
  const { KUBECONFIG, HOME } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ KUBECONFIG, HOME })) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  test('a file that is not there is an error that names it, and never localhost:8080', () => {
    process.env.KUBECONFIG = '/nowhere/kubeconfig';
    expect(loadKubeConfig).toThrow(/\/nowhere\/kubeconfig/);
  });

  test('a proxy is refused by name, for the bundle has none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    process.env.KUBECONFIG = join(folder, 'config');
    const cluster = { server: 'https://127.0.0.1:1', 'proxy-url': 'socks5://127.0.0.1:2' };
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    };
    writeFileSync(process.env.KUBECONFIG, JSON.stringify(config));
    expect(loadKubeConfig).toThrow(/proxy-url/);
    rmSync(folder, { recursive: true });
  });

  test('nothing at all is an error that says what is missing', () => {
    process.env.KUBECONFIG = '';
    process.env.HOME = '/nowhere';
    expect(loadKubeConfig).toThrow(/KUBECONFIG is not set and no service account token is mounted/);
  });
});
