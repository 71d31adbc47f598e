import type { Cloud } from '../model/cloud.ts';
import type { Session } from '../model/credentials.ts';
import type { Call } from './call.ts';
import { jsonReply, xmlReply, type Reply } from './replies.ts';

/** An STS answer that is an error. */
export class StsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 403) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Beliefs: form in, XML out, errors as <ErrorResponse>; only the web-identity call is unsigned. Source: wire samples. */
export function answerSts(cloud: Cloud, call: Call, now: number): Reply {
  const form = new URLSearchParams(call.body);
  if (call.operation === 'GetCallerIdentity') return callerIdentity(cloud, call);
  if (call.operation === 'AssumeRole') return assumeRole(cloud, { call, form, now });
  if (call.operation !== 'AssumeRoleWithWebIdentity') {
    throw new StsError('InvalidAction', 'Could not find operation', 400);
  }
  checkWebIdentity(cloud, form);
  return issue(cloud, { call, form, now });
}

export function stsErrorReply(error: StsError, requestId: string): Reply {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  const parts = `<Type>${fault}</Type><Code>${xml(error.code)}</Code><Message>${xml(error.message)}</Message>`;
  const body = `<ErrorResponse xmlns="${NAMESPACE}"><Error>${parts}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return xmlReply(error.status, body);
}

/**
 * The endpoint that AWS_CONTAINER_CREDENTIALS_FULL_URI names under EKS Pod Identity: the token file's content as
 * Authorization, all four members required (SDK source).
 */
export function answerPodIdentity(cloud: Cloud, token: string | undefined): Reply {
  const settings = cloud.options.podIdentity;
  if (settings === undefined || token !== settings.token) {
    return jsonReply(403, { code: 'AccessDenied', message: 'The token is not the expected one.' });
  }
  const at = cloud.now();
  const session = cloud.credentials.issue(settings.roleArn, 'pod-identity', { at, seconds: 21_600 });
  cloud.credentials.calls.push({
    action: 'PodIdentity',
    at,
    roleArn: settings.roleArn,
    issuedKey: session.accessKeyId,
  });
  return jsonReply(200, {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    Token: session.sessionToken,
    Expiration: new Date(session.expiresAt).toISOString(),
  });
}

interface StsRequest {
  readonly call: Call;
  readonly form: URLSearchParams;
  readonly now: number;
}

function callerIdentity(cloud: Cloud, call: Call): Reply {
  const key = call.signature?.accessKey ?? '';
  const [arn, account] = [cloud.credentials.arnOf(key), cloud.credentials.accountOf(key)];
  return result(
    'GetCallerIdentity',
    `<Arn>${xml(arn)}</Arn><UserId>${xml(key)}</UserId><Account>${account}</Account>`,
  );
}

function assumeRole(cloud: Cloud, request: StsRequest): Reply {
  const { call, form } = request;
  const roleArn = form.get('RoleArn') ?? '';
  const wanted = cloud.credentials.externalIdOf(roleArn);
  if (wanted !== undefined && wanted !== form.get('ExternalId')) {
    const who = cloud.credentials.arnOf(call.signature?.accessKey ?? '');
    throw new StsError(
      'AccessDenied',
      `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  return issue(cloud, request);
}

/**
 * Belief: a wrong audience is InvalidIdentityToken, everything else that the trust policy does not allow AccessDenied.
 * Source: AWS STS documentation, errors of AssumeRoleWithWebIdentity; not verified.
 */
function checkWebIdentity(cloud: Cloud, form: URLSearchParams): void {
  const token = form.get('WebIdentityToken') ?? '';
  if (token === '') throw new StsError('InvalidIdentityToken', 'The web identity token is empty.', 400);
  const wanted = cloud.credentials.webIdentityOf(form.get('RoleArn') ?? '');
  if (wanted === undefined) return;
  const { aud, sub } = claimsOf(token);
  if (![aud].flat().includes(wanted.aud))
    throw new StsError('InvalidIdentityToken', 'Incorrect token audience', 400);
  if (sub !== wanted.sub)
    throw new StsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
}

interface Claims {
  readonly aud?: string | readonly string[];
  readonly sub?: string;
}

function claimsOf(token: string): Claims {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  } catch {
    throw new StsError('InvalidIdentityToken', 'The ID Token provided is not a valid JWT.', 400);
  }
}

/** Belief: sessions last an hour where nothing is asked, and never less than fifteen minutes. Source: STS model. */
function issue(cloud: Cloud, { call, form, now }: StsRequest): Reply {
  const roleArn = form.get('RoleArn') ?? '';
  const sessionName = form.get('RoleSessionName') ?? '';
  const seconds = Number(form.get('DurationSeconds') ?? 3600);
  if (!roleArn.startsWith('arn:') || sessionName === '' || !(seconds >= 900 && seconds <= 43_200)) {
    throw new StsError(
      'ValidationError',
      '1 validation error detected in RoleArn, RoleSessionName or DurationSeconds',
      400,
    );
  }
  const session = cloud.credentials.issue(roleArn, sessionName, { at: now, seconds });
  cloud.credentials.calls.push({
    action: call.operation,
    at: now,
    roleArn,
    issuedKey: session.accessKeyId,
    accessKey: call.signature?.accessKey,
    region: call.signature?.region,
    roleSessionName: sessionName,
    externalId: form.get('ExternalId') ?? undefined,
  });
  return result(call.operation, `<Credentials>${credentialsXml(session)}</Credentials>${userXml(session)}`);
}

function credentialsXml(session: Session): string {
  return (
    `<AccessKeyId>${session.accessKeyId}</AccessKeyId><SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>` +
    `<SessionToken>${session.sessionToken}</SessionToken>` +
    `<Expiration>${new Date(session.expiresAt).toISOString()}</Expiration>`
  );
}

function userXml(session: Session): string {
  const id = `AROASTANDIN:${session.arn.split('/').at(-1) ?? ''}`;
  return `<AssumedRoleUser><Arn>${xml(session.arn)}</Arn><AssumedRoleId>${xml(id)}</AssumedRoleId></AssumedRoleUser>`;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

function result(action: string, content: string): Reply {
  const inner = `<${action}Result>${content}</${action}Result>`;
  return xmlReply(200, `<${action}Response xmlns="${NAMESPACE}">${inner}</${action}Response>`);
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
