import { describe, expect, test } from '@jest/globals';
import { classify } from '../../../src/aws/classify.ts';
import { CredentialsError } from '../../../src/aws/credentials/error.ts';
import type { AwsErrorKind } from '../../../src/aws/errors.ts';

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error shaped as the SDK or Node shapes it. */
function thrown({
  name = 'Error',
  message = 'it failed',
  status,
  requestId,
  headers,
  ...rest
}: Thrown): Error {
  const error = Object.assign(
    new Error(message),
    rest,
    status === undefined ? {} : { $metadata: { httpStatusCode: status, requestId } },
  );
  error.name = name;
  Object.defineProperty(error, '$response', {
    value: { statusCode: status, headers: headers ?? {} },
    enumerable: false,
  });
  return error;
}

const OPERATION = 'UpdateEventSourceMapping';

type Row = readonly [string, Thrown, AwsErrorKind, boolean];

const ROWS: readonly Row[] = [
  ['a mapping in transition', { name: 'ResourceInUseException', status: 400 }, 'busy', false],
  ['a conflict', { name: 'ResourceConflictException', status: 409 }, 'busy', false],
  ['a nameless conflict', { name: 'Unknown', status: 409, requestId: 'r' }, 'busy', false],
  ['a throttle', { name: 'TooManyRequestsException', status: 429 }, 'throttled', false],
  ['a throttle that only its status tells', { name: 'Unknown', status: 429 }, 'throttled', false],
  ['a throttle with an unusual status', { name: 'ThrottlingException', status: 400 }, 'throttled', false],
  ['an internal error', { name: 'ServiceException', status: 500 }, 'unavailable', true],
  ['an html 502', { name: 'SyntaxError', message: 'Unexpected token <', status: 502 }, 'unavailable', true],
  ['an unreadable 202', { name: 'TypeError', status: 202 }, 'unavailable', true],
  ['a hung request', { name: 'TimeoutError', code: 'ETIMEDOUT' }, 'unavailable', true],
  ['a reset', { code: 'ECONNRESET', syscall: 'read' }, 'unavailable', true],
  ['a broken pipe', { code: 'EPIPE', syscall: 'write' }, 'unavailable', true],
  ['a refused connection', { code: 'ECONNREFUSED', syscall: 'connect' }, 'unavailable', false],
  [
    'a connection that timed out in the kernel',
    { code: 'ETIMEDOUT', syscall: 'connect' },
    'unavailable',
    false,
  ],
  ['an unknown host', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'unavailable', false],
  ['a DNS hiccup', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'unavailable', false],
  ['a certificate that nobody knows', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'unavailable', false],
  ['something never seen', { message: 'boom' }, 'unavailable', true],
  ['an expired token', { name: 'ExpiredTokenException', status: 403 }, 'credentials', false],
  ['an unknown key', { name: 'UnrecognizedClientException', status: 403 }, 'credentials', false],
  ['an unknown key at STS', { name: 'InvalidClientTokenId', status: 403 }, 'credentials', false],
  ['a wrong signature', { name: 'InvalidSignatureException', status: 403 }, 'credentials', false],
  ['a provider that finds nothing', { name: 'CredentialsProviderError' }, 'credentials', false],
  ['IAM', { name: 'AccessDeniedException', status: 403 }, 'denied', false],
  ['a nameless 403 from AWS', { name: 'Unknown', status: 403, requestId: 'r' }, 'denied', false],
  ['a 403 from a proxy', { name: 'SyntaxError', status: 403 }, 'unavailable', true],
  ['an unknown mapping', { name: 'ResourceNotFoundException', status: 404 }, 'not-found', false],
  ['a nameless 404 from AWS', { name: 'Unknown', status: 404, requestId: 'r' }, 'not-found', false],
  ['a 404 from a proxy', { name: 'Unknown', status: 404 }, 'unavailable', true],
  [
    'a bad argument',
    { name: 'InvalidParameterValueException', message: 'BatchSize', status: 400 },
    'invalid',
    false,
  ],
  ['a failed constraint', { name: 'ValidationException', status: 400 }, 'invalid', false],
];

