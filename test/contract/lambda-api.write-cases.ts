import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { expect } from '@jest/globals';
import { failureOf, FUNCTION, makeMapping, read, setEnabled, settled, until } from './lambda-api.probe.ts';
import type { Bench, ContractCase, CreatableSource } from './lambda-api.suite.ts';

/** Disable: nothing is processed any more; enable: what waited is worked off. */
async function expectPause(bench: Bench, source: CreatableSource): Promise<void> {
  const { world } = bench;
  const { uuid, sourceArn } = await makeMapping(bench, { source });
  await setEnabled(bench, uuid, false);
  await settled(bench, uuid, 'Disabled');
  await world.produce(sourceArn, 5);
  await sleep(world.pollMs);
  expect(await world.waiting(sourceArn)).toBe(5);
  await setEnabled(bench, uuid, true);
  await settled(bench, uuid, 'Enabled');
  await until(
    () => world.waiting(sourceArn),
    (waiting) => waiting === 0,
    world.settleMs,
  );
}

export const WRITE_CASES: readonly ContractCase[] = [
  {
    id: 'update-status',
    title: 'an update answers 202',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      expect((await setEnabled(bench, uuid, false)).$metadata.httpStatusCode).toBe(202);
    },
  },
  {
    id: 'disable-in-transition',
    title: 'a disable answers with Disabling',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      expect((await setEnabled(bench, uuid, false)).State).toBe('Disabling');
    },
  },
  {
    id: 'enable-in-transition',
    title: 'an enable answers with Enabling',
    async run(bench) {
      const { uuid } = await makeMapping(bench, { enabled: false });
      expect((await setEnabled(bench, uuid, true)).State).toBe('Enabling');
    },
  },
  {
    id: 'disable-settles',
    title: 'a disabled mapping ends up Disabled, changed later than before, and an enabled one Enabled',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const before = await read(bench, uuid);
      await setEnabled(bench, uuid, false);
      await settled(bench, uuid, 'Disabled');
      const after = await read(bench, uuid);
      expect(after.LastModified?.getTime()).toBeGreaterThanOrEqual(before.LastModified?.getTime() ?? NaN);
      expect(after).toMatchObject({ FunctionArn: before.FunctionArn, BatchSize: before.BatchSize });
      await setEnabled(bench, uuid, true);
      await settled(bench, uuid, 'Enabled');
    },
  },
  {
    id: 'busy',
    title: 'a write during a transition is a 400 ResourceInUseException, and the transition goes on',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      await setEnabled(bench, uuid, false);
      const failure = await failureOf(setEnabled(bench, uuid, true));
      expect(failure).toMatchObject({ name: 'ResourceInUseException', status: 400 });
      await settled(bench, uuid, 'Disabled');
    },
  },
  {
    id: 'other-attribute',
    title: 'a change of another attribute passes through Updating and leaves the state as it was',
    async run(bench) {
      const { uuid } = await makeMapping(bench, { enabled: false });
      const answer = await bench.lambda.send(
        new UpdateEventSourceMappingCommand({ UUID: uuid, BatchSize: 7 }),
      );
      expect(answer).toMatchObject({ State: 'Updating', BatchSize: 7 });
      await settled(bench, uuid, 'Disabled');
    },
  },
  {
    id: 'bad-value',
    title: 'a batch size of zero is a 400 and changes nothing',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const update = new UpdateEventSourceMappingCommand({ UUID: uuid, BatchSize: 0 });
      expect(await failureOf(bench.lambda.send(update))).toMatchObject({
        name: 'ValidationException',
        status: 400,
      });
      expect(await read(bench, uuid)).toMatchObject({ BatchSize: 10, State: 'Enabled' });
    },
  },
  {
    id: 'update-unknown',
    title: 'an update of an unknown mapping is a 404 with the recorded words',
    async run(bench) {
      const failure = await failureOf(setEnabled(bench, '00000000-0000-4000-8000-000000000000', true));
      expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
      expect(failure.message).toBe('The resource you requested does not exist.');
    },
  },
  {
    id: 'create-in-transition',
    title: 'a created mapping answers 202 with Creating',
    async run({ lambda, world }) {
      const arn = await world.makeSource('sqs', 'queue');
      const create = new CreateEventSourceMappingCommand({ FunctionName: FUNCTION, EventSourceArn: arn });
      const { State, $metadata } = await lambda.send(create);
      expect([State, $metadata.httpStatusCode]).toEqual(['Creating', 202]);
    },
  },
  {
    id: 'create-disabled',
    title: 'a mapping created with Enabled=false is Disabled at once',
    async run({ lambda, world }) {
      const arn = await world.makeSource('sqs', 'queue');
      const input = { FunctionName: FUNCTION, EventSourceArn: arn, Enabled: false };
      expect((await lambda.send(new CreateEventSourceMappingCommand(input))).State).toBe('Disabled');
    },
  },
  {
    id: 'create-twice',
    title: 'a second mapping of the same source and function is a 409',
    async run(bench) {
      const { sourceArn } = await makeMapping(bench);
      const again = new CreateEventSourceMappingCommand({
        FunctionName: FUNCTION,
        EventSourceArn: sourceArn,
      });
      expect(await failureOf(bench.lambda.send(again))).toMatchObject({
        name: 'ResourceConflictException',
        status: 409,
      });
    },
  },
  {
    id: 'delete',
    title: 'a deletion answers 202 with Deleting, and then the mapping is gone',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const { State, $metadata } = await bench.lambda.send(
        new DeleteEventSourceMappingCommand({ UUID: uuid }),
      );
      expect([State, $metadata.httpStatusCode]).toEqual(['Deleting', 202]);
      const look = (): Promise<string> =>
        read(bench, uuid).then(
          ({ State: state }) => state ?? '',
          (error: unknown) => (error as Error).name,
        );
      await until(look, (seen) => seen === 'ResourceNotFoundException', bench.world.settleMs);
    },
  },
  {
    id: 'pause-sqs',
    title: 'a disabled SQS mapping processes nothing, and drains when it is enabled again',
    run: (bench) => expectPause(bench, 'sqs'),
  },
  {
    id: 'pause-kinesis',
    title: 'a disabled Kinesis mapping processes nothing, and goes on where it was when it is enabled again',
    run: (bench) => expectPause(bench, 'kinesis'),
  },
  {
    id: 'throttle',
    title: 'more than fifteen requests in a second are refused with 429, a reason and Retry-After',
    throttled: true,
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      const burst = Array.from({ length: 40 }, () =>
        read(bench, uuid).then(
          () => undefined,
          (error: unknown) => error as Readonly<Record<string, unknown>>,
        ),
      );
      const refused = (await Promise.all(burst)).filter((error) => error !== undefined);
      expect(refused.length).toBeGreaterThanOrEqual(5);
      expect(refused[0]).toMatchObject({
        name: 'TooManyRequestsException',
        Reason: 'CallerRateLimitExceeded',
        retryAfterSeconds: expect.stringMatching(/^\d+$/),
      });
    },
  },
];
