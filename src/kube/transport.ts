import {
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
  type Configuration,
  type HttpLibrary,
  type KubeConfig,
  type RequestContext,
} from '@kubernetes/client-node';
import { request as send } from 'undici';
import type { Clock } from '../runtime/clock.ts';
import type { Deadline } from '../runtime/deadline.ts';
import type { Emit } from '../runtime/events.ts';
import { retryUntil, type RetryAdvice } from '../runtime/retry.ts';
import { Connection } from './connection.ts';
import { describe, fromAnswer, fromFailure, KubeError, type KubeRequest } from './errors.ts';

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

/**
 * What client-node's own transport lacks, behind its documented `httpApi` seam: a connection pool,
 * a time-out, retries of what is worth repeating, Retry-After, and a fresh token after a 401.
 */
export class KubeTransport {
  readonly #options: TransportOptions;
  readonly #connection: Connection;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#connection = new Connection(options.load);
  }

  /** For the constructors of client-node's API classes. */
  configuration(): Configuration {
    return createConfiguration({ baseServer: new ServerConfiguration(this.#connection.server, {}) });
  }

  /**
   * The transport of one call, to be given to client-node as that call's `httpApi`.
   * Rejects with KubeError for what stays unavailable or unauthorized; every other answer goes to client-node.
   */
  library(request: KubeRequest, options: CallOptions): HttpLibrary {
    return wrapHttpLibrary({ send: (context) => this.#send(context, request, options) });
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #send(context: RequestContext, request: KubeRequest, options: CallOptions): Promise<ResponseContext> {
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
    return retryUntil(() => this.#attempt(context, request, options), {
      what: describe(request),
      clock,
      classify,
      ...options,
      ...(emit === undefined ? {} : { emit }),
    });
  }

  async #attempt(
    context: RequestContext,
    request: KubeRequest,
    options: CallOptions,
  ): Promise<ResponseContext> {
    const answer = await this.#exchange(context, request, options);
    const { httpStatusCode: status } = answer;
    if (status !== 401 && status !== 429 && status < 500) return answer;
    const retryAfterMs = readRetryAfter(answer.headers['retry-after']);
    throw fromAnswer(request, {
      status,
      body: await answer.body.text(),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  async #exchange(
    context: RequestContext,
    request: KubeRequest,
    options: CallOptions,
  ): Promise<ResponseContext> {
    const limit = this.#options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS;
    const ms = Math.min(limit, Math.max(SHORTEST_ATTEMPT_MS, options.deadline.remainingMs));
    const timeout = AbortSignal.timeout(Math.ceil(ms));
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    try {
      const { dispatcher, headers } = await this.#connection.link();
      const response = await send(context.getUrl(), {
        method: context.getHttpMethod(),
        headers: { ...context.getHeaders(), ...headers, 'user-agent': 'lambda-chaos-runner' },
        body: (context.getBody() as string | undefined) ?? null,
        dispatcher,
        signal,
      });
      return toContext(response.statusCode, response.headers, await response.body.text());
    } catch (error) {
      options.signal?.throwIfAborted();
      throw fromFailure(request, error);
    }
  }
}

function toContext(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  text: string,
): ResponseContext {
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return new ResponseContext(status, flat, {
    text: () => Promise.resolve(text),
    binary: () => Promise.resolve(Buffer.from(text)),
    stream: () => null,
  });
}

/** Milliseconds from a Retry-After header: seconds, or an HTTP date. */
export function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
