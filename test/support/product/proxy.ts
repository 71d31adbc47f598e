import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Moment = 'before' | 'after';

/** What becomes of a request. `drop`: it is never delivered, or its answer is never given. A number: so many ms later. */
export type Fate = 'pass' | 'drop' | number;

/** Told of each request before it is forwarded and before its answer is returned; `count` runs over all proxies that share it. */
export type Watch = (count: number, moment: Moment) => Fate;

/** Counts requests, whatever they ask for: it keeps covering when the code that makes them changes. */
export class Counter {
  #count = 0;

  next(): number {
    return (this.#count += 1);
  }

  get count(): number {
    return this.#count;
  }
}

/** A proxy in front of one API. */
export class Proxy {
  readonly #target: URL;
  readonly #counter: Counter;
  readonly #watch: Watch;
  readonly #server: Server;

  constructor(target: string, counter: Counter, watch: Watch) {
    this.#target = new URL(target);
    this.#counter = counter;
    this.#watch = watch;
    this.#server = createServer((request, response) => {
      this.#forward(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const count = this.#counter.next();
    const body = await buffer(request);
    const fate = this.#watch(count, 'before');
    if (fate === 'drop') {
      response.destroy();
      return;
    }
    if (typeof fate === 'number') await new Promise((resolve) => setTimeout(resolve, fate));
    const answer = await this.#ask(request, body);
    if (this.#watch(count, 'after') === 'drop') {
      response.destroy();
      return;
    }
    if (response.destroyed) return;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  async #ask(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    const { hostname, port } = this.#target;
    // The Host header is part of what was signed, so it stays as it is.
    const asked = send({
      hostname,
      port,
      path: request.url,
      method: request.method,
      headers: request.headers,
    });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) };
  }
}
