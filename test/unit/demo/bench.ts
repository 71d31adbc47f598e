import {
  GetEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
  type LambdaClientConfig,
} from '@aws-sdk/client-lambda';
import { startLambda, type LambdaOptions, type LambdaStandIn } from '../../../demo/lambda/server.ts';

export const UUID = '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a01';

/** A running stand-in with one mapping, and an SDK client that does not retry. */
export class StandInBench {
  readonly standIn: LambdaStandIn;
  readonly lambda: LambdaClient;
  readonly #clients: LambdaClient[] = [];

  private constructor(standIn: LambdaStandIn) {
    this.standIn = standIn;
    this.lambda = this.client({});
  }

  static async open(options: LambdaOptions = {}): Promise<StandInBench> {
    const lags = { disablingLagMs: 30, enablingLagMs: 30, updatingLagMs: 30 };
    const standIn = await startLambda({ rateLimit: false, lags, ...options });
    standIn.addFunction({ name: 'orders' });
    standIn.addMapping({ uuid: UUID, functionName: 'orders' });
    return new StandInBench(standIn);
  }

  client(changed: LambdaClientConfig): LambdaClient {
    const client = new LambdaClient({
      endpoint: this.standIn.url,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench' },
      ...changed,
    });
    this.#clients.push(client);
    return client;
  }

  async get(client = this.lambda): Promise<string | undefined> {
    return (await client.send(new GetEventSourceMappingCommand({ UUID }))).State;
  }

  async put(enabled: boolean, client = this.lambda): Promise<string | undefined> {
    return (await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }))).State;
  }

  /** What a call answered, `name status` of its failure, or `reset` or `timeout` where no answer came. */
  async outcome(call: Promise<unknown>): Promise<string> {
    return call.then((answer) => `answered ${String(answer)}`, describeFailure);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.standIn.close();
  }
}

/** The SDK wraps errors of Node that come from outside of Jest's realm, so only their text can be relied on here. */
function describeFailure(caught: unknown): string {
  const error = caught as Error & { $metadata?: { httpStatusCode?: number } };
  const status = error.$metadata?.httpStatusCode;
  if (status !== undefined) return `${error.name} ${status}`;
  if (/ECONNRESET|socket hang up/.test(error.message)) return 'reset';
  return /timed out|did not .* within|timeout/i.test(`${error.name} ${error.message}`)
    ? 'timeout'
    : error.message;
}
