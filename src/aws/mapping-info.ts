import type { EventSourceMappingConfiguration, GetFunctionResponse } from '@aws-sdk/client-lambda';
import type { FunctionInfo, MappingInfo, SourceType } from './gateway.ts';
import { present } from './present.ts';

/** Picks what we keep. @throws Error when the answer is no mapping, e.g. because a proxy gave it. */
export function toMappingInfo(mapping: EventSourceMappingConfiguration): MappingInfo {
  const { UUID: uuid, State: state, FunctionArn: functionArn } = mapping;
  if (uuid === undefined || state === undefined)
    throw new Error('the answer has no UUID or no State, so it is no mapping');
  return {
    uuid,
    state,
    functionArn: functionArn ?? '',
    ...sourceOf(mapping),
    ...present({
      stateTransitionReason: mapping.StateTransitionReason,
      lastModifiedMs: mapping.LastModified?.getTime(),
      batchSize: mapping.BatchSize,
      startingPosition: mapping.StartingPosition,
      maximumRecordAgeSeconds: mapping.MaximumRecordAgeInSeconds,
      lastProcessingResult: mapping.LastProcessingResult,
    }),
  };
}

/** Never `Code` (a pre-signed URL of the function's code) and never `Environment`. */
export function toFunctionInfo(answer: GetFunctionResponse): FunctionInfo {
  const { Configuration: configuration, Concurrency: concurrency } = answer;
  if (configuration?.FunctionArn === undefined)
    throw new Error('the answer has no FunctionArn, so it is no function');
  return {
    arn: configuration.FunctionArn,
    state: configuration.State ?? 'unknown',
    ...present({
      stateReason: configuration.StateReason,
      lastUpdateStatus: configuration.LastUpdateStatus,
      reservedConcurrency: concurrency?.ReservedConcurrentExecutions,
    }),
  };
}

interface Source {
  readonly sourceType: SourceType;
  readonly sourceName: string;
}

/** By the service in `arn:partition:service:region:account:resource`. DocumentDB clusters have `rds` there. */
const SERVICES: Readonly<Record<string, SourceType>> = {
  sqs: 'sqs',
  kinesis: 'kinesis',
  dynamodb: 'dynamodb',
  kafka: 'msk',
  mq: 'mq',
  rds: 'documentdb',
};

/** What feeds the mapping. Self-managed Kafka has no ARN. */
export function sourceOf(mapping: EventSourceMappingConfiguration): Source {
  const topic = [...(mapping.Topics ?? []), ...(mapping.Queues ?? [])][0];
  const brokers = mapping.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS;
  if (brokers !== undefined) return { sourceType: 'kafka', sourceName: topic ?? brokers[0] ?? 'Kafka' };
  const source = sourceOfArn(mapping.EventSourceArn ?? 'unknown');
  return topic === undefined ? source : { ...source, sourceName: `${source.sourceName}/${topic}` };
}

function sourceOfArn(arn: string): Source {
  const [, , service = '', , , ...resource] = arn.split(':');
  const sourceType = SERVICES[service] ?? 'unknown';
  return { sourceType, sourceName: nameOf(sourceType, resource.join(':')) ?? arn };
}

/** `queue`, `stream/NAME`, `table/NAME/stream/…`, `cluster/NAME/uuid`, `broker:NAME:id`, `cluster:NAME`. */
function nameOf(type: SourceType, resource: string): string | undefined {
  switch (type) {
    case 'sqs':
      return resource;
    case 'kinesis':
    case 'dynamodb':
    case 'msk':
      return resource.split('/')[1];
    case 'mq':
    case 'documentdb':
      return resource.split(':')[1];
    case 'kafka':
    case 'unknown':
      return undefined;
  }
}
