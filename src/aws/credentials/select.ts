import { join } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import { CredentialsError } from './error.ts';
import { findMountedFile, kindOf, LITMUS_FILE } from './mounted-file.ts';
import type { CredentialSettings } from './settings.ts';
import { describeSource, type CredentialSource } from './source.ts';

export interface Selection {
  readonly winner: CredentialSource;
  /** Sources that are present too and are not used. */
  readonly losers: readonly CredentialSource[];
}

/**
 * Decides where credentials come from. The order, first present wins:
 * 1. AWS_AUTHENTICATION_SECRET: that file alone; nothing else is looked at;
 * 2. the shared credentials file, when AWS_PROFILE names a profile in it;
 * 3. environment keys;
 * 4. the shared credentials file: AWS_SHARED_CREDENTIALS_FILE, /tmp/cloud_config.yml where mounted, ~/.aws/credentials;
 * 5. IRSA; 6. Pod Identity or another container endpoint;
 * 7. the node's metadata service, with AWS_EC2_METADATA_DISABLED=false only.
 * These are the winners that the AWS SDKs and the CLI have for the same environment. Unlike there, a winner that
 * turns out to be broken is an error and never makes way for another identity.
 * @throws CredentialsError when nothing is present or an explicitly named file is missing
 */
export async function selectSource(settings: CredentialSettings, root = '/'): Promise<Selection> {
  const { authenticationSecret, profile = 'default' } = settings;
  if (authenticationSecret !== undefined) {
    const path = await explicitFile(authenticationSecret, root);
    return { winner: { kind: 'file', path, profile }, losers: [] };
  }
  const file = await sharedFile(settings, root);
  const keys = settings.environmentKeys ? [{ kind: 'environment' } as const] : [];
  const present: CredentialSource[] = [
    ...(settings.profile === undefined ? [...keys, ...file] : [...file, ...keys]),
    ...(settings.webIdentity === undefined
      ? []
      : [{ kind: 'web-identity', ...settings.webIdentity } as const]),
    ...(settings.container === undefined ? [] : [{ kind: 'container', ...settings.container } as const]),
    ...(settings.nodeMetadata ? [{ kind: 'node-metadata' } as const] : []),
  ];
  const [winner, ...losers] = present;
  if (winner === undefined) throw nothingFound();
  return { winner, losers };
}

async function explicitFile(value: string, root: string): Promise<string> {
  try {
    return await findMountedFile(value, root);
  } catch (error) {
    throw new CredentialsError('AWS_AUTHENTICATION_SECRET', new Error(messageOf(error)));
  }
}

async function sharedFile(settings: CredentialSettings, root: string): Promise<CredentialSource[]> {
  const { sharedCredentialsFile: named, profile = 'default', home } = settings;
  // Litmus' experiments name /tmp/cloud_config.yml whether or not the Secret is mounted.
  if (named !== undefined && named !== LITMUS_FILE) {
    if ((await kindOf(named)) === 'file') return [{ kind: 'file', path: named, profile }];
    throw new CredentialsError(
      'AWS_SHARED_CREDENTIALS_FILE',
      new Error(`${named} does not exist or is no file`),
    );
  }
  const litmus = join(root, LITMUS_FILE);
  if ((await kindOf(litmus)) === 'file') return [{ kind: 'file', path: litmus, profile }];
  const atHome = home !== undefined && (await kindOf(join(home, '.aws', 'credentials'))) === 'file';
  return atHome || settings.profile !== undefined ? [{ kind: 'file', profile }] : [];
}

const nothingFound = (): CredentialsError =>
  new CredentialsError(
    'AWS credentials',
    new Error(
      'none found. Looked for AWS_AUTHENTICATION_SECRET, AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, ' +
        `AWS_SHARED_CREDENTIALS_FILE, ${LITMUS_FILE}, ~/.aws/credentials, AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN (IRSA), ` +
        'AWS_CONTAINER_CREDENTIALS_FULL_URI (Pod Identity); the node’s metadata service is asked with AWS_EC2_METADATA_DISABLED=false only',
    ),
  );

/** A sentence for the log: which source won, and which were passed over. */
export function describeSelection({ winner, losers }: Selection): string {
  const passedOver = losers.map(describeSource).join(', ');
  const aside = passedOver === '' ? '' : `; also present and not used: ${passedOver}`;
  return `AWS credentials come from ${describeSource(winner)}${aside}`;
}
