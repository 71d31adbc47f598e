import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda';
import type { Bench, ContractWorld, CreatableSource } from './lambda-api.suite.ts';

export const FUNCTION = 'orders';

/** An error as the SDK shows it. */
export interface SdkFailure {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly error: Readonly<Record<string, unknown>>;
}

/** The error that a call ends with. @throws Error where it succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<SdkFailure> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (caught) {
    const error = caught as Error & {
      readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
    };
    return {
      name: error.name,
      message: error.message,
      status: error.$metadata?.httpStatusCode,
      requestId: error.$metadata?.requestId,
      error: error as unknown as Record<string, unknown>,
    };
  }
  const status = (answer as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  throw new Error(`the call was to fail and answered ${status ?? 'something'}`);
}

export async function read(bench: Bench, uuid: string): Promise<EventSourceMappingConfiguration> {
  return bench.lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
}

export async function setEnabled(
  bench: Bench,
  uuid: string,
  enabled: boolean,
): Promise<EventSourceMappingConfiguration & { readonly $metadata: { readonly httpStatusCode?: number } }> {
  return bench.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: enabled }));
}

/** Waits until `holds`. @throws Error with what was seen last. */
export async function until<T>(
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  deadlineMs: number,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > end) {
      throw new Error(`after ${deadlineMs} ms it is still ${JSON.stringify(seen)}`);
    }
    await sleep(25);
  }
}

export async function settled(bench: Bench, uuid: string, state: string): Promise<void> {
  const look = async (): Promise<string | undefined> => (await read(bench, uuid)).State;
  await until(look, (seen) => seen === state, bench.world.settleMs);
}

export interface MadeMapping {
  readonly uuid: string;
  readonly sourceArn: string;
}

/** A mapping of the bench's function that is Enabled, or Disabled where asked. */
export async function makeMapping(
  bench: Bench,
  options: {
    readonly source?: CreatableSource;
    readonly sourceName?: string;
    readonly functionName?: string;
    readonly enabled?: false;
  } = {},
): Promise<MadeMapping> {
  const { source = 'sqs', sourceName = 'queue', functionName = FUNCTION, enabled } = options;
  const sourceArn = await bench.world.makeSource(source, sourceName);
  const created = await bench.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: functionName,
      EventSourceArn: sourceArn,
      ...(enabled === undefined ? {} : { Enabled: enabled }),
      ...(source === 'sqs' || source === 'mq' ? {} : { StartingPosition: 'TRIM_HORIZON' }),
      ...(source === 'msk' ? { Topics: [sourceName] } : {}),
      ...(source === 'mq' ? { Queues: [sourceName] } : {}),
    }),
  );
  const uuid = created.UUID ?? '';
  await settled(bench, uuid, enabled === false ? 'Disabled' : 'Enabled');
  return { uuid, sourceArn };
}

/** A read without the SDK, for what the SDK hides. The targets read signatures but do not verify them. */
export async function raw(world: ContractWorld, path: string): Promise<Response> {
  const scope = `${world.accessKeyId}/20260101/${world.region}/lambda/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  return fetch(`${world.endpoint}${path}`, {
    headers: { authorization },
    signal: AbortSignal.timeout(10_000),
  });
}
