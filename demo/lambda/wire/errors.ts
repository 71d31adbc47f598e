import { jsonReply, type Reply } from './replies.ts';

interface ErrorShape {
  readonly status: number;
  readonly type: 'User' | 'Service' | undefined;
  /** Belief: the casing of the member differs by error. Source: API model. */
  readonly member: 'Message' | 'message';
  readonly message: string;
}

function shape(
  status: number,
  member: 'Message' | 'message',
  message: string,
  type: ErrorShape['type'] = 'User',
): ErrorShape {
  return { status, type, member, message };
}

/**
 * Beliefs: name, status and casing. The first six are from the API model; the wording of ResourceInUseException and
 * ResourceNotFoundException was seen in recorded answers; of the others, only name and status matter to us.
 */
export const LAMBDA_ERRORS: Readonly<Record<string, ErrorShape>> = {
  ResourceInUseException: shape(
    400,
    'Message',
    'Cannot update the event source mapping because it is in use.',
  ),
  ResourceNotFoundException: shape(404, 'Message', 'The resource you requested does not exist.'),
  ServiceException: shape(500, 'Message', 'Service encountered an internal error.', 'Service'),
  ResourceConflictException: shape(409, 'message', 'Another operation on this resource is in progress.'),
  TooManyRequestsException: shape(429, 'message', 'Rate exceeded'),
  InvalidParameterValueException: shape(
    400,
    'message',
    'The provided execution role does not have permissions to call ReceiveMessage on SQS',
  ),
  ValidationException: shape(400, 'message', '1 validation error detected'),
  SerializationException: shape(400, 'Message', 'Could not parse the request body.'),
  UnknownOperationException: shape(404, 'Message', 'No such operation.', undefined),
  AccessDeniedException: shape(403, 'Message', 'Not authorized.', undefined),
  ExpiredTokenException: shape(
    403,
    'message',
    'The security token included in the request is expired',
    undefined,
  ),
  UnrecognizedClientException: shape(
    403,
    'message',
    'The security token included in the request is invalid.',
    undefined,
  ),
  InvalidSignatureException: shape(403, 'message', 'The request signature does not match.', undefined),
  MissingAuthenticationTokenException: shape(403, 'message', 'Missing Authentication Token', undefined),
};

/** An answer that is an error. */
export class LambdaError extends Error {
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message?: string, retryAfterSeconds?: number) {
    super(message ?? LAMBDA_ERRORS[code]?.message ?? code);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return LAMBDA_ERRORS[this.code]?.status ?? 400;
  }
}

/** Belief: the name travels in x-amzn-ErrorType, the rest in the body. Source: wire samples and the SDK's own parser. */
export function errorReply(error: LambdaError): Reply {
  const { status, type, member } = LAMBDA_ERRORS[error.code] ?? shape(error.status, 'message', error.message);
  const throttled = error.code === 'TooManyRequestsException';
  const body = {
    ...(throttled ? { Reason: 'CallerRateLimitExceeded' } : {}),
    ...(type === undefined ? {} : { Type: type }),
    [member]: error.message,
  };
  const reply = jsonReply(status, body);
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'x-amzn-ErrorType': error.code,
      ...(error.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(error.retryAfterSeconds) }),
    },
  };
}
