import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { Link } from './connection.ts';

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Until a new connection is ready, TLS included, milliseconds. */
  readonly connectTimeoutMs?: number;
}

export interface Incoming {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A node that is gone swallows packets; the API server's own handshake takes milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * One request and its whole answer, whatever its status.
 * @throws what the socket threw, or the reason of `signal`, which also ends an answer that stalls half-way.
 */
export async function exchange(outgoing: Outgoing, link: Link, signal: AbortSignal): Promise<Incoming> {
  signal.throwIfAborted();
  const { method, url, body } = outgoing;
  const headers = { ...outgoing.headers, ...link.headers, ...lengthOf(body) };
  const secure = url.startsWith('https:');
  const { promise, resolve, reject } = Promise.withResolvers<Incoming>();
  const request = (secure ? https : http).request(url, { ...link.tls, method, headers, agent: link.agent });
  const stop = (): void => {
    // First the reason: destroying makes the request fail with "socket hang up", which would hide it.
    reject(signal.reason as Error);
    request.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  request.on('error', reject);
  request.on('response', (response) => {
    read(response).then(resolve, reject);
  });
  limitConnect(
    request,
    secure ? 'secureConnect' : 'connect',
    outgoing.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
  );
  request.end(body);
  return promise.finally(() => signal.removeEventListener('abort', stop));
}

/** Node would send the body of a DELETE without saying how long it is, which no server can read. */
const lengthOf = (body: string | undefined): Record<string, number> =>
  body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };

const read = async (response: IncomingMessage): Promise<Incoming> => ({
  status: response.statusCode ?? 0,
  headers: response.headers,
  text: await text(response),
});

/** One from the pool is ready; a new one that is not ready in time ends its request. */
function limitConnect(request: ClientRequest, ready: 'connect' | 'secureConnect', ms: number): void {
  request.once('socket', (socket) => {
    if (request.reusedSocket) return;
    const expire = (): void => {
      const error = new Error(`no connection to ${request.host} within ${ms} ms`);
      request.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    };
    const timer = setTimeout(expire, ms);
    for (const end of [ready, 'close']) socket.once(end, () => clearTimeout(timer));
  });
}
