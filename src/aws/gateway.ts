/** The kinds of event source that Lambda polls. */
export type SourceType = 'sqs' | 'kinesis' | 'dynamodb' | 'msk' | 'kafka' | 'mq' | 'documentdb' | 'unknown';

/** What we keep of an EventSourceMappingConfiguration. */
export interface MappingInfo {
  readonly uuid: string;
  /** The function that it feeds, qualifier kept as AWS returns it. */
  readonly functionArn: string;
  /** A plain string in the Lambda API, so unknown values must be expected. */
  readonly state: string;
  readonly stateTransitionReason?: string;
  /** Milliseconds since the epoch. */
  readonly lastModifiedMs?: number;
  readonly sourceType: SourceType;
  /** Queue, stream, topic or broker name for a person. */
  readonly sourceName: string;
  readonly batchSize?: number;
  readonly startingPosition?: string;
  /** -1 means infinite. */
  readonly maximumRecordAgeSeconds?: number;
  readonly lastProcessingResult?: string;
}

/** What we keep of a GetFunction answer: never `Code`, never the function's environment. */
export interface FunctionInfo {
  readonly arn: string;
  readonly state: string;
  readonly stateReason?: string;
  readonly lastUpdateStatus?: string;
  readonly reservedConcurrency?: number;
}

/**
 * `forward` calls share the small budget (default 5 a second); `revert` calls share the account's physical
 * limit of 15 a second and never wait behind a forward call.
 */
export type Lane = 'forward' | 'revert';

export interface CallOptions {
  readonly lane: Lane;
  /** Ends waiting for the budget and the call itself. Never given to a revert call or to a write. */
  readonly signal?: AbortSignal;
}

/** A write is never cut off once it is on its way: its outcome would be unknown. */
export interface WriteOptions {
  readonly lane: Lane;
  /** Ends waiting for the budget, but no request that has begun. */
  readonly waitSignal?: AbortSignal;
  /** Awaited after the budget has let the call through, immediately before it is sent; what it throws is passed on as it is. */
  readonly beforeSend?: () => Promise<void>;
}

/**
 * The Lambda calls that the product makes. Each sends one request and does not retry: the loops that call it own
 * the deadline. Every failure is an `AwsError` (or the signal's reason).
 */
export interface MappingGateway {
  /** `qualifier` apart from the name, as GetFunction takes it. */
  getFunction(name: string, qualifier: string | undefined, options: CallOptions): Promise<FunctionInfo>;
  getMapping(uuid: string, options: CallOptions): Promise<MappingInfo>;
  /** Sends `{"Enabled": enabled}` and nothing else. */
  setEnabled(uuid: string, enabled: boolean, options: WriteOptions): Promise<MappingInfo>;
  /** One page of at most 100. */
  listMappings(
    functionName: string,
    marker: string | undefined,
    options: CallOptions,
  ): Promise<{ readonly mappings: readonly MappingInfo[]; readonly nextMarker?: string }>;
}

/** Who we are and for how long. */
export interface CallerIdentity {
  readonly arn: string;
  readonly account: string;
  /** Where the credentials came from, e.g. `file /tmp/cloud_config.yml [default]` or `IRSA role arn:…`. */
  readonly source: string;
  /** When they end, if they do. */
  readonly expiresAt?: Date;
  /** They renew themselves (IRSA, Pod Identity, assumed role on a renewable base). */
  readonly renewable: boolean;
  /** e.g. temporary keys without a known end. */
  readonly warnings: readonly string[];
}

export interface CallerInspector {
  /** Resolves credentials and asks STS. @throws AwsError of kind `credentials` or `unavailable`. */
  callerIdentity(options: { readonly signal?: AbortSignal }): Promise<CallerIdentity>;
}