describe('classify', () => {
  test.each(ROWS)('%s', (_, error, kind, mayHaveHappened) => {
    const failure = classify(thrown(error), OPERATION);
    expect({ kind: failure.kind, mayHaveHappened: failure.mayHaveHappened }).toEqual({
      kind,
      mayHaveHappened,
    });
    expect(failure.message).toMatch(/^UpdateEventSourceMapping: /);
  });

  test.each([
    'The function execution role does not have permissions to call ReceiveMessage on SQS',
    'The role defined for the function cannot be assumed by Lambda.',
    'Please ensure the role can perform the GetRecords action',
  ])('sees that the function’s role stands in the way: %s', (message) => {
    const error = thrown({ name: 'InvalidParameterValueException', message, status: 400 });
    expect(classify(error, OPERATION).kind).toBe('role-not-ready');
  });

  test('reads the reason out of an AggregateError, as a host with several addresses gives it', () => {
    const error = new AggregateError([thrown({ code: 'ECONNREFUSED', syscall: 'connect' })]);
    expect(classify(error, OPERATION)).toMatchObject({ kind: 'unavailable', mayHaveHappened: false });
  });

  test('names the missing action and where to allow it', () => {
    const error = thrown({ name: 'AccessDeniedException', message: 'nope', status: 403 });
    const { message } = classify(error, OPERATION);
    expect(message).toContain('Allow lambda:UpdateEventSourceMapping on the mapping');
  });

  test('takes the action from AWS’ own words when these name another', () => {
    const message =
      'User: arn:aws:iam::1:user/u is not authorized to perform: kms:Decrypt on resource: arn:…';
    const error = thrown({ name: 'AccessDeniedException', message, status: 403 });
    expect(classify(error, OPERATION).message).toContain('Allow kms:Decrypt');
  });

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'soon' }, undefined],
  ])('reads Retry-After from %j', (headers, retryAfterMs) => {
    const error = thrown({ name: 'TooManyRequestsException', status: 429, headers });
    expect(classify(error, OPERATION, 0).retryAfterMs).toBe(retryAfterMs);
  });

  test('keeps status and request id, for AWS support asks for it', () => {
    const failure = classify(
      thrown({ name: 'ServiceException', status: 500, requestId: 'abc-1' }),
      OPERATION,
    );
    expect(failure).toMatchObject({ status: 500, requestId: 'abc-1' });
    expect(failure.message).toContain('request id abc-1');
  });

  test('leaves an error that is sorted already alone', () => {
    const first = classify(thrown({}), OPERATION);
    expect(classify(first, 'Other')).toBe(first);
  });

  test('survives anything that can be thrown', () => {
    for (const odd of [undefined, null, 'text', 7, {}, []])
      expect(classify(odd, OPERATION).kind).toBe('unavailable');
  });
});

describe('classify, when there are no credentials', () => {
  const wrap = (cause: Error): Error =>
    new CredentialsError('role r on IRSA', new CredentialsError('IRSA', cause));

  test.each<readonly [string, Thrown, AwsErrorKind]>([
    ['STS is down', { name: 'ServiceUnavailable', status: 503 }, 'unavailable'],
    ['STS can’t be reached', { code: 'ECONNRESET', syscall: 'read' }, 'unavailable'],
    ['STS is busy', { name: 'Throttling', status: 400 }, 'throttled'],
    ['the role refuses us', { name: 'AccessDenied', status: 403 }, 'denied'],
    ['the web identity is refused', { name: 'InvalidIdentityToken', status: 400 }, 'credentials'],
    ['the role does not exist', { name: 'ValidationError', status: 400 }, 'credentials'],
    ['the file is broken', { name: 'CredentialsProviderError' }, 'credentials'],
    ['the token file is not there', { code: 'ENOENT', syscall: 'open' }, 'credentials'],
  ])('%s: nothing reached Lambda', (_, error, kind) => {
    expect(classify(wrap(thrown(error)), OPERATION)).toMatchObject({ kind, mayHaveHappened: false });
  });
});

describe('what a message never holds', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const token = 'FwoGZXIvYXdzE'.repeat(20);

  test.each([
    [
      'a canonical request',
      `The Canonical String for this request should have been 'PUT x-amz-security-token:${token}'`,
    ],
    ['a session token', `token ${token} is expired`],
    ['a secret key', `got ${secret}`],
    ['a web identity token', 'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl was refused'],
    ['a pre-signed URL', `see https://bucket.s3.amazonaws.com/code?X-Amz-Signature=${'ab12'.repeat(16)}&x=1`],
  ])('%s', (_, message) => {
    const failure = classify(thrown({ name: 'InvalidSignatureException', message, status: 403 }), OPERATION);
    const all = `${failure.message} ${failure.stack ?? ''} ${JSON.stringify(failure)} ${String(failure.cause)}`;
    for (const planted of [secret, token, 'eyJhbGci', 'ab12ab12']) expect(all).not.toContain(planted);
    expect(failure.cause).not.toHaveProperty('$response');
  });
});
