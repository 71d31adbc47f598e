import { LambdaClient } from '@aws-sdk/client-lambda';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Emit } from '../runtime/events.ts';
import type { AwsConfig } from './config.ts';
import type { CredentialProvider } from './credentials/identity.ts';
import type { StsSettings } from './credentials/providers.ts';
import { sdkLogger } from './sdk-logger.ts';

/** Milliseconds. */
export interface AwsTimeouts {
  readonly connectMs: number;
  /** From the request to the answer's first byte, and between two pieces of its body. */
  readonly requestMs: number;
  /** One fetch of credentials. */
  readonly credentialsMs: number;
  /** A whole call, credentials included. */
  readonly callMs: number;
}

/** The SDK has none of its own: a hung socket would hold a revert for ever. */
export const DEFAULT_TIMEOUTS: AwsTimeouts = {
  connectMs: 3_000,
  requestMs: 10_000,
  credentialsMs: 15_000,
  callMs: 30_000,
};

export interface ClientOptions {
  readonly config: AwsConfig;
  readonly timeouts: AwsTimeouts;
  /** For the user agent, which CloudTrail shows. */
  readonly experiment: string;
  readonly emit: Emit;
}

/** @param previous the client that this one replaces after a renewal of credentials */
export function createLambdaClient(
  options: ClientOptions,
  credentials: CredentialProvider,
  previous?: LambdaClient,
): LambdaClient {
  const endpoint = options.config.endpoints.lambda;
  const client = new LambdaClient({
    ...shared(options),
    credentials,
    // The loops that call us own the deadline; a hidden second attempt of a write would not be in the journal.
    maxAttempts: 1,
    // Kept over a renewal: closing it would cut the calls that are still in flight.
    requestHandler: previous?.config.requestHandler ?? requestHandler(options.timeouts),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  if (previous !== undefined) carryClockOffset(previous, client);
  return client;
}

/** A node whose clock is off is refused once, then the SDK corrects; a new client would be refused again and again. */
function carryClockOffset(from: LambdaClient, to: LambdaClient): void {
  to.config.systemClockOffset = from.config.systemClockOffset;
}

/** Loaded on demand: a run asks STS once. */
export async function createStsClient(
  options: ClientOptions,
  credentials: CredentialProvider,
): Promise<STSClient> {
  const { STSClient: Client } = await import('@aws-sdk/client-sts');
  const endpoint = options.config.endpoints.sts;
  return new Client({
    ...shared(options),
    credentials,
    maxAttempts: STS_ATTEMPTS,
    requestHandler: requestHandler(options.timeouts),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

/** The second attempt is for a clock that is off, which the first one's answer corrects. */
const STS_ATTEMPTS = 2;

/** How the SDK's credential providers build their own STS clients: always in REGION. */
export function providerStsSettings(options: ClientOptions): StsSettings {
  const endpoint = options.config.endpoints.sts;
  return {
    ...shared(options),
    maxAttempts: STS_ATTEMPTS,
    requestHandler: requestHandler(options.timeouts),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** Where Lambda requests really go. */
export async function effectiveLambdaEndpoint({ region, endpoints }: AwsConfig): Promise<string> {
  if (endpoints.lambda !== undefined) return endpoints.lambda;
  const { config } = new LambdaClient({ region });
  const [UseFIPS, UseDualStack] = await Promise.all([
    config.useFipsEndpoint(),
    config.useDualstackEndpoint(),
  ]);
  return config.endpointProvider({ Region: region, UseFIPS, UseDualStack }).url.href;
}

const shared = ({ config, experiment, emit }: ClientOptions) => ({
  region: config.region,
  retryMode: 'standard' as const,
  customUserAgent: [['lambda-chaos-runner'], ['litmus', experiment]] satisfies [string, string?][] as [
    string,
    string?,
  ][],
  logger: sdkLogger(emit),
});

const requestHandler = ({ connectMs, requestMs }: AwsTimeouts) => ({
  connectionTimeout: connectMs,
  requestTimeout: requestMs,
  // Alone, requestTimeout merely logs.
  throwOnRequestTimeout: true as const,
  // The request time-out ends at the first byte; this one notices a body that stalls.
  socketTimeout: requestMs,
});
