import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults, type Fault, type Seen } from './faults.ts';
import { isReview, RESOURCES, route, type Plural, type Route } from './routes.ts';
import { badRequest, Failure, forbidden, noSuchPath, unauthorized, unsupportedMediaType } from './status.ts';
import { ObjectStore, type StoredObject } from './store.ts';

/** A Kubernetes API server for the calls that this program makes, held to the real one by test/contract/kube-api.suite.ts. */
export class KubeApi {
  readonly faults = new Faults();
  /** Every request in the order of arrival. */
  readonly requests: Seen[] = [];
  readonly #store = new ObjectStore();
  readonly #server: Server;
  readonly #sockets = new Map<Socket, number>();
  readonly #folder: string;
  #connections = 0;
  #token = 'a-token';

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'kube-api-'));
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.destroy(error as Error);
      });
    });
    this.#server.on('connection', (socket) => {
      this.#connections += 1;
      this.#sockets.set(socket, this.#connections);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    writeFileSync(this.#tokenPath, this.#token);
    writeFileSync(this.kubeconfigPath, JSON.stringify(kubeconfig(this.url, this.#tokenPath)));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** For KUBECONFIG, in this process or a child. */
  get kubeconfigPath(): string {
    return join(this.#folder, 'kubeconfig');
  }

  /** How many connections have been opened so far. */
  get connections(): number {
    return this.#connections;
  }

  get(plural: Plural, namespace: string, name: string): StoredObject | undefined {
    return this.list(plural, namespace).find((object) => object.metadata.name === name);
  }

  list(plural: Plural, namespace: string): StoredObject[] {
    return this.#store.list(RESOURCES[plural], namespace);
  }

  /** Creates `object`, and its namespace when there is none. */
  create(plural: Plural, object: Partial<StoredObject> & Pick<StoredObject, 'metadata'>): StoredObject {
    const { namespace = 'litmus' } = object.metadata;
    this.#store.addNamespace(namespace);
    return this.#store.create(RESOURCES[plural], namespace, { apiVersion: '', kind: '', ...object });
  }

  /** Changes an object as somebody else would: a merge patch with a new resourceVersion. */
  patch(plural: Plural, namespace: string, name: string, patch: object): StoredObject {
    return this.#store.patch(RESOURCES[plural], namespace, name, patch);
  }

  delete(plural: Plural, namespace: string, name: string): void {
    this.#store.delete(RESOURCES[plural], namespace, name);
  }

  addNamespace(namespace: string): void {
    this.#store.addNamespace(namespace);
  }

  /** Only this token is accepted from now on; `publish` puts it where clients read theirs. */
  rotateToken(token: string, publish: boolean): void {
    this.#token = token;
    if (publish) writeFileSync(this.#tokenPath, token);
  }

  /** Stops listening and cuts every connection. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets.keys()) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #tokenPath(): string {
    return join(this.#folder, 'token');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request);
    const url = new URL(request.url ?? '/', this.url);
    const found = route(request.method ?? '', url.pathname);
    if (found === undefined) {
      answer(response, noSuchPath().code, noSuchPath().body);
      return;
    }
    const seen: Seen = {
      ...found,
      resource: found.resource.plural,
      contentType: request.headers['content-type'] ?? '',
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      connection: this.#sockets.get(request.socket) ?? 0,
    };
    this.requests.push(seen);
    const fault = this.faults.take(seen);
    if (fault !== undefined && fault.when !== 'after') {
      act(fault, response);
      return;
    }
    const result = this.#handle(found, seen, { selector: url.searchParams.get('labelSelector'), request });
    if (fault === undefined) answer(response, result.code, result.body);
    else act(fault, response);
  }

  #handle(found: Route, seen: Seen, { selector, request }: Asked): { code: number; body: object } {
    try {
      if (request.headers.authorization !== `Bearer ${this.#token}`) throw unauthorized();
      if (this.faults.isForbidden(seen)) throw forbidden(found);
      if (isReview(found)) return { code: 201, body: this.#review(seen.body as Review) };
      const result = this.#act(found, seen, selector ?? '');
      return wantsMetadata(request) ? { ...result, body: metadataAlone(result.body as KubeList) } : result;
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  #review({ spec }: Review): object {
    const { verb, resource } = spec.resourceAttributes;
    const allowed = !this.faults.isForbidden({ verb, resource, name: '' });
    return { spec, status: { allowed } };
  }

  #act(found: Route, seen: Seen, selector: string): { code: number; body: object } {
    const { resource, namespace, name } = found;
    switch (found.verb) {
      case 'get':
        return { code: 200, body: this.#store.get(resource, namespace, name) };
      case 'list':
        return {
          code: 200,
          body: {
            apiVersion: resource.apiVersion,
            kind: `${resource.kind}List`,
            metadata: {},
            items: this.#store.list(resource, namespace, selector),
          },
        };
      case 'create':
        return { code: 201, body: this.#store.create(resource, namespace, seen.body as StoredObject) };
      case 'patch':
        return { code: 200, body: this.#store.patch(resource, namespace, name, patchOf(seen)) };
      default:
        this.#store.delete(resource, namespace, name);
        return { code: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
    }
  }
}

interface Review {
  readonly spec: { readonly resourceAttributes: { readonly verb: string; readonly resource: string } };
}

interface KubeList {
  readonly items: readonly StoredObject[];
}

const wantsMetadata = ({ headers }: IncomingMessage): boolean =>
  /;as=PartialObjectMetadataList;/.test(headers.accept ?? '');

const metadataAlone = ({ items }: KubeList): object => ({
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadataList',
  metadata: {},
  items: items.map(({ metadata }) => ({
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadata',
    metadata,
  })),
});

interface Asked {
  readonly selector: string | null;
  readonly request: IncomingMessage;
}

/** Starts the stand-in on a free port of 127.0.0.1. */
export const startKubeApi = (): Promise<KubeApi> => new KubeApi().listen();

function patchOf(seen: Seen): object {
  if (seen.contentType === 'application/merge-patch+json') return seen.body as object;
  if (seen.contentType === 'application/json-patch+json') {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  throw unsupportedMediaType();
}

function act(fault: Fault, response: ServerResponse): void {
  if (fault.act === 'hang') return;
  if (fault.act === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const failure = new Failure(fault.act, 'InternalError', 'asked to fail by the test');
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
  answer(response, failure.code, failure.body);
}

function answer(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** JSON is YAML. client-node refuses plain HTTP unless told that the certificate does not matter. */
const kubeconfig = (server: string, tokenFile: string): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'stand-in', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'chaos', user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } } }],
  contexts: [{ name: 'stand-in', context: { cluster: 'stand-in', user: 'chaos', namespace: 'litmus' } }],
  'current-context': 'stand-in',
});
