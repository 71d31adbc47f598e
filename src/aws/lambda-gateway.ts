import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import type { RequestBudget } from './budget.ts';
import { AwsError } from './errors.ts';
import type {
  CallerIdentity,
  CallerInspector,
  CallOptions,
  FunctionInfo,
  MappingGateway,
  MappingInfo,
  WriteOptions,
} from './gateway.ts';
import { toFunctionInfo, toMappingInfo } from './mapping-info.ts';
import { quote } from './redact.ts';
import type { AwsSession } from './session.ts';

/** AWS does not promise RFC 4122, so this only keeps out what would change the request's path. */
const UUID_SHAPE = /^[0-9A-Za-z][0-9A-Za-z-]{7,62}$/;
const LIST_PAGE = 100;

type Send<T> = (client: LambdaClient, signal: AbortSignal) => Promise<T>;

/** The product's calls to Lambda, over the real SDK. */
export class LambdaGateway implements MappingGateway, CallerInspector {
  readonly #session: AwsSession;
  readonly #budget: RequestBudget;

  constructor(session: AwsSession, budget: RequestBudget) {
    this.#session = session;
    this.#budget = budget;
  }

  async getFunction(
    name: string,
    qualifier: string | undefined,
    options: CallOptions,
  ): Promise<FunctionInfo> {
    const operation = 'GetFunction';
    assertNamed(name, operation);
    const input = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
    return this.#call(operation, options, async (client, abortSignal) =>
      toFunctionInfo(await client.send(new GetFunctionCommand(input), { abortSignal })),
    );
  }

  async getMapping(uuid: string, options: CallOptions): Promise<MappingInfo> {
    const operation = 'GetEventSourceMapping';
    assertUuid(uuid, operation);
    return this.#call(operation, options, async (client, abortSignal) => {
      const command = new GetEventSourceMappingCommand({ UUID: uuid });
      return sameMapping(uuid, toMappingInfo(await client.send(command, { abortSignal })));
    });
  }

  async setEnabled(uuid: string, enabled: boolean, options: WriteOptions): Promise<MappingInfo> {
    const operation = 'UpdateEventSourceMapping';
    assertUuid(uuid, operation);
    const { lane, waitSignal, beforeSend } = options;
    await this.#budget.take(operation, waitSignal === undefined ? { lane } : { lane, signal: waitSignal });
    let refusal: { readonly error: unknown } | undefined;
    const ask = async (): Promise<void> => {
      await beforeSend?.().catch((error: unknown) => {
        refusal = { error };
        throw error;
      });
    };
    // Safety: once it may be on the wire a write is not aborted, for nobody could say then whether it happened.
    const written = this.#session.call(operation, async (client, abortSignal) => {
      // Safety: fetched before the last question, so that nothing slow lies between the question and the write.
      await client.config.credentials();
      await ask();
      const command = new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: enabled });
      return sameMapping(uuid, toMappingInfo(await client.send(command, { abortSignal })));
    });
    return written.catch((error: unknown) => {
      throw refusal === undefined ? error : refusal.error;
    });
  }

  async listMappings(
    functionName: string,
    marker: string | undefined,
    options: CallOptions,
  ): Promise<{ readonly mappings: readonly MappingInfo[]; readonly nextMarker?: string }> {
    const operation = 'ListEventSourceMappings';
    assertNamed(functionName, operation);
    const page = { FunctionName: functionName, MaxItems: LIST_PAGE };
    const input = marker === undefined ? page : { ...page, Marker: marker };
    return this.#call(operation, options, async (client, abortSignal) => {
      const answer = await client.send(new ListEventSourceMappingsCommand(input), { abortSignal });
      const mappings = (answer.EventSourceMappings ?? []).map(toMappingInfo);
      return answer.NextMarker === undefined ? { mappings } : { mappings, nextMarker: answer.NextMarker };
    });
  }

  async callerIdentity(options: { readonly signal?: AbortSignal }): Promise<CallerIdentity> {
    return this.#session.callerIdentity(options);
  }

  async #call<T>(operation: string, options: CallOptions, send: Send<T>): Promise<T> {
    await this.#budget.take(operation, options);
    return this.#session.call(operation, send, options.signal);
  }
}

/** Safety: an empty UUID makes the SDK send the List call, and its answer would be taken for the mapping. */
function assertUuid(uuid: string, operation: string): void {
  if (!UUID_SHAPE.test(uuid))
    throw neverSent(operation, `${quote(uuid)} is not the UUID of an event source mapping`);
}

function assertNamed(name: string, operation: string): void {
  if (name.trim() === '') throw neverSent(operation, 'the function name is empty');
}

const neverSent = (operation: string, why: string): AwsError =>
  new AwsError(`${operation}: ${why}; nothing was sent`, {
    kind: 'invalid',
    operation,
    mayHaveHappened: false,
  });

function sameMapping(uuid: string, mapping: MappingInfo): MappingInfo {
  if (mapping.uuid.toLowerCase() === uuid.toLowerCase()) return mapping;
  throw new Error(`the answer is about mapping ${mapping.uuid}, not about ${uuid}`);
}
