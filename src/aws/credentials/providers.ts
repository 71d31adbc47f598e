import type { CredentialProvider } from './identity.ts';
import type { CredentialSource } from './source.ts';

/** How the providers' own STS clients are built: always in REGION, with time-outs, no retries of minutes. */
export interface StsSettings {
  readonly [setting: string]: unknown;
  readonly region: string;
  readonly logger: SdkLogger;
}

/** The part of a logger that the SDK calls. */
export interface SdkLogger {
  readonly trace: () => void;
  readonly debug: () => void;
  readonly info: () => void;
  readonly warn: (...content: unknown[]) => void;
  readonly error: () => void;
}

export interface ProviderOptions {
  readonly sts: StsSettings;
  readonly sessionName: string;
  /** Milliseconds for one request to the node's metadata service. */
  readonly endpointMs: number;
}

/** The SDK's provider for one source, loaded on first use: most runs need one of them, and start-up time is shared by all. */
export function providerOf(source: CredentialSource, options: ProviderOptions): CredentialProvider {
  const { sts, sessionName, endpointMs } = options;
  return async () => {
    const sdk = await import('@aws-sdk/credential-providers');
    const { logger } = sts;
    switch (source.kind) {
      case 'file':
        return sdk.fromIni({ ...fileOptions(source), clientConfig: sts, parentClientConfig: sts, logger })();
      case 'environment':
        return sdk.fromEnv({ logger })();
      case 'web-identity':
        return sdk.fromTokenFile({
          webIdentityTokenFile: source.tokenFile,
          roleArn: source.roleArn,
          roleSessionName: sessionName,
          clientConfig: sts,
          logger,
        })();
      case 'container':
        // fromContainerMetadata refuses the Pod Identity agent's address; fromHttp does not. Its time-out merely prints
        // to the console, so it is off and the bound around every fetch ends the wait.
        return sdk.fromHttp({ ...containerOptions(source), timeout: 0, maxRetries: 0, logger })();
      case 'node-metadata':
        return sdk.fromInstanceMetadata({ timeout: endpointMs, maxRetries: 1, logger })();
    }
  };
}

/** The SDK keeps a parsed file for the life of the process; a rotated Secret would never be seen. */
const fileOptions = ({ path, profile }: Extract<CredentialSource, { kind: 'file' }>) =>
  path === undefined
    ? { profile, ignoreCache: true }
    : // The same file as config file, so that ~/.aws/config can't add to a profile of it.
      { profile, ignoreCache: true, filepath: path, configFilepath: path };

const containerOptions = (source: Extract<CredentialSource, { kind: 'container' }>) => ({
  ...(source.relativeUri === undefined ? {} : { awsContainerCredentialsRelativeUri: source.relativeUri }),
  ...(source.fullUri === undefined ? {} : { awsContainerCredentialsFullUri: source.fullUri }),
  ...(source.tokenFile === undefined ? {} : { awsContainerAuthorizationTokenFile: source.tokenFile }),
});

export interface AssumedRole {
  readonly arn: string;
  readonly externalId?: string;
}

/** A role on top of `base`. */
export function assumedRoleProvider(
  role: AssumedRole,
  base: CredentialProvider,
  { sts, sessionName }: ProviderOptions,
): CredentialProvider {
  return async () => {
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    return fromTemporaryCredentials({
      masterCredentials: base,
      params: {
        RoleArn: role.arn,
        RoleSessionName: sessionName,
        ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
      },
      clientConfig: sts,
      logger: sts.logger,
    })();
  };
}
