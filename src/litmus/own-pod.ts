import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { Pod } from '../kube/objects.ts';
import type { CallOptions } from '../kube/transport.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { LitmusIdentity } from './identity.ts';

/** The pod that this process runs in, read once: its labels never change while it lives. */
export class OwnPod {
  readonly #client: KubeClient;
  readonly #identity: LitmusIdentity;
  readonly #emit: Emit;
  #deleted = false;
  #found: { readonly pod: Pod | undefined } | undefined;

  constructor(client: KubeClient, identity: LitmusIdentity, emit: Emit) {
    this.#client = client;
    this.#identity = identity;
    this.#emit = emit;
  }

  /**
   * The pod, or undefined (with one warning) when it may not be read or does not exist.
   * @throws KubeError while the API is unavailable: guessing then would tell two pods of one Job apart.
   */
  async read(options: CallOptions): Promise<Pod | undefined> {
    if (this.#found !== undefined) return this.#found.pod;
    const { namespace, podName } = this.#identity;
    if (podName === '') return this.#settle(undefined, 'POD_NAME is not set');
    try {
      return this.#settle(await this.#client.getPod(namespace, podName, options));
    } catch (error) {
      if (!isKubeError(error, 'forbidden', 'not-found')) throw error;
      this.#deleted = isKubeError(error, 'not-found');
      return this.#settle(undefined, messageOf(error));
    }
  }

  /** The API server says that there is no such pod (any more). */
  get deleted(): boolean {
    return this.#deleted;
  }

  #settle(pod: Pod | undefined, why?: string): Pod | undefined {
    this.#found = { pod };
    if (why !== undefined) {
      const message = `The labels of this pod can't be read, so other pods of its Job are not seen (${why})`;
      this.#emit({ type: 'warning', message });
    }
    return pod;
  }
}
