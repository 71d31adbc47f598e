import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { KubeClient } from '../../src/kube/client.ts';
import { Connection } from '../../src/kube/connection.ts';
import { exchange } from '../../src/kube/exchange.ts';
import type { CallOptions } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Deadline } from '../../src/runtime/deadline.ts';

const within = (ms: number): CallOptions => ({ deadline: new Deadline(systemClock, ms) });

/** A kubeconfig with plain HTTP, which client-node allows where certificates are not checked. */
function configFor(server: string, user: object = { token: 'a-token' }): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true }, { name: 'u', ...user });
  return config;
}

describe('a call on the wire', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  async function listen(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  async function serve(answer: RequestListener): Promise<string> {
    const server = createHttpServer(answer);
    closing.push(() => server.closeAllConnections());
    return `http://${await listen(server)}`;
  }

  function clientFor(server: string, user?: object): KubeClient {
    const client = new KubeClient({
      clock: systemClock,
      load: () => configFor(server, user),
      attemptTimeoutMs: 300,
    });
    closing.push(() => client.close());
    return client;
  }

  const exec = (script: string): object => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] },
  });

  test('a handshake that nobody answers ends long before the attempt', async () => {
    const server = createTcpServer((socket) => closing.push(() => socket.destroy()));
    const connection = new Connection(() => configFor('https://unused'));
    closing.push(() => connection.close());
    const url = `https://${await listen(server)}/api`;
    const call = exchange(
      { method: 'GET', url, headers: {}, connectTimeoutMs: 50 },
      await connection.link(),
      AbortSignal.timeout(5_000),
    );
    await expect(call).rejects.toMatchObject({ code: 'ETIMEDOUT', message: /no connection .* within 50 ms/ });
  });

  test('an answer that stalls half-way is no answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"items":');
    });
    await expect(clientFor(url).listPods('n', 'a=b', within(0))).rejects.toThrow(/no answer \(.*timeout/);
  });

  test('an answer that is cut half-way is no answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"items":[]}', () => response.destroy());
    });
    await expect(clientFor(url).listPods('n', 'a=b', within(0))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  test("a page in the API's place is quoted and not asked for again", async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.end('<html>Sign in</html>');
    });
    const call = clientFor(url).getPod('n', 'p', within(5_000));
    await expect(call).rejects.toMatchObject({ kind: 'invalid', message: /200 <html>Sign in/ });
    expect(requests).toBe(1);
  });

  test('names are escaped, and the path of a server that has one comes first', async () => {
    const paths: unknown[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.end('{}');
    });
    const client = clientFor(`${url}/k8s/clusters/c-1/`);
    await client.getPod('n', '../secrets', within(5_000));
    await client.listPods('n', 'job-name=a,b!=c', within(5_000));
    expect(paths).toEqual([
      '/k8s/clusters/c-1/api/v1/namespaces/n/pods/..%2Fsecrets',
      '/k8s/clusters/c-1/api/v1/namespaces/n/pods?labelSelector=job-name%3Da%2Cb!%3Dc',
    ]);
  });

  test('a program that the kubeconfig names is asked for the token', async () => {
    const tokens: unknown[] = [];
    const url = await serve((request, response) => {
      tokens.push(request.headers.authorization);
      response.end('{}');
    });
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 'from-a-program' } });
    const client = new KubeClient({
      clock: systemClock,
      load: () => configFor(url, exec(`console.log(${JSON.stringify(credential)})`)),
    });
    closing.push(() => client.close());
    await client.getPod('n', 'p', within(5_000));
    expect(tokens).toEqual(['Bearer from-a-program']);
  });

  test('a program that hangs is waited for no longer than for an answer', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    const client = clientFor(url, exec('setTimeout(() => undefined, 3_000)'));
    await expect(client.getPod('n', 'p', within(0))).rejects.toThrow(/no answer \(.*timeout/);
  });

  test('a program that is not there is named', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    const client = clientFor(url, { exec: { apiVersion: 'v1', command: '/nowhere/log-in' } });
    await expect(client.getPod('n', 'p', within(0))).rejects.toThrow(/\/nowhere\/log-in/);
  });
});
