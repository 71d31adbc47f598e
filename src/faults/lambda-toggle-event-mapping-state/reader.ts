import { AwsError } from '../../aws/errors.ts';
import type { CallerInspector, Lane, MappingGateway, MappingInfo } from '../../aws/gateway.ts';
import { whileActive } from '../../runtime/abort.ts';
import type { Clock } from '../../runtime/clock.ts';

/** What reading a mapping gave: its configuration, or that it no longer exists. */
export type Seen = MappingInfo | 'gone';

/** Up to this many mappings, a Get each is cheap enough; above, List is looked into. */
const LIST_ABOVE = 10;
/** Once List is proven, a page serves any group of reads larger than this. */
const WORTH_A_PAGE = 3;
/** No function has ten thousand mappings; a marker that leads in circles would keep a revert for ever. */
const MOST_PAGES = 100;
/** Reads that come within this time of each other share their pages. */
const GATHER_MS = 20;

interface Waiting {
  readonly id: string;
  readonly resolve: (seen: Seen) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads mappings one by one, or, for many, by pages of List. List is used only once it has been
 * proven to return every wanted mapping: AWS does not document whether a bare function name also
 * lists the mappings of its aliases.
 */
export class MappingReader {
  readonly #gateway: MappingGateway & CallerInspector;
  readonly #clock: Clock;
  #listName: string | undefined;
  #account: string | undefined;
  readonly #waiting = new Map<Lane, Waiting[]>();

  constructor(gateway: MappingGateway & CallerInspector, clock: Clock) {
    this.#gateway = gateway;
    this.#clock = clock;
  }

  /**
   * Finds out whether List returns all of `ids` under `functionName`; if so, later reads use it.
   * A refusal or an incomplete list leaves the reader with Get. Never throws.
   */
  async proveList(functionName: string, ids: readonly string[], lane: Lane): Promise<boolean> {
    if (ids.length <= LIST_ABOVE) return false;
    try {
      const listed = await this.#pages(functionName, lane);
      if (ids.every((id) => listed.has(id))) this.#listName = functionName;
    } catch {
      return false;
    }
    return this.#listName !== undefined;
  }

  /** @throws AwsError, or the signal's reason. */
  async read(id: string, lane: Lane, signal?: AbortSignal): Promise<Seen> {
    signal?.throwIfAborted();
    if (this.#listName === undefined) return this.#get(id, lane, signal);
    const answer = new Promise<Seen>((resolve, reject) => {
      const queue = this.#waiting.get(lane) ?? [];
      queue.push({ id, resolve, reject });
      this.#waiting.set(lane, queue);
      if (queue.length === 1) this.#clock.sleep(GATHER_MS).then(() => this.#answer(lane), reject);
    });
    // Safety: the page is shared and goes on; a run that is ending must not wait for it before it reverts.
    return signal === undefined ? answer : whileActive(answer, signal);
  }

  async #get(id: string, lane: Lane, signal?: AbortSignal): Promise<Seen> {
    try {
      return await this.#gateway.getMapping(id, { lane, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.kind !== 'not-found') throw error;
      await this.#assertAccount();
      return 'gone';
    }
  }

  /** The account that the mappings live in, once it is known. */
  expectAccount(account: string | undefined): void {
    this.#account = account;
  }

  /**
   * Safety: with keys of another account every mapping reads as not found. One that is switched off there
   * would count as deleted, and nobody would ever enable it.
   */
  async #assertAccount(): Promise<void> {
    if (this.#account === undefined) return;
    const { account, arn } = await this.#gateway.callerIdentity({});
    if (account === this.#account) return;
    throw new AwsError(`the credentials are ${arn}'s, and the mappings live in account ${this.#account}`, {
      kind: 'credentials',
      operation: 'GetEventSourceMapping',
      mayHaveHappened: false,
    });
  }

  async #answer(lane: Lane): Promise<void> {
    const queue = this.#waiting.get(lane) ?? [];
    this.#waiting.delete(lane);
    if (queue.length <= WORTH_A_PAGE) return this.#answerByGet(queue, lane);
    try {
      const listed = await this.#pages(this.#listName ?? '', lane);
      for (const { id, resolve } of queue.filter((waiting) => listed.has(waiting.id)))
        resolve(listed.get(id) ?? 'gone');
      // One that List no longer shows may be deleted, or on a page that changed meanwhile: only Get can tell.
      await this.#answerByGet(
        queue.filter((waiting) => !listed.has(waiting.id)),
        lane,
      );
    } catch (error) {
      // A Get for each would make an overload worse; only a refusal of List itself is a reason to ask one by one.
      const refused = error instanceof AwsError && ['denied', 'invalid', 'not-found'].includes(error.kind);
      if (refused) await this.#answerByGet(queue, lane);
      else for (const { reject } of queue) reject(error);
    }
  }

  async #answerByGet(queue: readonly Waiting[], lane: Lane): Promise<void> {
    await Promise.all(queue.map(({ id, resolve, reject }) => this.#get(id, lane).then(resolve, reject)));
  }

  async #pages(functionName: string, lane: Lane): Promise<Map<string, MappingInfo>> {
    const found = new Map<string, MappingInfo>();
    let marker: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await this.#gateway.listMappings(functionName, marker, { lane });
      for (const mapping of page.mappings) found.set(mapping.uuid, mapping);
      marker = page.nextMarker;
      if (marker === undefined) return found;
    }
    const details = {
      kind: 'invalid',
      operation: 'ListEventSourceMappings',
      mayHaveHappened: false,
    } as const;
    throw new AwsError(`the list has more than ${MOST_PAGES} pages`, details);
  }
}
