import { parseJournal, type JournalRecord, type StoredJournal } from '../journal.ts';
import type { RunStore } from '../ports.ts';
import type { Outcome } from '../verdict.ts';
import { onBegin, onFinish, onSave } from './rules.ts';

/** A run store that lives as long as the process, for tests and for what must leave no trace. */
export class MemoryRunStore implements RunStore {
  #stored: StoredJournal = { kind: 'none' };
  #outcome: Outcome | undefined;

  /** A store that holds `text` where its journal should be. */
  static holding(text: string): MemoryRunStore {
    const store = new MemoryRunStore();
    store.#stored = parseJournal(text);
    return store;
  }

  /** The final verdict, once there is one. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  load(): Promise<StoredJournal> {
    return Promise.resolve(structuredClone(this.#stored));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a rule that refuses must reject, not throw
  async begin(record: JournalRecord): Promise<void> {
    this.#keep(onBegin(this.#stored, record));
    this.#outcome = undefined;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async save(record: JournalRecord, { fence }: { readonly fence: boolean }): Promise<void> {
    this.#keep(onSave(this.#stored, record, fence));
  }

  showProbes(): Promise<void> {
    return Promise.resolve();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async finish(record: JournalRecord, outcome: Outcome): Promise<void> {
    const decision = onFinish(this.#stored, record);
    if (decision.kind === 'leave') return;
    this.#keep(decision.journal);
    this.#outcome = structuredClone(outcome);
  }

  #keep(record: JournalRecord | undefined): void {
    if (record !== undefined) this.#stored = { kind: 'record', record: structuredClone(record) };
  }
}
