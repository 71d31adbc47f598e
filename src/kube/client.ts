import {
  ApiException,
  CoreV1Api,
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
  type CoreV1Event,
  type HttpLibrary,
} from '@kubernetes/client-node';
import type { Clock } from '../runtime/clock.ts';
import type { Emit } from '../runtime/events.ts';
import { loadKubeConfig } from './config.ts';
import { fromAnswer, type KubeRequest } from './errors.ts';
import { eventBody, eventUpdate, toPod } from './models.ts';
import type { CustomRef, KubeEvent, KubeObject, Pod } from './objects.ts';
import { KubeTransport, type CallOptions, type TransportOptions } from './transport.ts';

export type KubeClientOptions = Partial<TransportOptions> & { readonly clock: Clock; readonly emit?: Emit };

/**
 * The few calls that this program makes. Each is repeated until its deadline while the API is
 * unavailable, and each throws KubeError.
 */
export class KubeClient {
  readonly #transport: KubeTransport;
  readonly #custom: CustomObjectsApi;
  readonly #core: CoreV1Api;

  /** @throws KubeError of kind `config` when there is no usable configuration. */
  constructor(options: KubeClientOptions) {
    this.#transport = new KubeTransport({ load: loadKubeConfig, ...options });
    this.#custom = new CustomObjectsApi(this.#transport.configuration());
    this.#core = new CoreV1Api(this.#transport.configuration());
  }

  /** Ends idle connections, which would keep the process alive, and requests under way. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  async getCustom(ref: CustomRef, options: CallOptions): Promise<KubeObject> {
    const get = (httpApi: HttpLibrary): Promise<unknown> =>
      this.#custom.getNamespacedCustomObject(ref, { httpApi });
    return (await this.#call(customRequest('get', ref), options, get)) as KubeObject;
  }

  async createCustom(ref: CustomRef, body: KubeObject, options: CallOptions): Promise<KubeObject> {
    const create = (httpApi: HttpLibrary): Promise<unknown> =>
      this.#custom.createNamespacedCustomObject({ ...ref, body }, { httpApi });
    return (await this.#call(customRequest('create', ref), options, create)) as KubeObject;
  }

  /** A merge patch: null deletes. With `metadata.resourceVersion` in it, a change by anybody else is a `conflict`. */
  async patchCustom(ref: CustomRef, patch: object, options: CallOptions): Promise<KubeObject> {
    const apply = (httpApi: HttpLibrary): Promise<unknown> =>
      this.#custom.patchNamespacedCustomObject({ ...ref, body: patch }, mergePatch(httpApi));
    return (await this.#call(customRequest('patch', ref), options, apply)) as KubeObject;
  }

  async getPod(namespace: string, name: string, options: CallOptions): Promise<Pod> {
    const request = { verb: 'get', resource: 'pods', object: `${namespace}/${name}` } as const;
    return toPod(
      await this.#call(request, options, (httpApi) =>
        this.#core.readNamespacedPod({ namespace, name }, { httpApi }),
      ),
    );
  }

  async listPods(namespace: string, labelSelector: string, options: CallOptions): Promise<Pod[]> {
    const request = { verb: 'list', resource: 'pods', object: `${namespace}?${labelSelector}` } as const;
    const list = await this.#call(request, options, (httpApi) =>
      this.#core.listNamespacedPod({ namespace, labelSelector }, { httpApi }),
    );
    return list.items.map(toPod);
  }

  async createEvent(event: KubeEvent, options: CallOptions): Promise<void> {
    const { namespace } = event;
    await this.#call(eventRequest('create', event), options, (httpApi) =>
      this.#core.createNamespacedEvent({ namespace, body: eventBody(event) as CoreV1Event }, { httpApi }),
    );
  }

  /** How often the event of that name was seen. */
  async getEventCount(event: KubeEvent, options: CallOptions): Promise<number> {
    const { namespace, name } = event;
    const found = await this.#call(eventRequest('get', event), options, (httpApi) =>
      this.#core.readNamespacedEvent({ namespace, name }, { httpApi }),
    );
    return found.count ?? 1;
  }

  /** Shows an event that exists as seen once more: `count` times by now. */
  async patchEvent(event: KubeEvent, count: number, options: CallOptions): Promise<void> {
    const { namespace, name } = event;
    await this.#call(eventRequest('patch', event), options, (httpApi) =>
      this.#core.patchNamespacedEvent(
        { namespace, name, body: eventUpdate(event, count) },
        mergePatch(httpApi),
      ),
    );
  }

  async #call<T>(
    request: KubeRequest,
    options: CallOptions,
    operation: (httpApi: HttpLibrary) => Promise<T>,
  ): Promise<T> {
    try {
      return await operation(this.#transport.library(request, options));
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      const { code, body } = error as ApiException<unknown>;
      throw fromAnswer(request, { status: code, body });
    }
  }
}

// client-node sends JSON patch unless told otherwise, and the API server would refuse our body under that name.
const mergePatch = (httpApi: HttpLibrary): ReturnType<typeof setHeaderOptions> =>
  setHeaderOptions('Content-Type', PatchStrategy.MergePatch, { httpApi });

const customRequest = (verb: KubeRequest['verb'], ref: CustomRef): KubeRequest => ({
  verb,
  resource: `${ref.plural}.${ref.group}`,
  object: `${ref.namespace}/${ref.name}`,
});

const eventRequest = (verb: KubeRequest['verb'], event: KubeEvent): KubeRequest => ({
  verb,
  resource: 'events',
  object: `${event.namespace}/${event.name}`,
});
