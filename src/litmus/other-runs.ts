import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { CallOptions } from '../kube/transport.ts';
import { ChaosError, messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { Holder } from '../runtime/ports.ts';
import type { LitmusIdentity } from './identity.ts';
import { holdersOf, listJournals } from './journals.ts';

interface Options {
  readonly client: KubeClient;
  readonly identity: LitmusIdentity;
  readonly emit: Emit;
}

/** The runs of other engines in the namespace, by their journals. */
export class OtherRuns {
  readonly #options: Options;
  #warned = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Those that may have switched one of `ids` off; see `Surroundings.othersHolding`. */
  async holding(ids: readonly string[], limit: CallOptions): Promise<readonly Holder[]> {
    const { client, identity, emit } = this.#options;
    const { namespace, resultName } = identity;
    try {
      const journals = await listJournals(client, namespace, limit);
      const others = journals.filter((journal) => journal.resultName !== resultName);
      return holdersOf(ids, others, namespace);
    } catch (error) {
      const message = `Runs of other engines can't be seen: ${messageOf(error)}`;
      // Safety: an API that is away may come back to show another run on the very same mappings.
      if (!isKubeError(error, 'forbidden'))
        throw new ChaosError(message, { code: 'GENERIC_ERROR', phase: 'PreChaos', cause: error });
      // Asked in every cycle; once is enough to know that nobody may list.
      if (!this.#warned) emit({ type: 'warning', message });
      this.#warned = true;
      return [];
    }
  }
}
