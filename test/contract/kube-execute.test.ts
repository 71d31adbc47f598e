import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocketServer, type WebSocket } from 'ws';
import type { KubeClient } from '../../src/kube/client.ts';
import { execute } from '../../src/kube/execute.ts';

const [STDOUT, STDERR, STATUS] = [1, 2, 3];
const SUCCESS = JSON.stringify({ status: 'Success' });
const failure = (code: string): string =>
  JSON.stringify({ status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: code }] } });

/** The channels of exec as kubelets send them; the real server is asked in the chain on a cluster. */
describe('exec', () => {
  let server: Server;
  let act: (socket: WebSocket) => void = () => undefined;
  let asked: URL | undefined;
  const send = (socket: WebSocket, channel: number | undefined, data: string | Buffer): void =>
    socket.send(Buffer.concat([Buffer.from([channel ?? 0]), Buffer.from(data)]));

  beforeAll(async () => {
    server = createServer();
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: (all) => [...all][0] ?? false });
    server.on('upgrade', (request, socket, head) => {
      asked = new URL(request.url ?? '', 'http://x');
      if (asked.searchParams.get('container') === 'forbidden') socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      else sockets.handleUpgrade(request, socket, head, (open) => act(open));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const run = (container = 'c', signal = AbortSignal.timeout(5_000)) => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = { socket: (path: string) => Promise.resolve({ url: url + path, options: {} }) };
    const place = { namespace: 'chaos', pod: 'p', container };
    return execute(client as unknown as KubeClient, place, ['/bin/sh', '-c', 'echo "a b"'], signal);
  };

  test('asks for the command as it is, and gives output and exit code', async () => {
    act = (socket) => {
      send(socket, STDOUT, 'yes');
      send(socket, STDERR, 'why');
      send(socket, STDOUT, '\n');
      send(socket, STATUS, SUCCESS);
    };
    expect(await run()).toEqual({ exitCode: 0, stdout: 'yes\n', stderr: 'why' });
    expect(asked?.pathname).toBe('/api/v1/namespaces/chaos/pods/p/exec');
    expect(asked?.searchParams.getAll('command')).toEqual(['/bin/sh', '-c', 'echo "a b"']);
  });

  test('puts a character together that came in two messages', async () => {
    const [first, ...rest] = [...Buffer.from('ü€')].map((byte) => Buffer.from([byte]));
    act = (socket) => {
      for (const byte of [first, ...rest]) send(socket, STDOUT, byte ?? '');
      send(socket, STATUS, SUCCESS);
    };
    expect((await run()).stdout).toBe('ü€');
  });

  test('tells the exit code, and why a command could not be begun', async () => {
    act = (socket) => send(socket, STATUS, failure('7'));
    expect((await run()).exitCode).toBe(7);
    act = (socket) => send(socket, STATUS, JSON.stringify({ status: 'Failure', message: 'no /bin/sh' }));
    expect(await run()).toMatchObject({ exitCode: undefined, stderr: expect.stringContaining('no /bin/sh') });
  });

  test.each([
    ['is closed before the command ends', (socket: WebSocket) => socket.close(), /ended before the command/],
    ['breaks off', (socket: WebSocket) => socket.terminate(), /ended before the command/],
    [
      'sends a status that is none',
      (socket: WebSocket) => send(socket, STATUS, '{'),
      /status that can't be read/,
    ],
  ])('fails when the connection %s', async (_what, does, why) => {
    act = does;
    await expect(run()).rejects.toThrow(why);
  });

  test('that is refused names the verbs that are missing', async () => {
    await expect(run('forbidden')).rejects.toThrow(/"get" and "create" on pods\/exec/);
  });

  test('that hangs ends with its signal, and closes its connection', async () => {
    const closed = new Promise((resolve) => {
      act = (socket) => socket.on('close', resolve);
    });
    await expect(run('c', AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
    await closed;
  });
});
