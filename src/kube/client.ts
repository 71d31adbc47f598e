import type { Clock } from '../runtime/clock.ts';
import type { Emit } from '../runtime/events.ts';
import { loadKubeConfig } from './config.ts';
import { eventBody, eventUpdate, toJob, toPod, type JobAnswer, type PodAnswer } from './models.ts';
import type {
  CollectionRef,
  CustomRef,
  Job,
  KubeEvent,
  KubeObject,
  ObjectMeta,
  Pod,
  ResourceRef,
  Right,
} from './objects.ts';
import { KubeTransport, type ApiRequest, type CallOptions, type TransportOptions } from './transport.ts';

export type KubeClientOptions = Partial<TransportOptions> & { readonly clock: Clock; readonly emit?: Emit };

/**
 * The few calls that this program makes. Each is repeated until its deadline while the API is
 * unavailable, and each throws KubeError.
 */
export class KubeClient {
  readonly #transport: KubeTransport;

  /** @throws KubeError of kind `config` when there is no usable configuration. */
  constructor(options: KubeClientOptions) {
    this.#transport = new KubeTransport({ load: loadKubeConfig, ...options });
  }

  /** Ends idle connections and requests under way. */
  close(): Promise<void> {
    this.#transport.close();
    return Promise.resolve();
  }

