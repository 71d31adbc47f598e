import { read, type Environment, type Report } from '../environment.ts';
import { present } from '../present.ts';
import { quote } from '../redact.ts';

/** Which credential sources the environment offers; `select.ts` says which of them wins. */
export interface CredentialSettings {
  /** AWS_AUTHENTICATION_SECRET: a path, or the name of a mounted Secret. */
  readonly authenticationSecret?: string;
  readonly sharedCredentialsFile?: string;
  readonly profile?: string;
  readonly environmentKeys: boolean;
  readonly webIdentity?: { readonly tokenFile: string; readonly roleArn: string };
  readonly container?: {
    readonly relativeUri?: string;
    readonly fullUri?: string;
    readonly tokenFile?: string;
  };
  readonly nodeMetadata: boolean;
  readonly assumeRole?: { readonly arn: string; readonly externalId?: string };
  /** For `~/.aws/credentials` when run outside a cluster. */
  readonly home?: string;
}

/** Reads and checks everything about credentials. */
export function readCredentialSettings(env: Environment, report: Report): CredentialSettings {
  checkPairs(env, report);
  const optional = {
    authenticationSecret: readSecretName(env, report),
    sharedCredentialsFile: read(env, 'AWS_SHARED_CREDENTIALS_FILE'),
    profile: read(env, 'AWS_PROFILE'),
    webIdentity: readWebIdentity(env),
    container: readContainer(env),
    assumeRole: readAssumeRole(env, report),
    home: read(env, 'HOME'),
  };
  return {
    environmentKeys:
      read(env, 'AWS_ACCESS_KEY_ID') !== undefined && read(env, 'AWS_SECRET_ACCESS_KEY') !== undefined,
    nodeMetadata: readNodeMetadata(env, report),
    ...present(optional),
  };
}

function checkPairs(env: Environment, report: Report): void {
  const [id, secret] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
  const [hasId, hasSecret] = [read(env, id) !== undefined, read(env, secret) !== undefined];
  if (hasId === hasSecret) return;
  const [missing, present] = hasId ? [secret, id] : [id, secret];
  report(missing, `is empty although ${present} is set; wanted are both, or neither to use another source`);
}

function readSecretName(env: Environment, report: Report): string | undefined {
  const value = read(env, 'AWS_AUTHENTICATION_SECRET');
  if (value === undefined || !quote(value).startsWith('a value of')) return value;
  report(
    'AWS_AUTHENTICATION_SECRET',
    `got ${quote(value)}; wanted is the path of a mounted credentials file or the name of a mounted Secret, e.g. cloud-secret`,
  );
  return undefined;
}

function readWebIdentity(env: Environment): CredentialSettings['webIdentity'] {
  const [tokenFile, roleArn] = [read(env, 'AWS_WEB_IDENTITY_TOKEN_FILE'), read(env, 'AWS_ROLE_ARN')];
  return tokenFile === undefined || roleArn === undefined ? undefined : { tokenFile, roleArn };
}

function readContainer(env: Environment): CredentialSettings['container'] {
  const relativeUri = read(env, 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI');
  const fullUri = read(env, 'AWS_CONTAINER_CREDENTIALS_FULL_URI');
  if (relativeUri === undefined && fullUri === undefined) return undefined;
  return present({ relativeUri, fullUri, tokenFile: read(env, 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE') });
}

function readNodeMetadata(env: Environment, report: Report): boolean {
  const name = 'AWS_EC2_METADATA_DISABLED';
  const value = read(env, name)?.toLowerCase() ?? 'true';
  if (value !== 'true' && value !== 'false') {
    report(
      name,
      `got ${quote(value)}; wanted is true (the default) or false, which lends the node's own role to the run`,
    );
  }
  return value === 'false';
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

function readAssumeRole(env: Environment, report: Report): CredentialSettings['assumeRole'] {
  const [arn, externalId] = [read(env, 'ASSUME_ROLE_ARN'), read(env, 'ASSUME_ROLE_EXTERNAL_ID')];
  const example = 'e.g. arn:aws:iam::123456789012:role/chaos';
  if (arn !== undefined && !ROLE_ARN.test(arn)) {
    report('ASSUME_ROLE_ARN', `got ${quote(arn)}; wanted is the ARN of an IAM role, ${example}`);
  }
  if (externalId !== undefined && arn === undefined) {
    report(
      'ASSUME_ROLE_EXTERNAL_ID',
      `is set although ASSUME_ROLE_ARN is empty; wanted is the role too, ${example}`,
    );
  }
  if (externalId !== undefined && !EXTERNAL_ID.test(externalId)) {
    report(
      'ASSUME_ROLE_EXTERNAL_ID',
      'has characters that STS refuses; wanted are 2 to 1224 of letters, digits and _+=,.@:/-, e.g. team-42',
    );
  }
  return arn === undefined ? undefined : { arn, ...present({ externalId }) };
}
