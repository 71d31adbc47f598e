import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { credentialsJson, credentialsXml, xmlAnswer, xmlError, type Answer } from './answers.ts';
import { Issuer } from './issuer.ts';

export type StsAction =
  'AssumeRole' | 'AssumeRoleWithWebIdentity' | 'GetCallerIdentity' | 'PodIdentity' | 'NodeMetadata';

export interface StsCall {
  readonly action: StsAction;
  /** From the credential scope; undefined when the request is not signed. */
  readonly region: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** The Authorization header, for Pod Identity. */
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
}

/** How a call fails: as AWS says no, without an answer, or with a cut connection. */
export type StsFailure =
  { readonly status: number; readonly code: string; readonly message?: string } | 'hang' | 'reset';

/** A stand-in for STS, the Pod Identity agent and the node's metadata service, on one port of the loopback. */
export class Sts {
  readonly issuer = new Issuer();
  readonly calls: StsCall[] = [];
  readonly #server: Server;
  readonly #failures = new Map<StsAction, StsFailure>();

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  /** For AWS_ENDPOINT_URL_STS and AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** For AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  get podIdentityUrl(): string {
    return `${this.url}/v1/credentials`;
  }

  /** Every call of `action` fails from now on, until `heal`. */
  fail(action: StsAction, failure: StsFailure): void {
    this.#failures.set(action, failure);
  }

  heal(action: StsAction): void {
    this.#failures.delete(action);
  }

  /** How often `action` was called. */
  count(action: StsAction): number {
    return this.calls.filter((call) => call.action === action).length;
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
    const params = Object.fromEntries(new URLSearchParams(await text(request)));
    const call = toCall(request, params);
    const handshake = request.url?.startsWith('/latest/') === true && !isRoleRequest(request);
    if (!handshake) this.calls.push(call);
    const failure = handshake ? undefined : this.#failures.get(call.action);
    if (failure === 'hang') return;
    if (failure === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const answer =
      failure === undefined
        ? this.#answer(call, request)
        : xmlError(failure.status, failure.code, failure.message ?? failure.code);
    response.writeHead(answer.status, { 'content-type': answer.contentType }).end(answer.body);
  }

  #answer(call: StsCall, request: IncomingMessage): Answer {
    const role = call.params.RoleArn ?? '';
    switch (call.action) {
      case 'AssumeRole':
        return xmlAnswer(call.action, credentialsXml(this.issuer.issue(sessionArn(role, call))));
      case 'AssumeRoleWithWebIdentity':
        return xmlAnswer(call.action, credentialsXml(this.issuer.issue(sessionArn(role, call))));
      case 'GetCallerIdentity':
        return this.#identity(call.accessKeyId ?? '');
      case 'PodIdentity':
        return credentialsJson(this.issuer.issue('arn:aws:sts::123456789012:assumed-role/pod/eks'));
      case 'NodeMetadata':
        return this.#metadata(request);
    }
  }

  #identity(accessKeyId: string): Answer {
    const arn = this.issuer.ownerOf(accessKeyId);
    if (arn === undefined)
      return xmlError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    const account = arn.split(':')[4] ?? '';
    return xmlAnswer(
      'GetCallerIdentity',
      `<Arn>${arn}</Arn><UserId>AIDASTANDIN</UserId><Account>${account}</Account>`,
    );
  }

  /** Instance metadata version 2: a token, the role's name, the role's keys. */
  #metadata(request: IncomingMessage): Answer {
    if (request.url === '/latest/api/token')
      return { status: 200, contentType: 'text/plain', body: 'metadata-token' };
    if (!isRoleRequest(request)) return { status: 200, contentType: 'text/plain', body: 'node-role' };
    return credentialsJson(this.issuer.issue('arn:aws:sts::123456789012:assumed-role/node-role/i-0abc'));
  }
}

const isRoleRequest = (request: IncomingMessage): boolean => request.url?.endsWith('/node-role') === true;

function toCall(request: IncomingMessage, params: Readonly<Record<string, string>>): StsCall {
  const { authorization } = request.headers;
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(authorization ?? '');
  return {
    action: actionOf(request.url ?? '', params),
    accessKeyId: scope?.[1],
    region: scope?.[2],
    params,
    authorization,
    userAgent: request.headers['user-agent'],
  };
}

function actionOf(url: string, params: Readonly<Record<string, string>>): StsAction {
  if (url.startsWith('/latest/')) return 'NodeMetadata';
  if (url.startsWith('/v1/credentials')) return 'PodIdentity';
  return params.Action as StsAction;
}

const sessionArn = (role: string, { params }: StsCall): string =>
  role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') + `/${params.RoleSessionName ?? ''}`;

/** Starts a stand-in on a free port. */
export async function startSts(): Promise<Sts> {
  const sts = new Sts();
  await sts.listen();
  return sts;
}
