import { present } from './present.ts';

/** What can be known about anything that the SDK, the network or a provider throws. */
export interface ErrorFacts {
  /** The AWS error name or Node's class name; `Unknown` when AWS sent none. */
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  /** Node's error code, e.g. `ECONNRESET`. */
  readonly code?: string;
  /** Node's system call, e.g. `connect`. */
  readonly syscall?: string;
}

interface Loose {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly Message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
  readonly retryAfterSeconds?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown };
  readonly $response?: {
    readonly statusCode?: unknown;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
}

/** Reads an error of any origin; never throws. `now` is the wall clock in milliseconds, for a Retry-After date. */
export function readError(error: unknown, now: number): ErrorFacts {
  const loose: Loose = typeof error === 'object' && error !== null ? error : {};
  const said = text(loose.message) ?? text(loose.Message);
  return {
    name: text(loose.name) ?? 'Unknown',
    message: said ?? String(error),
    ...present({ ...networkFacts(loose), ...answerFacts(loose, now) }),
  };
}

function networkFacts(loose: Loose): { code: string | undefined; syscall: string | undefined } {
  const first = firstOf(loose.errors);
  return { code: text(loose.code) ?? text(first.code), syscall: text(loose.syscall) ?? text(first.syscall) };
}

function answerFacts({ $metadata, $response, retryAfterSeconds }: Loose, now: number) {
  const headers = $response?.headers ?? {};
  return {
    status: number($metadata?.httpStatusCode) ?? number($response?.statusCode),
    requestId: text($metadata?.requestId) ?? text(headers['x-amzn-requestid']),
    retryAfterMs: retryAfter(text(retryAfterSeconds) ?? text(headers['retry-after']), now),
  };
}

/** Connecting to several addresses fails with one AggregateError; the reasons are inside. */
const firstOf = (errors: unknown): Loose => {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return typeof first === 'object' && first !== null ? first : {};
};

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
