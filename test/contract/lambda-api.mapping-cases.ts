import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { expect } from '@jest/globals';
import { failureOf, FUNCTION, makeMapping, raw, read } from './lambda-api.probe.ts';
import type { Bench, ContractCase, CreatableSource } from './lambda-api.suite.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

async function members(bench: Bench, source: CreatableSource): Promise<Record<string, unknown>> {
  const { uuid } = await makeMapping(bench, { source });
  const answer = Object.entries(await read(bench, uuid));
  return Object.fromEntries(answer.filter(([name]) => name !== '$metadata'));
}

const COMMON = [
  'BatchSize',
  'EventSourceArn',
  'EventSourceMappingArn',
  'FunctionArn',
  'FunctionResponseTypes',
  'LastModified',
  'MaximumBatchingWindowInSeconds',
  'State',
  'StateTransitionReason',
  'UUID',
];

const STREAM = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'LastProcessingResult',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'TumblingWindowInSeconds',
];

const STREAM_VALUES = {
  BatchSize: 100,
  LastProcessingResult: 'No records processed',
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  StartingPosition: 'TRIM_HORIZON',
  StateTransitionReason: 'User action',
};

export const MAPPING_CASES: readonly ContractCase[] = [
  {
    id: 'shape-sqs',
    title: 'an SQS mapping has the recorded members and no LastProcessingResult',
    async run(bench) {
      const mapping = await members(bench, 'sqs');
      expect(Object.keys(mapping).sort()).toEqual(COMMON);
      expect(mapping).toMatchObject({ BatchSize: 10, StateTransitionReason: 'USER_INITIATED' });
    },
  },
  {
    id: 'shape-kinesis',
    title: 'a Kinesis mapping has the recorded members of a stream',
    async run(bench) {
      const mapping = await members(bench, 'kinesis');
      expect(Object.keys(mapping).sort()).toEqual([...COMMON, ...STREAM].sort());
      expect(mapping).toMatchObject(STREAM_VALUES);
    },
  },
  {
    id: 'shape-dynamodb',
    title: 'a DynamoDB Streams mapping has the recorded members of a stream',
    async run(bench) {
      const mapping = await members(bench, 'dynamodb');
      expect(Object.keys(mapping).sort()).toEqual([...COMMON, ...STREAM].sort());
      expect(mapping).toMatchObject(STREAM_VALUES);
    },
  },
  {
    id: 'shape-msk',
    title: 'an MSK mapping has topics and a consumer group',
    async run(bench) {
      const mapping = await members(bench, 'msk');
      expect(mapping).toMatchObject({ Topics: ['queue'], StateTransitionReason: 'USER_INITIATED' });
      expect(mapping['AmazonManagedKafkaEventSourceConfig']).toEqual({ ConsumerGroupId: mapping['UUID'] });
    },
  },
  {
    id: 'shape-mq',
    title: 'an MQ mapping has queues',
    async run(bench) {
      expect(await members(bench, 'mq')).toMatchObject({ Queues: ['queue'] });
    },
  },
  {
    id: 'shape-self-managed-kafka',
    title: 'a self-managed Kafka mapping has bootstrap servers, a consumer group and no source ARN',
    async run({ lambda }) {
      const created = await lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: FUNCTION,
          SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['broker:9092'] } },
          StartingPosition: 'TRIM_HORIZON',
          Topics: ['payments'],
        }),
      );
      expect(created.EventSourceArn).toBeUndefined();
      expect(created.SelfManagedEventSource?.Endpoints).toEqual({ KAFKA_BOOTSTRAP_SERVERS: ['broker:9092'] });
      expect(created.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId).toBe(created.UUID);
    },
  },
  {
    id: 'mapping-arn',
    title: "the mapping's own ARN ends with its UUID",
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const { EventSourceMappingArn: arn } = await read(bench, uuid);
      expect(arn).toMatch(new RegExp(`^arn:aws:lambda:us-east-1:\\d{12}:event-source-mapping:${uuid}$`));
    },
  },
  {
    id: 'qualifier-kept',
    title: 'a mapping keeps the qualifier with which it was made, alias, version or $LATEST',
    async run(bench) {
      for (const qualifier of ['live', '1', '$LATEST']) {
        const options = {
          functionName: `${FUNCTION}:${qualifier}`,
          sourceName: `queue-${qualifier.replace('$', '')}`,
        };
        const { uuid } = await makeMapping(bench, options);
        expect((await read(bench, uuid)).FunctionArn).toMatch(
          new RegExp(`:function:orders:${qualifier.replace('$', '\\$')}$`),
        );
      }
    },
  },
  {
    id: 'unknown-uuid',
    title: 'an unknown UUID is a 404 with the recorded words',
    async run(bench) {
      const failure = await failureOf(read(bench, UNKNOWN));
      expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
      expect(failure.message).toBe('The resource you requested does not exist.');
    },
  },
  {
    id: 'error-on-the-wire',
    title: 'an error has its name in x-amzn-ErrorType and its text in Type and Message',
    async run({ world }) {
      const answer = await raw(world, `/2015-03-31/event-source-mappings/${UNKNOWN}`);
      expect(answer.headers.get('x-amzn-errortype')).toMatch(/^ResourceNotFoundException/);
      expect(await answer.json()).toMatchObject({ Type: 'User', Message: expect.any(String) });
    },
  },
  {
    id: 'json-on-the-wire',
    title: 'a mapping is application/json with LastModified as a number',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const answer = await raw(bench.world, `/2015-03-31/event-source-mappings/${uuid}`);
      expect(await answer.json()).toMatchObject({ LastModified: expect.any(Number) });
      expect(answer.headers.get('content-type')).toBe('application/json');
    },
  },
  {
    id: 'no-path-traversal',
    title: 'a UUID with slashes is one percent-encoded label: a 404 for a mapping, never another operation',
    async run(bench) {
      const failure = await failureOf(read(bench, '../functions/orders'));
      expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    id: 'request-id',
    title: 'every answer has a request id, errors too',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const found = (await read(bench, uuid)) as { readonly $metadata?: { readonly requestId?: string } };
      expect(found.$metadata?.requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect((await failureOf(read(bench, UNKNOWN))).requestId).toMatch(/^[0-9a-f-]{36}$/);
    },
  },
];
