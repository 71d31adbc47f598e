/** Something that happens to a mapping without a request of ours: what other people and Lambda itself do. */
export type MappingAction =
  /** Another writer's UpdateEventSourceMapping; in a transition it waits for the end, as a writer that retries does. */
  | { readonly kind: 'write'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'delete' }
  | { readonly kind: 'delete-function' }
  /** Lambda changes the mapping by itself, e.g. to Disabled with reason EVENT_SOURCE_AUTHZ_ERROR. */
  | {
      readonly kind: 'force';
      readonly state?: string;
      readonly reason?: string;
      readonly lastProcessingResult?: string;
    }
  /** From now on the mapping never leaves this transitional state, until `release`. */
  | { readonly kind: 'stick'; readonly state: string }
  | { readonly kind: 'release' };

/** When: `afterMs` from now, or from the moment at which the mapping is in `state`. */
export interface MappingEvent {
  readonly uuid: string;
  readonly when?: { readonly state?: string; readonly afterMs?: number };
  readonly action: MappingAction;
}

interface Entry {
  readonly id: string;
  readonly event: MappingEvent;
  at: number;
}

export interface DueEntry {
  readonly at: number;
  readonly action: MappingAction;
}

/** What is going to happen to one mapping. Looked at when the mapping is, so no timers. */
export class Agenda {
  readonly #entries: Entry[] = [];

  get busy(): boolean {
    return this.#entries.length > 0;
  }

  get events(): readonly (MappingEvent & { readonly id: string })[] {
    return this.#entries.map(({ id, event }) => ({ id, ...event }));
  }

  add(id: string, event: MappingEvent, now: { readonly at: number; readonly state: string }): void {
    const { state, afterMs = 0 } = event.when ?? {};
    const started = state === undefined || state === now.state;
    this.#entries.push({ id, event, at: started ? now.at + afterMs : Infinity });
  }

  remove(id: string): boolean {
    const index = this.#entries.findIndex((entry) => entry.id === id);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** The mapping entered `state`: the entries that waited for it get their time. */
  entered(state: string, at: number): void {
    for (const entry of this.#entries) {
      if (entry.at === Infinity && entry.event.when?.state === state) {
        entry.at = at + (entry.event.when.afterMs ?? 0);
      }
    }
  }

  nextAt(): number {
    return Math.min(Infinity, ...this.#entries.map(({ at }) => at));
  }

  /** Takes the earliest entry off the list. */
  take(): MappingAction | undefined {
    const at = this.nextAt();
    const index = this.#entries.findIndex((entry) => entry.at === at);
    return index < 0 ? undefined : this.#entries.splice(index, 1)[0]?.event.action;
  }
}
