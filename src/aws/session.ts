import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '../runtime/clock.ts';
import type { Emit } from '../runtime/events.ts';
import { bounded } from './bounded.ts';
import { classify } from './classify.ts';
import {
  createLambdaClient,
  createStsClient,
  DEFAULT_TIMEOUTS,
  effectiveLambdaEndpoint,
  providerStsSettings,
  type AwsTimeouts,
  type ClientOptions,
} from './clients.ts';
import type { AwsConfig } from './config.ts';
import { buildChain, type CredentialChain } from './credentials/chain.ts';
import { sessionName } from './credentials/session-name.ts';
import type { AwsError } from './errors.ts';
import type { CallerIdentity } from './gateway.ts';

export interface AwsSessionDeps {
  readonly clock: Clock;
  readonly emit: Emit;
  /** Names the run in CloudTrail: role session and user agent. */
  readonly run: { readonly experiment: string; readonly uid: string };
  readonly timeouts?: Partial<AwsTimeouts>;
  /** What `/` is when mounted files are looked for, for tests. */
  readonly root?: string;
}

/** One identity at AWS, with the clients that use it. */
export interface AwsSession {
  readonly region: string;
  /** The URL that Lambda requests really go to, environment overrides included. */
  lambdaEndpoint(): Promise<string>;
  /**
   * Runs one Lambda call within the session's time-outs.
   * @param signal ends the call; without one nothing but its time-out does
   * @throws AwsError, or the signal's reason. After kind `credentials` the next call uses a new chain.
   */
  call<T>(
    operation: string,
    send: (client: LambdaClient, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Forgets credentials and clients, so that the next call reads everything anew; at most once every few seconds. */
  renew(): void;
  /** Resolves credentials and asks STS. @throws AwsError of kind `credentials`, `denied`, `throttled` or `unavailable` */
  callerIdentity(options: { readonly signal?: AbortSignal }): Promise<CallerIdentity>;
  /** Closes idle connections. */
  close(): void;
}

interface Connection {
  readonly chain: CredentialChain;
  readonly lambda: LambdaClient;
}

/** Many calls fail at once when a token is rotated; one new chain serves them all. */
const RENEW_SPACING_MS = 3_000;
/** The metadata service is on the same host. */
const LONGEST_LOCAL_ANSWER_MS = 5_000;

/** Opens nothing yet: the first call looks for credentials and loads what it needs. */
export function createAwsSession(config: AwsConfig, deps: AwsSessionDeps): AwsSession {
  return new Session(config, deps);
}

class Session implements AwsSession {
  readonly #config: AwsConfig;
  readonly #deps: AwsSessionDeps;
  readonly #timeouts: AwsTimeouts;
  #connection: Promise<Connection> | undefined;
  #last: LambdaClient | undefined;
  #renewedAtMs = -Infinity;

  constructor(config: AwsConfig, deps: AwsSessionDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...deps.timeouts };
    // Whoever may edit the environment may redirect signed requests; that must be seen.
    for (const [service, url] of Object.entries(config.endpoints)) {
      deps.emit({ type: 'note', message: `Requests to ${service} go to ${url}, not to AWS' own endpoint` });
    }
  }

  get region(): string {
    return this.#config.region;
  }

  async call<T>(
    operation: string,
    send: (client: LambdaClient, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#bounded(operation, async (ends) => send((await this.#connect()).lambda, ends), signal);
  }

  renew(): void {
    const now = this.#deps.clock.monotonicMs();
    if (now - this.#renewedAtMs < RENEW_SPACING_MS) return;
    this.#renewedAtMs = now;
    this.#connection = undefined;
  }

  async callerIdentity({ signal }: { readonly signal?: AbortSignal }): Promise<CallerIdentity> {
    return this.#bounded('GetCallerIdentity', (ends) => this.#askIdentity(ends), signal);
  }

  async lambdaEndpoint(): Promise<string> {
    return effectiveLambdaEndpoint(this.#config);
  }

  close(): void {
    this.#last?.destroy();
  }

  async #bounded<T>(
    operation: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const bound = { what: operation, ms: this.#timeouts.callMs, clock: this.#deps.clock };
    try {
      return await bounded(work, signal === undefined ? bound : { ...bound, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#failure(error, operation);
    }
  }

  #failure(error: unknown, operation: string): AwsError {
    const failure = classify(error, operation, this.#deps.clock.now().getTime());
    // Safety: a file may have been rotated, a token replaced; the caller's next attempt must see the new one.
    if (failure.kind === 'credentials') this.renew();
    return failure;
  }

  /** Single-flight; a chain that can't be built is not kept. */
  #connect(): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    const connection = this.#open();
    this.#connection = connection;
    connection.catch(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    return connection;
  }

  async #open(): Promise<Connection> {
    const { clock, emit, run, root } = this.#deps;
    const chain = await buildChain({
      settings: this.#config.credentials,
      clock,
      emit,
      fetchMs: this.#timeouts.credentialsMs,
      endpointMs: Math.min(this.#timeouts.requestMs, LONGEST_LOCAL_ANSWER_MS),
      sessionName: sessionName(run.experiment, run.uid),
      sts: providerStsSettings(this.#clientOptions()),
      ...(root === undefined ? {} : { root }),
    });
    const lambda = createLambdaClient(this.#clientOptions(), chain.provide, this.#last);
    this.#last = lambda;
    return { chain, lambda };
  }

  #clientOptions(): ClientOptions {
    const { emit, run } = this.#deps;
    return { config: this.#config, timeouts: this.#timeouts, experiment: run.experiment, emit };
  }

  async #askIdentity(signal: AbortSignal): Promise<CallerIdentity> {
    const { chain } = await this.#connect();
    const client = await createStsClient(this.#clientOptions(), chain.provide);
    const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
    try {
      const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
      const lifetime = await chain.lifetime();
      return { arn: Arn ?? 'unknown', account: Account ?? 'unknown', source: chain.source, ...lifetime };
    } finally {
      client.destroy();
    }
  }
}
