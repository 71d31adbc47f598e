import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { RequestBudget } from '../../../src/aws/budget.ts';
import { readAwsConfig } from '../../../src/aws/config.ts';
import { LambdaGateway } from '../../../src/aws/lambda-gateway.ts';
import { createAwsSession } from '../../../src/aws/session.ts';
import { systemClock } from '../../../src/runtime/clock.ts';

const UUID = '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11';
const mapping = {
  UUID,
  FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
  State: 'Enabled',
};
const forward = { lane: 'forward' } as const;

/** Which command goes out with which input; everything about the wire is tested over HTTP. */
describe('the commands that are sent', () => {
  const lambda = mockClient(LambdaClient);
  let gateway: LambdaGateway;

  beforeEach(() => {
    lambda.reset();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' });
    const { config } = readAwsConfig({ ...process.env, REGION: 'eu-west-1' });
    const run = { experiment: 'test', uid: 'uid' };
    const session = createAwsSession(config, { clock: systemClock, emit: () => undefined, run });
    gateway = new LambdaGateway(session, new RequestBudget(systemClock));
  });

  test('a mapping is read by its UUID alone', async () => {
    lambda.on(GetEventSourceMappingCommand).resolves(mapping);
    await gateway.getMapping(UUID, forward);
    expect(lambda.calls().map(({ args }) => args[0].input)).toEqual([{ UUID }]);
  });

  test.each([true, false])('a write carries UUID and Enabled %s and no other attribute', async (enabled) => {
    lambda.on(UpdateEventSourceMappingCommand).resolves(mapping);
    await gateway.setEnabled(UUID, enabled, forward);
    expect(lambda.calls().map(({ args }) => args[0].input)).toEqual([{ UUID, Enabled: enabled }]);
  });

  test('a qualifier goes beside the function, not into its name', async () => {
    const Configuration = { FunctionArn: mapping.FunctionArn, State: 'Active' as const };
    lambda.on(GetFunctionCommand).resolves({ Configuration });
    await gateway.getFunction('orders', 'live', forward);
    expect(lambda.calls().map(({ args }) => args[0].input)).toEqual([
      { FunctionName: 'orders', Qualifier: 'live' },
    ]);
  });

  test('a list asks for the function and goes on at the marker', async () => {
    lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [mapping] });
    await gateway.listMappings('orders', 'page-2', forward);
    expect(lambda.calls().map(({ args }) => args[0].input)).toMatchObject([
      { FunctionName: 'orders', Marker: 'page-2' },
    ]);
  });
});
