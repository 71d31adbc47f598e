import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerAdmin, steer, type Steering } from './admin.ts';
import { metricsReply } from './metrics.ts';
import type { MappingEvent } from './model/agenda.ts';
import { Cloud, type CloudOptions, type WorldSpec } from './model/cloud.ts';
import type { CredentialCall } from './model/credentials.ts';
import type { RequestFault } from './model/faults.ts';
import type { FunctionSpec } from './model/functions.ts';
import type { RequestRecord } from './model/request-log.ts';
import type { MappingSpec } from './model/world.ts';
import { viewMapping, viewState, type MappingView, type StateView } from './view.ts';
import { answerAws, send } from './wire/front.ts';
import { jsonReply } from './wire/replies.ts';

export interface LambdaOptions extends CloudOptions {
  /** 127.0.0.1 where nothing is said; 0.0.0.0 for a cluster. */
  readonly host?: string;
  /** A free one where nothing is said. */
  readonly port?: number;
}

/** A running stand-in. Give `url` to an SDK as AWS_ENDPOINT_URL; STS answers there too. */
export interface LambdaStandIn {
  readonly url: string;
  readonly port: number;
  /** Milliseconds since the epoch, on the stand-in's clock. */
  now(): number;
  /** Returns the function's ARN. */
  addFunction(spec: FunctionSpec): string;
  /** Returns the UUID. */
  addMapping(spec: MappingSpec): string;
  /** The state right now. @throws Error where no such mapping was ever there. */
  mapping(uuid: string): MappingView;
  steer(uuid: string, steering: Steering): void;
  state(): StateView;
  /** Every write ever received, in order. */
  readonly writes: readonly RequestRecord[];
  readonly requests: readonly RequestRecord[];
  readonly credentialCalls: readonly CredentialCall[];
  /** Strings that nobody may ever print. */
  readonly secrets: readonly string[];
  /** Arms a fault of requests or plans something that happens to a mapping. Returns an id for `unhook`. */
  hook(hook: RequestFault | MappingEvent): string;
  /** Takes one hook back, or all. */
  unhook(id?: string): void;
  reset(world?: WorldSpec): void;
  /** Ends hanging requests too. */
  close(): Promise<void>;
}

export async function startLambda(options: LambdaOptions = {}): Promise<LambdaStandIn> {
  const cloud = new Cloud(options);
  const closing = new AbortController();
  const server = createServer((request, response) => {
    answer(cloud, { request, response, closing: closing.signal }).catch((error: unknown) => {
      if (!closing.signal.aborted) giveUp(response, error);
    });
  });
  // A client that keeps its connection must not find it closed just when it sends its next request.
  server.keepAliveTimeout = 60_000;
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return new StandIn(cloud, server, closing);
}

class StandIn implements LambdaStandIn {
  readonly url: string;
  readonly port: number;
  readonly #cloud: Cloud;
  readonly #server: Server;
  readonly #closing: AbortController;

  constructor(cloud: Cloud, server: Server, closing: AbortController) {
    const { address, port } = server.address() as AddressInfo;
    this.url = `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
    this.port = port;
    this.#cloud = cloud;
    this.#server = server;
    this.#closing = closing;
  }

  now = (): number => this.#cloud.now();
  addFunction = (spec: FunctionSpec): string => this.#cloud.addFunction(spec).arn;
  addMapping = (spec: MappingSpec): string => this.#cloud.addMapping(spec).parts.uuid;
  mapping = (uuid: string): MappingView => viewMapping(this.#cloud, this.#cloud.mapping(uuid));
  steer = (uuid: string, steering: Steering): void => steer(this.#cloud, uuid, steering);
  state = (): StateView => viewState(this.#cloud);
  hook = (hook: RequestFault | MappingEvent): string => this.#cloud.hook(hook);
  unhook = (id?: string): void => void this.#cloud.unhook(id);
  reset = (world?: WorldSpec): void => this.#cloud.reset(world);

  get writes(): readonly RequestRecord[] {
    return this.#cloud.log.writes;
  }

  get requests(): readonly RequestRecord[] {
    return this.#cloud.log.requests;
  }

  get credentialCalls(): readonly CredentialCall[] {
    return this.#cloud.credentials.calls;
  }

  get secrets(): readonly string[] {
    return this.#cloud.secrets;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly closing: AbortSignal;
}

async function answer(cloud: Cloud, { request, response, closing }: Visit): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const body = await text(request);
  if (url.pathname === '/metrics') {
    send(response, metricsReply(cloud));
    return;
  }
  if (!url.pathname.startsWith('/_standin/')) {
    return answerAws(cloud, { request, response, url, body, closing });
  }
  const { method = 'GET', headers } = request;
  const path = url.pathname.slice('/_standin/'.length);
  const { searchParams: query } = url;
  send(response, answerAdmin(cloud, { method, path, query, body, authorization: headers.authorization }));
}

/** A mistake of the stand-in's own must not look like one of AWS', nor leave the caller waiting. */
function giveUp(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const problem = error instanceof Error ? error.stack : String(error);
  send(response, jsonReply(501, { problem }));
}
