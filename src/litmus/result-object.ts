import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { CallOptions } from '../kube/transport.ts';
import type { Clock } from '../runtime/clock.ts';
import { retryUntil, type RetryAdvice } from '../runtime/retry.ts';
import type { AnnotationPatch } from './annotations.ts';
import type { LitmusIdentity } from './identity.ts';
import { API_VERSION, resultRef } from './resources.ts';
import type { StatusPatch } from './status.ts';

/** A change to a ChaosResult, as a merge patch: null deletes. */
export interface Change {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: AnnotationPatch;
  readonly spec?: Readonly<Record<string, string | null>>;
  readonly status?: StatusPatch;
}

/** Given the object as it is, or undefined when there is none: what to write; undefined means nothing. */
export type Compose = (current: KubeObject | undefined) => Change | undefined;

/**
 * The ChaosResult of one run, changed only on top of what was seen: each write carries the
 * resourceVersion that its content was decided on, so that it is atomic against every other writer.
 */
export class ResultObject {
  readonly #client: KubeClient;
  readonly #identity: LitmusIdentity;
  readonly #clock: Clock;
  /** What our own last call saw; absent when it may be out of date. */
  #seen: { readonly object: KubeObject | undefined } | undefined;
  #uid: string | undefined;

  constructor(client: KubeClient, identity: LitmusIdentity, clock: Clock) {
    this.#client = client;
    this.#identity = identity;
    this.#clock = clock;
  }

  get uid(): string | undefined {
    return this.#uid;
  }

  /** The object as it is now, undefined when it does not exist. Status is not a subresource in any Litmus CRD. */
  async read(options: CallOptions): Promise<KubeObject | undefined> {
    try {
      return this.#remember(await this.#client.getCustom(resultRef(this.#identity), options));
    } catch (error) {
      if (isKubeError(error, 'not-found')) return this.#remember(undefined);
      throw error;
    }
  }

  /**
   * Writes what `compose` wants, and asks it again whenever somebody else was faster.
   * Normally one request: what our own last write returned is still current.
   */
  async change(compose: Compose, options: CallOptions): Promise<void> {
    await retryUntil(() => this.#attempt(compose, options), {
      what: `write ChaosResult ${this.#identity.resultName}`,
      clock: this.#clock,
      classify: someoneWasFaster,
      firstDelayMs: 20,
      longestDelayMs: 1_000,
      ...options,
    });
  }

  async #attempt(compose: Compose, options: CallOptions): Promise<void> {
    const current = this.#seen === undefined ? await this.read(options) : this.#seen.object;
    const change = compose(current);
    if (change === undefined) return;
    // A write whose answer is lost may have happened: whoever comes next has to look first.
    this.#seen = undefined;
    this.#remember(
      current === undefined
        ? await this.#create(change, options)
        : await this.#patch(current, change, options),
    );
  }

  #create(change: Change, options: CallOptions): Promise<KubeObject> {
    const { namespace, resultName: name } = this.#identity;
    const { labels, annotations, spec, status } = withoutNulls(change) as Change;
    const body = {
      apiVersion: API_VERSION,
      kind: 'ChaosResult',
      metadata: { name, namespace, labels, annotations },
      spec,
      status,
    } as KubeObject;
    return this.#client.createCustom(resultRef(this.#identity), body, options);
  }

  #patch(current: KubeObject, change: Change, options: CallOptions): Promise<KubeObject> {
    const { labels, annotations, spec, status } = change;
    const { resourceVersion } = current.metadata;
    const patch = { metadata: { resourceVersion, labels, annotations }, spec, status };
    return this.#client.patchCustom(resultRef(this.#identity), patch, options);
  }

  #remember(object: KubeObject | undefined): KubeObject | undefined {
    this.#seen = { object };
    this.#uid = object?.metadata.uid ?? this.#uid;
    return object;
  }
}

/** Changed or created by somebody, or deleted under a patch; a create that finds no namespace stays an error. */
function someoneWasFaster(error: unknown): RetryAdvice {
  if (isKubeError(error, 'conflict', 'already-exists')) return {};
  return isKubeError(error, 'not-found') && error.request.verb === 'patch' ? {} : 'give-up';
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}
