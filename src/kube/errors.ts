/**
 * Why a call to the Kubernetes API failed, as far as it decides what to do next.
 * - `conflict`: the object has changed since it was read; read it again;
 * - `already-exists`: a create met an object of that name;
 * - `unavailable`: no answer, 429 or 5xx until the deadline; the request may have taken effect;
 * - `unauthorized`: the token was refused, also after a fresh one was loaded;
 * - `forbidden`: RBAC said no, and will say it again;
 * - `config`: there is no usable KUBECONFIG or service account;
 * - `invalid`: anything else that the API rejects.
 */
export type KubeErrorKind =
  | 'not-found'
  | 'already-exists'
  | 'conflict'
  | 'unavailable'
  | 'unauthorized'
  | 'forbidden'
  | 'config'
  | 'invalid';

/** One call, in the words of RBAC. */
export interface KubeRequest {
  readonly verb: 'get' | 'list' | 'create' | 'patch' | 'delete' | 'load';
  /** Plural, with the group where there is one, e.g. `chaosresults.litmuschaos.io`. */
  readonly resource: string;
  /** `namespace/name`, or what is selected. */
  readonly object: string;
}

export interface KubeErrorDetails {
  readonly kind: KubeErrorKind;
  readonly request: KubeRequest;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A failed Kubernetes call: one sentence with the verb, the object, the status and the server's message. */
export class KubeError extends Error {
  readonly kind: KubeErrorKind;
  readonly request: KubeRequest;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: KubeErrorDetails) {
    super(message, { cause: details.cause });
    this.name = 'KubeError';
    this.kind = details.kind;
    this.request = details.request;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

export const isKubeError = (error: unknown, ...kinds: readonly KubeErrorKind[]): error is KubeError =>
  error instanceof KubeError && kinds.includes(error.kind);

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number;
}

/** The error that an HTTP answer outside 2xx stands for; the body is a `Status` object, or whatever a proxy wrote. */
export function fromAnswer(request: KubeRequest, answer: Answer): KubeError {
  const { status, body, retryAfterMs } = answer;
  const { message, reason } = readStatus(body);
  const hint =
    status === 403 ? `; the service account needs the verb "${request.verb}" on ${request.resource}` : '';
  return new KubeError(`${describe(request)}: ${status} ${message}${hint}`, {
    kind: kindOf(status, reason),
    request,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The error for a call that got no answer. */
export function fromFailure(request: KubeRequest, cause: unknown): KubeError {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const parts = [code, message].filter((part) => typeof part === 'string' && part !== '');
  return new KubeError(`${describe(request)}: no answer (${parts.join(': ') || String(cause)})`, {
    kind: 'unavailable',
    request,
    cause,
  });
}

export const describe = (request: KubeRequest): string =>
  `Kubernetes ${request.verb} ${request.resource} ${request.object}`;

function kindOf(status: number, reason: string): KubeErrorKind {
  if (status === 409) return reason === 'AlreadyExists' ? 'already-exists' : 'conflict';
  if (status === 404) return 'not-found';
  if (status === 403) return 'forbidden';
  if (status === 401) return 'unauthorized';
  return status === 429 || status >= 500 ? 'unavailable' : 'invalid';
}

/** How much of a proxy's error page is worth a place in a log line. */
const LONGEST_FOREIGN_TEXT = 200;

function readStatus(body: unknown): { message: string; reason: string } {
  const value = typeof body === 'string' ? parse(body) : body;
  if (typeof value !== 'object' || value === null) return { message: foreign(body), reason: '' };
  const { message, reason } = value as { message?: unknown; reason?: unknown };
  return {
    message: typeof message === 'string' ? message : foreign(body),
    reason: typeof reason === 'string' ? reason : '',
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const foreign = (body: unknown): string =>
  typeof body === 'string' && body !== ''
    ? body.replaceAll(/\s+/g, ' ').slice(0, LONGEST_FOREIGN_TEXT)
    : '(no message)';
