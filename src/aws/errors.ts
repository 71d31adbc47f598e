/**
 * Why a call failed, as far as it decides what to do next.
 * - `busy`: ResourceInUseException 400, ResourceConflictException 409: the mapping is in transition;
 * - `throttled`: 429 or a throttling error name;
 * - `unavailable`: 5xx, reset, time-out, DNS;
 * - `credentials`: expired, rotated or unresolvable; a rebuilt chain may help;
 * - `denied`: IAM said no;
 * - `role-not-ready`: InvalidParameterValueException because the function's execution role can't be used (yet);
 * - `not-found`; `invalid`: anything else that AWS rejects.
 */
export type AwsErrorKind =
  | 'busy'
  | 'throttled'
  | 'unavailable'
  | 'credentials'
  | 'denied'
  | 'role-not-ready'
  | 'not-found'
  | 'invalid';

export interface AwsErrorDetails {
  readonly kind: AwsErrorKind;
  /** The API operation, e.g. `UpdateEventSourceMapping`. */
  readonly operation: string;
  readonly status?: number;
  readonly requestId?: string;
  /** From the Retry-After header. */
  readonly retryAfterMs?: number;
  /**
   * The request may have taken effect although it failed (time-out, reset, 5xx); false when AWS answered with a refusal
   * or nothing was sent.
   */
  readonly mayHaveHappened: boolean;
  readonly cause?: unknown;
}

/** A failed AWS call: one sentence with the operation, AWS' message and the request id; never a credential. */
export class AwsError extends Error {
  readonly kind: AwsErrorKind;
  readonly operation: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly mayHaveHappened: boolean;

  constructor(message: string, details: AwsErrorDetails) {
    super(message, { cause: details.cause });
    this.name = 'AwsError';
    this.kind = details.kind;
    this.operation = details.operation;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.mayHaveHappened = details.mayHaveHappened;
  }
}