  async getCustom(ref: CustomRef, options: CallOptions): Promise<KubeObject> {
    const call = { request: customRequest('get', ref), path: customPath(ref, ref.name) };
    return (await this.#transport.send(call, options)) as KubeObject;
  }

  async createCustom(ref: CustomRef, body: KubeObject, options: CallOptions): Promise<KubeObject> {
    const call = { request: customRequest('create', ref), path: customPath(ref), body };
    return (await this.#transport.send(call, options)) as KubeObject;
  }

  /** A merge patch: null deletes. With `metadata.resourceVersion` in it, a change by anybody else is a `conflict`. */
  async patchCustom(ref: CustomRef, patch: object, options: CallOptions): Promise<KubeObject> {
    const call = { request: customRequest('patch', ref), path: customPath(ref, ref.name), body: patch };
    return (await this.#transport.send(call, options)) as KubeObject;
  }

  /** The metadata of all objects of a kind: names, labels and annotations, without what else is in them. */
  async listCustomMetadata(ref: CollectionRef, options: CallOptions): Promise<ObjectMeta[]> {
    const { namespace, plural, group } = ref;
    const request = { verb: 'list', resource: `${plural}.${group}`, object: namespace } as const;
    const call = { request, path: customPath(ref), accept: METADATA_ALONE };
    const list = (await this.#transport.send(call, options)) as { items?: Pick<KubeObject, 'metadata'>[] };
    return (list.items ?? []).map(({ metadata }) => metadata);
  }

  async listJobs(namespace: string, options: CallOptions): Promise<Job[]> {
    const request = { verb: 'list', resource: 'jobs.batch', object: namespace } as const;
    const path = join('apis', 'batch', 'v1', 'namespaces', namespace, 'jobs');
    const list = (await this.#transport.send({ request, path }, options)) as { items?: JobAnswer[] };
    return (list.items ?? []).map(toJob);
  }

  /** Whether RBAC allows `right` to this very client. Every account may ask that of itself. */
  async mayI(right: Right, namespace: string, options: CallOptions): Promise<boolean> {
    const resource = 'selfsubjectaccessreviews.authorization.k8s.io';
    const request = { verb: 'create', resource, object: `${right.verb} ${right.resource}` } as const;
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const body = { spec: { resourceAttributes: { namespace, ...right } } };
    const review = await this.#transport.send({ request, path, body }, options);
    return (review as { status?: { allowed?: boolean } }).status?.allowed === true;
  }

  async getPod(namespace: string, name: string, options: CallOptions): Promise<Pod> {
    const request = { verb: 'get', resource: 'pods', object: `${namespace}/${name}` } as const;
    const path = corePath(namespace, 'pods', name);
    return toPod((await this.#transport.send({ request, path }, options)) as PodAnswer);
  }

  async listPods(namespace: string, labelSelector: string, options: CallOptions): Promise<Pod[]> {
    const request = { verb: 'list', resource: 'pods', object: `${namespace}?${labelSelector}` } as const;
    const path = `${corePath(namespace, 'pods')}?labelSelector=${encodeURIComponent(labelSelector)}`;
    const list = (await this.#transport.send({ request, path }, options)) as { items?: PodAnswer[] };
    return (list.items ?? []).map(toPod);
  }

  /** An object of any kind, as it is. */
  async getResource(ref: ResourceRef, name: string, options: CallOptions): Promise<unknown> {
    return this.#transport.send(
      { request: resourceRequest('get', ref, name), path: resourcePath(ref, name) },
      options,
    );
  }

  /** The names of the objects of any kind that `selectors` (fieldSelector, labelSelector) choose. */
  async listNames(
    ref: ResourceRef,
    selectors: Readonly<Record<string, string>>,
    options: CallOptions,
  ): Promise<string[]> {
    const query = new URLSearchParams(selectors).toString();
    const path = `${resourcePath(ref)}${query === '' ? '' : `?${query}`}`;
    const call = { request: resourceRequest('list', ref, query), path, accept: METADATA_ALONE };
    const list = (await this.#transport.send(call, options)) as { items?: Pick<KubeObject, 'metadata'>[] };
    return (list.items ?? []).map(({ metadata }) => metadata.name);
  }

  /** @returns the name under which it was created. */
  async createResource(ref: ResourceRef, body: object, options: CallOptions): Promise<string> {
    const call = { request: resourceRequest('create', ref, ''), path: resourcePath(ref), body };
    const created = (await this.#transport.send(call, options)) as Partial<KubeObject>;
    return created.metadata?.name ?? '';
  }

  /** Deletes the object; its dependants follow. `graceSeconds`: in place of the object's own. */
  async deleteResource(
    ref: ResourceRef,
    name: string,
    options: CallOptions,
    graceSeconds?: number,
  ): Promise<void> {
    const request = resourceRequest('delete', ref, name);
    const body = {
      propagationPolicy: 'Background',
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    };
    await this.#transport.send({ request, path: resourcePath(ref, name), body }, options);
  }

  /** What a WebSocket to `path` of the API needs. */
  socket(path: string): Promise<{ url: string; options: object }> {
    return this.#transport.socket(path);
  }

  async createEvent(event: KubeEvent, options: CallOptions): Promise<void> {
    const path = corePath(event.namespace, 'events');
    await this.#transport.send(
      { request: eventRequest('create', event), path, body: eventBody(event) },
      options,
    );
  }

  /** How often the event of that name was seen. */
  async getEventCount(event: KubeEvent, options: CallOptions): Promise<number> {
    const path = corePath(event.namespace, 'events', event.name);
    const found = await this.#transport.send({ request: eventRequest('get', event), path }, options);
    return (found as { count?: number }).count ?? 1;
  }

  /** Shows an event that exists as seen once more: `count` times by now. */
  async patchEvent(event: KubeEvent, count: number, options: CallOptions): Promise<void> {
    const path = corePath(event.namespace, 'events', event.name);
    const body = eventUpdate(event, count);
    await this.#transport.send({ request: eventRequest('patch', event), path, body }, options);
  }
}

/** A server that does not know the short form answers with whole objects, which serve as well. */
const METADATA_ALONE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** Escaped: a name from the environment must not reach another path of the API. */
function join(...parts: readonly string[]): string {
  // Safety: they survive the escaping, and a URL drops what stands before them: the whole collection, or the namespace.
  const step = parts.find((part) => /^\.{0,2}$/.test(part));
  if (step !== undefined) throw new Error(`${JSON.stringify(step)} is no name of anything in Kubernetes`);
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}

const customPath = ({ group, version, namespace, plural }: CollectionRef, ...name: string[]): string =>
  join('apis', group, version, 'namespaces', namespace, plural, ...name);

const corePath = (namespace: string, plural: string, ...name: string[]): string =>
  join('api', 'v1', 'namespaces', namespace, plural, ...name);

const customRequest = (verb: ApiRequest['verb'], ref: CustomRef): ApiRequest => ({
  verb,
  resource: `${ref.plural}.${ref.group}`,
  object: `${ref.namespace}/${ref.name}`,
});

const resourcePath = ({ group, version, plural, namespace }: ResourceRef, ...name: string[]): string =>
  join(
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === '' ? [] : ['namespaces', namespace]),
    plural,
    ...name,
  );

const resourceRequest = (
  verb: ApiRequest['verb'],
  { plural, group, namespace }: ResourceRef,
  what: string,
): ApiRequest => ({
  verb,
  resource: group === '' ? plural : `${plural}.${group}`,
  object: [namespace, what].filter((part) => part !== '').join('/'),
});

const eventRequest = (verb: ApiRequest['verb'], event: KubeEvent): ApiRequest => ({
  verb,
  resource: 'events',
  object: `${event.namespace}/${event.name}`,
});
