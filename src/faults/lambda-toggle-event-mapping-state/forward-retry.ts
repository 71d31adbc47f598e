import { AwsError } from '../../aws/errors.ts';
import { ChaosError, type ErrorCode, messageOf } from '../../runtime/errors.ts';
import type { ForwardControl } from '../../runtime/fault.ts';
import { retryUntil, type RetryAdvice } from '../../runtime/retry.ts';
import type { ToggleContext } from './context.ts';

/** Rebuilding the credential chain more often than this tells nothing new. */
const CREDENTIAL_ATTEMPTS = 3;

/** Repeats a forward call while its error may pass; AccessDenied and validation errors end it at once. */
export function retryForward<T>(
  what: string,
  operation: (attempt: number) => Promise<T>,
  control: Pick<ForwardControl, 'signal' | 'deadline'>,
  context: Pick<ToggleContext, 'clock' | 'emit'>,
): Promise<T> {
  let credentialFailures = 0;
  const classify = (error: unknown): RetryAdvice => {
    if (!(error instanceof AwsError)) return 'give-up';
    switch (error.kind) {
      case 'busy':
      case 'throttled':
      case 'unavailable':
        return error.retryAfterMs === undefined ? {} : { afterMs: error.retryAfterMs };
      case 'credentials':
        credentialFailures += 1;
        return credentialFailures < CREDENTIAL_ATTEMPTS ? {} : 'give-up';
      case 'denied':
      case 'role-not-ready':
      case 'not-found':
      case 'invalid':
        return 'give-up';
    }
  };
  const { signal, deadline } = control;
  return retryUntil(operation, {
    what,
    clock: context.clock,
    emit: context.emit,
    deadline,
    signal,
    classify,
  });
}

/** Wraps what ended a forward step, with the mapping that it is about. */
export function stepFailed(
  what: string,
  id: string,
  error: unknown,
  context: { region: string; code?: ErrorCode },
): ChaosError {
  if (error instanceof ChaosError) return error;
  return new ChaosError(`${what} ${id}: ${messageOf(error)}`, {
    code: context.code ?? 'CHAOS_INJECT_ERROR',
    phase: 'ChaosInject',
    target: targetText(id, context.region),
    cause: error,
  });
}

export const targetText = (id: string, region: string): string =>
  `{Event Source Mapping: ${id}, Region: ${region}}`;
