import { describe, expect, test } from '@jest/globals';
import { sourceOf, toFunctionInfo, toMappingInfo } from '../../../src/aws/mapping-info.ts';

const at = (service: string, resource: string): string =>
  `arn:aws:${service}:eu-west-1:123456789012:${resource}`;

describe('what feeds a mapping', () => {
  test.each([
    [{ EventSourceArn: at('sqs', 'orders') }, 'sqs', 'orders'],
    [{ EventSourceArn: at('kinesis', 'stream/clicks') }, 'kinesis', 'clicks'],
    [{ EventSourceArn: at('kinesis', 'stream/clicks/consumer/c:1') }, 'kinesis', 'clicks'],
    [{ EventSourceArn: at('dynamodb', 'table/carts/stream/2026-01-01T00:00:00.000') }, 'dynamodb', 'carts'],
    [{ EventSourceArn: at('kafka', 'cluster/main/uuid-1'), Topics: ['paid'] }, 'msk', 'main/paid'],
    [{ EventSourceArn: at('mq', 'broker:legacy:b-1'), Queues: ['in'] }, 'mq', 'legacy/in'],
    [{ EventSourceArn: at('rds', 'cluster:docs') }, 'documentdb', 'docs'],
    [{ EventSourceArn: at('s4', 'thing') }, 'unknown', at('s4', 'thing')],
    [
      { SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b1:9092'] } }, Topics: ['paid'] },
      'kafka',
      'paid',
    ],
    [{}, 'unknown', 'unknown'],
  ])('%j', (mapping, sourceType, sourceName) =>
    expect(sourceOf(mapping)).toEqual({ sourceType, sourceName }),
  );
});

describe('what is kept of an answer', () => {
  test('a mapping without UUID or State is none', () => {
    expect(() => toMappingInfo({ State: 'Enabled' })).toThrow('no mapping');
    expect(() => toMappingInfo({ UUID: 'u' })).toThrow('no mapping');
  });

  test('neither the code’s URL nor the environment of a function', () => {
    const info = toFunctionInfo({
      Code: { Location: 'https://planted' },
      Tags: { a: 'planted' },
      Concurrency: { ReservedConcurrentExecutions: 0 },
      Configuration: {
        FunctionArn: 'arn:f',
        State: 'Active',
        LastUpdateStatus: 'InProgress',
        Environment: { Variables: { PASSWORD: 'planted' } },
      },
    });
    expect(info).toEqual({
      arn: 'arn:f',
      state: 'Active',
      lastUpdateStatus: 'InProgress',
      reservedConcurrency: 0,
    });
  });
});
