import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { InvolvedObject, KubeEvent } from '../kube/objects.ts';
import type { CallOptions } from '../kube/transport.ts';
import type { Clock } from '../runtime/clock.ts';
import { Deadline } from '../runtime/deadline.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Emit, TimelineEvent } from '../runtime/events.ts';
import { awaitedDraft, draftsOf, eventName, type EventDraft } from './event-drafts.ts';
import type { LitmusIdentity } from './identity.ts';
import { API_VERSION } from './resources.ts';

export interface EngineEventsOptions {
  readonly client: KubeClient;
  readonly identity: LitmusIdentity;
  /** The fault's `targetKind`. */
  readonly targetKind: string;
  /** The ChaosResult's UID, once it exists. */
  readonly resultUid: () => string | undefined;
  readonly clock: Clock;
  /** Told once when events can't be written. */
  readonly emit: Emit;
}

/** An event is news: one that could not be written in this time is not worth waiting for. */
const EVENT_MS = 5_000;

/**
 * Kubernetes Events about the ChaosEngine and the ChaosResult, written in order and in the
 * background. Their failure is a warning and never a reason to end or delay a run.
 */
export class EngineEvents {
  readonly #options: EngineEventsOptions;
  readonly #end = new AbortController();
  #last: Promise<void> = Promise.resolve();
  #announced = false;
  #aborted = false;
  #warned = false;

  constructor(options: EngineEventsOptions) {
    this.#options = options;
  }

  /** Takes note of what happened; returns at once and never throws. */
  handle(event: TimelineEvent): void {
    if (event.type === 'abort') this.#aborted = true;
    const { identity, targetKind, resultUid } = this.#options;
    if (!this.#announced && resultUid() !== undefined) {
      this.#announced = true;
      this.#enqueue(awaitedDraft(identity.experiment));
    }
    const context = { experiment: identity.experiment, targetKind, aborted: this.#aborted };
    for (const draft of draftsOf(event, context)) this.#enqueue(draft);
  }

  /** Waits up to `boundMs` until everything is written, then gives the rest up. Never throws. */
  async flush(boundMs: number): Promise<void> {
    const bound = new AbortController();
    const late = this.#options.clock.sleep(boundMs, bound.signal).catch(() => undefined);
    await Promise.race([this.#last, late]);
    bound.abort();
    this.#end.abort();
  }

  #enqueue(draft: EventDraft): void {
    const event = this.#address(draft);
    if (event === undefined) return;
    this.#last = this.#last.then(() => this.#write(event));
  }

  async #write(event: KubeEvent): Promise<void> {
    if (this.#hasEnded()) return;
    const limit = { deadline: new Deadline(this.#options.clock, EVENT_MS), signal: this.#end.signal };
    try {
      await this.#record(event, limit);
    } catch (error) {
      if (this.#warned || this.#hasEnded()) return;
      this.#warned = true;
      const message = `Kubernetes Events can't be written and the run goes on without: ${messageOf(error)}`;
      this.#options.emit({ type: 'warning', message });
    }
  }

  #hasEnded(): boolean {
    return this.#end.signal.aborted;
  }

  async #record(event: KubeEvent, limit: CallOptions): Promise<void> {
    const { client } = this.#options;
    try {
      await client.createEvent(event, limit);
    } catch (error) {
      if (!isKubeError(error, 'already-exists')) throw error;
      await client.patchEvent(event, (await client.getEventCount(event, limit)) + 1, limit);
    }
  }

  #address(draft: EventDraft): KubeEvent | undefined {
    const { identity, clock } = this.#options;
    const involvedObject = draft.about === 'engine' ? this.#engine() : this.#result();
    if (involvedObject === undefined) return undefined;
    const { reason, message, type } = draft;
    const name = eventName(draft, identity);
    const { namespace, podName: component } = identity;
    return { name, namespace, involvedObject, reason, message, type, component, at: clock.now() };
  }

  /** Undefined without an engine: a standalone run has nobody to tell. */
  #engine(): InvolvedObject | undefined {
    const { engine: name, engineUid: uid, namespace } = this.#options.identity;
    return name === '' || uid === ''
      ? undefined
      : { apiVersion: API_VERSION, kind: 'ChaosEngine', name, namespace, uid };
  }

  #result(): InvolvedObject | undefined {
    const { resultName: name, namespace } = this.#options.identity;
    const uid = this.#options.resultUid();
    return uid === undefined
      ? undefined
      : { apiVersion: API_VERSION, kind: 'ChaosResult', name, namespace, uid };
  }
}
