import { arnIn, type Place } from './naming.ts';

export type SourceType = 'sqs' | 'kinesis' | 'dynamodb' | 'msk' | 'kafka' | 'mq' | 'documentdb';

export const SOURCE_TYPES: readonly SourceType[] = [
  'sqs',
  'kinesis',
  'dynamodb',
  'msk',
  'kafka',
  'mq',
  'documentdb',
];

/** What Lambda polls. `arn` is absent for self-managed Kafka only (recorded). */
export interface Source {
  readonly type: SourceType;
  readonly name: string;
  readonly arn: string | undefined;
}

const ARN_SERVICES: Readonly<Record<string, SourceType>> = {
  sqs: 'sqs',
  kinesis: 'kinesis',
  dynamodb: 'dynamodb',
  kafka: 'msk',
  mq: 'mq',
  rds: 'documentdb',
};

const ARN_RESOURCES: Readonly<Record<Exclude<SourceType, 'kafka'>, (name: string) => [string, string]>> = {
  sqs: (name) => ['sqs', name],
  kinesis: (name) => ['kinesis', `stream/${name}`],
  dynamodb: (name) => ['dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`],
  msk: (name) => ['kafka', `cluster/${name}/2f1b6c5e-0a7d-4b39-8d53-6f1f0c9f7a11-3`],
  mq: (name) => ['mq', `broker:${name}:b-6a3f2d10-51c4-4a62-9f3b-0a4be0c7d6a2`],
  documentdb: (name) => ['rds', `cluster:${name}`],
};

export function sourceNamed(type: SourceType, name: string, place: Place): Source {
  if (type === 'kafka') return { type, name, arn: undefined };
  const [service, resource] = ARN_RESOURCES[type](name);
  return { type, name, arn: arnIn(place, service, resource) };
}

/** Undefined where the ARN belongs to no service that Lambda polls. */
export function sourceFromArn(arn: string): Source | undefined {
  const parts = arn.split(':');
  const type = ARN_SERVICES[parts[2] ?? ''];
  if (type === undefined) return undefined;
  const resource = parts.slice(5).join(':');
  const name = type === 'mq' ? parts[6] : resource.split('/')[1];
  return { type, name: name ?? resource, arn };
}

/**
 * Belief: the word for "somebody asked for this" differs by source. Recorded for SQS, self-managed Kafka, Kinesis and
 * DynamoDB; documented for DocumentDB; MSK and MQ are assumed to be like Kafka (not verified).
 */
export function userInitiated(type: SourceType): string {
  return ['kinesis', 'dynamodb', 'documentdb'].includes(type) ? 'User action' : 'USER_INITIATED';
}

/** Belief: SQS mappings never carry LastProcessingResult (recorded); all others do. */
export function hasLastResult(type: SourceType): boolean {
  return type !== 'sqs';
}

const STREAM_DEFAULTS = {
  StartingPosition: 'TRIM_HORIZON',
  BisectBatchOnFunctionError: false,
  DestinationConfig: { OnFailure: {} },
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  TumblingWindowInSeconds: 0,
};

const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-login-Ab12Cd';

/**
 * The attributes that a mapping of this source has when nobody set any. Recorded for SQS, Kinesis, DynamoDB and
 * self-managed Kafka; from the API model for MSK, MQ and DocumentDB.
 */
export function defaultAttributes(source: Source, uuid: string): Record<string, unknown> {
  const common = { BatchSize: 100, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] };
  const login = (type: string): unknown[] => [{ Type: type, URI: SECRET_ARN }];
  switch (source.type) {
    case 'sqs':
      return { ...common, BatchSize: 10 };
    case 'kinesis':
    case 'dynamodb':
      return { ...common, ...STREAM_DEFAULTS };
    case 'msk':
      return {
        ...common,
        StartingPosition: 'TRIM_HORIZON',
        Topics: [source.name],
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid },
      };
    case 'kafka':
      return {
        ...common,
        StartingPosition: 'TRIM_HORIZON',
        Topics: [source.name],
        SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka.example.com:9092'] } },
        SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid },
        SourceAccessConfigurations: login('BASIC_AUTH'),
      };
    case 'mq':
      return { ...common, Queues: [source.name], SourceAccessConfigurations: login('BASIC_AUTH') };
    case 'documentdb':
      return {
        ...common,
        StartingPosition: 'TRIM_HORIZON',
        DocumentDBEventSourceConfig: { DatabaseName: source.name, FullDocument: 'Default' },
      };
  }
}
