import { CredentialsError } from './credentials/error.ts';
import { readError, type ErrorFacts } from './error-facts.ts';
import { AwsError, type AwsErrorKind } from './errors.ts';
import { permissionHint } from './permissions.ts';
import { redact } from './redact.ts';

/** Refused because of who asks or with which keys; the names differ between Lambda and STS. */
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'InvalidToken',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'InvalidIdentityToken',
  'InvalidIdentityTokenException',
  'IDPCommunicationError',
  'IDPRejectedClaim',
]);

const THROTTLING_NAMES: ReadonlySet<string> = new Set([
  'TooManyRequestsException',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
]);

const BUSY_NAMES: ReadonlySet<string> = new Set(['ResourceInUseException', 'ResourceConflictException']);

/** Lambda has no error name of its own for this, so here alone the text decides. */
const ROLE_TROUBLE = /execution role|cannot be assumed by lambda|ensure the role can|role.{0,40}permission/i;

/** No connection was made, so nothing was sent. */
const NOT_SENT_CODES =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_.*|.*_CERT_.*|.*_CERT|UNABLE_TO_.*)$/;

/** A file of keys or a token file, not the network. */
const FILE_CODES = /^(ENOENT|ENOTDIR|EISDIR|EACCES|EPERM)$/;

/**
 * Sorts anything that a call to AWS can throw by what to do about it. The message is one line with AWS' own words
 * and the request id, and neither it nor the cause carries a credential.
 */
export function classify(error: unknown, operation: string, nowMs: number = Date.now()): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof CredentialsError) return unsigned(error, operation, nowMs);
  const facts = readError(error, nowMs);
  const kind = kindOf(facts);
  return awsError({ facts, kind, operation, mayHaveHappened: mayHaveHappened(facts, kind) });
}

/** Nothing was sent to the service, whatever happened between the credential source and us. */
function unsigned(error: CredentialsError, operation: string, nowMs: number): AwsError {
  const facts = readError(error.root, nowMs);
  const local = facts.status === undefined && (facts.code === undefined || FILE_CODES.test(facts.code));
  const rootKind = local ? 'credentials' : kindOf(facts);
  const kept: readonly AwsErrorKind[] = ['unavailable', 'throttled', 'denied'];
  const kind = kept.includes(rootKind) ? rootKind : 'credentials';
  const message = `no credentials from ${error.message}`;
  return awsError({ facts: { ...facts, message }, kind, operation, mayHaveHappened: false });
}

/** The rules from most to least certain; the first that applies decides. */
const RULES: readonly (readonly [AwsErrorKind, (facts: ErrorFacts) => boolean])[] = [
  ['busy', (f) => BUSY_NAMES.has(f.name)],
  ['credentials', (f) => CREDENTIAL_NAMES.has(f.name)],
  ['throttled', (f) => f.status === 429 || THROTTLING_NAMES.has(f.name)],
  // Safety: a proxy's 404 must not read as "the mapping is gone", nor its 403 as "IAM said no": both end retries.
  ['unavailable', (f) => !answeredByAws(f)],
  ['role-not-ready', (f) => f.name === 'InvalidParameterValueException' && ROLE_TROUBLE.test(f.message)],
  ['busy', (f) => f.status === 409],
  ['not-found', (f) => f.status === 404],
  ['credentials', (f) => f.status === 401],
  ['denied', (f) => f.status === 403],
];

const kindOf = (facts: ErrorFacts): AwsErrorKind =>
  RULES.find(([, applies]) => applies(facts))?.[0] ?? 'invalid';

/** AWS names its errors or at least numbers its answers; a body that the SDK could not parse is somebody else's. */
function answeredByAws(facts: ErrorFacts): boolean {
  const { status, name } = facts;
  if (status === undefined || status < 400 || status >= 500 || status === 408) return false;
  const named = name !== 'Unknown' && name !== 'Error' && !/^(Syntax|Type|Range)Error$/.test(name);
  return named || (name === 'Unknown' && facts.requestId !== undefined);
}

function mayHaveHappened(facts: ErrorFacts, kind: AwsErrorKind): boolean {
  if (kind !== 'unavailable') return false;
  if (facts.status !== undefined) return true;
  const connecting = facts.syscall === 'connect' || facts.syscall === 'getaddrinfo';
  return !connecting && !NOT_SENT_CODES.test(facts.code ?? '');
}

interface Classified {
  readonly facts: ErrorFacts;
  readonly kind: AwsErrorKind;
  readonly operation: string;
  readonly mayHaveHappened: boolean;
}

function awsError({ facts, kind, operation, mayHaveHappened: maybe }: Classified): AwsError {
  const { status, requestId, retryAfterMs } = facts;
  return new AwsError(sentence(facts, kind, operation), {
    kind,
    operation,
    mayHaveHappened: maybe,
    cause: harmlessCause(facts),
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const LONGEST_MESSAGE = 700;

function sentence(facts: ErrorFacts, kind: AwsErrorKind, operation: string): string {
  const garbled = /^(Syntax|Type|Range)Error$/.test(facts.name) && facts.status !== undefined;
  const said = garbled ? 'the answer could not be read, so it may not be from AWS' : oneLine(facts.message);
  const details = [
    facts.name === 'Error' ? facts.code : facts.name,
    facts.status === undefined ? undefined : `HTTP ${facts.status}`,
    facts.requestId === undefined ? undefined : `request id ${facts.requestId}`,
  ].filter((detail) => detail !== undefined);
  const hint = kind === 'denied' ? ` ${permissionHint(operation, facts.message)}` : '';
  return `${operation}: ${said} (${details.join(', ')})${hint}`;
}

const oneLine = (message: string): string =>
  redact(message).replace(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE);

/** The SDK's error holds the whole response in `$response`, and a logger prints causes: only name and text go on. */
function harmlessCause(facts: ErrorFacts): Error {
  const cause = new Error(oneLine(facts.message));
  cause.name = facts.name;
  return cause;
}
