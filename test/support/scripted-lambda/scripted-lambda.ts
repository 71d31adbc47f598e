import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** From the Authorization header's credential scope. */
  readonly accessKeyId: string | undefined;
  readonly region: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, or what happens instead of one. `half-body` sends the head and stalls. */
export type Script = WireAnswer | 'hang' | 'reset' | 'half-body';

/** Answers what it is told to, request by request; the last entry of the script repeats. No Lambda semantics. */
export class ScriptedLambda {
  readonly requests: WireRequest[] = [];
  #script: ((request: WireRequest) => Script)[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answer(...script: (Script | ((request: WireRequest) => Script))[]): void {
    this.#script = script.map((step) => (typeof step === 'function' ? step : () => step));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '');
    const seen: WireRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: await text(request),
      headers: request.headers,
      accessKeyId: scope?.[1],
      region: scope?.[2],
    };
    this.requests.push(seen);
    const step = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    perform(step?.(seen) ?? { status: 500 }, request, response);
  }
}

function perform(script: Script, request: IncomingMessage, response: ServerResponse): void {
  if (script === 'hang') return;
  if (script === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (script === 'half-body') {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      .write('{"UUID":');
    return;
  }
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': 'req-1', ...script.headers };
  response.writeHead(script.status, headers).end(script.body ?? '');
}

export async function startScriptedLambda(): Promise<ScriptedLambda> {
  const lambda = new ScriptedLambda();
  await lambda.listen();
  return lambda;
}

export const UUID = '14e0db71-5d35-4eb5-b481-8945cf9d10c2';
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

/** A mapping as Lambda returns it, for an SQS queue. */
export const mappingJson = (over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  UUID,
  EventSourceMappingArn: `arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:${UUID}`,
  EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
  FunctionArn: FUNCTION_ARN,
  LastModified: 1_700_000_000.25,
  State: 'Enabled',
  StateTransitionReason: 'USER_INITIATED',
  BatchSize: 10,
  FunctionResponseTypes: [],
  ...over,
});

export const ok = (value: unknown, status = 200): WireAnswer => ({ status, body: JSON.stringify(value) });

/** An error as Lambda sends it: name in the header, message in the body. */
export const refused = (
  status: number,
  name: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer => ({
  status,
  headers: { 'x-amzn-errortype': name, ...headers },
  body: JSON.stringify({ Type: 'User', Message: message }),
});
