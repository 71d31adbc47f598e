import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { whileActive } from '../runtime/abort.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Deadline } from '../runtime/deadline.ts';
import type { Emit } from '../runtime/events.ts';
import { retryUntil, type RetryAdvice } from '../runtime/retry.ts';
import { Connection } from './connection.ts';
import { describe, fromAnswer, fromFailure, KubeError, type KubeRequest } from './errors.ts';
import { exchange, type Incoming } from './exchange.ts';

export type ApiRequest = KubeRequest & { readonly verb: keyof typeof METHODS };

/** One call to the API: for people and RBAC, and on the wire. */
export interface KubeCall {
  readonly request: ApiRequest;
  /** Below the server, escaped, with its query. */
  readonly path: string;
  readonly body?: object;
  /** What the answer should be, where plain JSON of the whole object is too much. */
  readonly accept?: string;
}

export interface CallOptions {
  /** Attempts are repeated until then; the last one may run a second over. */
  readonly deadline: Deadline;
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  readonly load: () => KubeConfig;
  readonly clock: Clock;
  /** Told of each retry. */
  readonly emit?: Emit;
  /** How long one attempt may take, milliseconds; the API server's own answers take milliseconds. */
  readonly attemptTimeoutMs?: number;
}

const ATTEMPT_TIMEOUT_MS = 10_000;
const SHORTEST_ATTEMPT_MS = 1_000;
/** A refused token is worth a fresh one, and one more try for an API server that learns of it late. */
const TOKEN_ATTEMPTS = 3;

const METHODS = { get: 'GET', list: 'GET', create: 'POST', patch: 'PATCH', delete: 'DELETE' } as const;

/**
 * What client-node's own transport lacks: a connection pool, a time-out, retries of what is worth
 * repeating, Retry-After, and a fresh token after a 401. Its generated API is left out with it: for our
 * few calls it would cost every start tens of milliseconds and megabytes.
 */
export class KubeTransport {
  readonly #options: TransportOptions;
  readonly #connection: Connection;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#connection = new Connection(options.load);
  }

  /**
   * The object that the API answered with.
   * @throws KubeError
   */
  async send(call: KubeCall, options: CallOptions): Promise<unknown> {
    const { clock, emit } = this.#options;
    let refusals = 0;
    const classify = (error: unknown): RetryAdvice => {
      if (!(error instanceof KubeError)) return 'give-up';
      if (error.kind === 'unauthorized') {
        refusals += 1;
        this.#connection.reload();
        return refusals < TOKEN_ATTEMPTS ? {} : 'give-up';
      }
      if (error.kind !== 'unavailable') return 'give-up';
      return error.retryAfterMs === undefined ? {} : { afterMs: error.retryAfterMs };
    };
    return retryUntil(() => this.#attempt(call, options), {
      what: describe(call.request),
      clock,
      classify,
      ...options,
      ...(emit === undefined ? {} : { emit }),
    });
  }

  /** Where a WebSocket to `path` goes, and what proves who we are. */
  async socket(path: string): Promise<{ url: string; options: object }> {
    const { tls, headers } = await this.#connection.link();
    return { url: this.#connection.server.replace(/^http/i, 'ws') + path, options: { ...tls, headers } };
  }

  /** Ends idle connections and requests under way. */
  close(): void {
    this.#connection.close();
  }

  async #attempt(call: KubeCall, options: CallOptions): Promise<unknown> {
    const { status, headers, text } = await this.#exchange(call, options);
    if (status >= 200 && status < 300) return parse(call.request, status, text);
    const retryAfterMs = readRetryAfter(headers['retry-after']);
    throw fromAnswer(call.request, {
      status,
      body: text,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  async #exchange({ request, path, body, accept }: KubeCall, options: CallOptions): Promise<Incoming> {
    const limit = this.#options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS;
    const ms = Math.min(limit, Math.max(SHORTEST_ATTEMPT_MS, options.deadline.remainingMs));
    const timeout = AbortSignal.timeout(Math.ceil(ms));
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    const method = METHODS[request.verb];
    const outgoing = { method, url: this.#connection.server + path, headers: headersFor(method, accept) };
    try {
      // The credentials may come from a program that hangs, or from an identity provider that does.
      const link = await whileActive(this.#connection.link(), signal);
      return await exchange(
        body === undefined ? outgoing : { ...outgoing, body: JSON.stringify(body) },
        link,
        signal,
      );
    } catch (error) {
      options.signal?.throwIfAborted();
      throw fromFailure(request, error);
    }
  }
}

function headersFor(method: string, accept = 'application/json'): Record<string, string> {
  const headers = { accept, 'user-agent': 'lambda-chaos-runner' };
  if (method === 'GET') return headers;
  // A merge patch under another name would be refused, or read as another kind of patch.
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return { ...headers, 'content-type': type };
}

function parse(request: KubeRequest, status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Some proxy's page: what is between us and the API won't get better by asking again.
    throw fromAnswer(request, { status, body: text });
  }
}

/** Milliseconds from a Retry-After header: seconds, or an HTTP date. */
export function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
