import { whileActive } from './abort.ts';
import type { Clock } from './clock.ts';
import { ChaosError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import type { JournalRecord, JournalStore, JournalTarget, TargetPhase } from './journal.ts';

/**
 * A process that was frozen (SIGSTOP, a paused VM) may wake up long after another one has taken
 * its run over. A write that is older than this since the last fenced save asks again first.
 */
export const PERMIT_FRESH_MS = 5_000;
/** How many slow answers in a row it takes to give up a write. */
const MOST_QUESTIONS = 5;

interface Deps {
  readonly store: JournalStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** The one writer of a run's journal: intents are awaited, completions are saved behind the run's back. */
export class JournalWriter {
  readonly #deps: Deps;
  #record: JournalRecord;
  #savedAtMs = -Infinity;
  #dirty = false;
  #closed = false;
  #warned = false;
  #pump: Promise<void> = Promise.resolve();
  /** A question to the store that has not been sent yet. */
  #question: Promise<void> | undefined;

  constructor(record: JournalRecord, deps: Deps) {
    this.#record = record;
    this.#deps = deps;
  }

  get record(): JournalRecord {
    return this.#record;
  }

  /** Adds what has been found out or decided; durable with the next save. */
  describe(facts: Partial<Pick<JournalRecord, 'context' | 'deadline'>>): void {
    this.#record = { ...this.#record, ...facts };
  }

  /**
   * Makes the intent to disable `ids` durable.
   * @throws FencedError when another attempt owns the run; the store's error when it can't be saved.
   */
  async intend(targets: readonly { id: string; before: string }[], signal: AbortSignal): Promise<void> {
    const at = this.#deps.clock.now().toISOString();
    const entries = targets.map(({ id, before }): [string, JournalTarget] => [
      id,
      { phase: 'targeted', before, at, cycle: (this.#record.targets[id]?.cycle ?? 0) + 1 },
    ]);
    this.#record = { ...this.#record, targets: { ...this.#record.targets, ...Object.fromEntries(entries) } };
    // Safety: no disable may be sent before this has resolved, or a kill leaves a mapping off that nobody knows of.
    await this.#fencedSave(signal);
  }

  /**
   * Awaited before each write: the run is not aborted, and it is still ours.
   * @throws ChaosError when the journal answers too slowly to say so of now.
   */
  async permit(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Safety: asked again after a slow answer, for a process that was frozen while it asked may have been taken over since.
    for (let asked = 0; !this.#isFresh(); asked += 1) {
      if (asked === MOST_QUESTIONS) throw tooSlow();
      await this.#fencedSave(signal);
      signal.throwIfAborted();
    }
  }

  /**
   * Asks the store anew, however fresh the last answer is: for a process that is none of the run's own.
   * @throws FencedError when another attempt owns the run.
   */
  assertOwned(): Promise<void> {
    // Safety: one question for all who wait: a queue of them would outlast the requests that they are asked for.
    this.#question ??= this.#pump.then(async () => {
      this.#question = undefined;
      this.#dirty = false;
      await this.#deps.store.save(this.#record, { fence: true });
    });
    const question = this.#question;
    this.#pump = question.catch(() => undefined);
    return question;
  }

  /** Notes what has happened; saved in the background, because no revert may wait for it. */
  note(id: string, phase: TargetPhase): void {
    const target = this.#record.targets[id];
    if (target === undefined || target.phase === phase) return;
    const entry: JournalTarget = { ...target, phase, at: this.#deps.clock.now().toISOString() };
    this.#record = { ...this.#record, targets: { ...this.#record.targets, [id]: entry } };
    this.#dirty = true;
    this.#pump = this.#pump.then(() => this.#drain());
  }

  /** Waits for the background saves; for a caller that goes on to replace the stored record. */
  async flush(): Promise<void> {
    await this.#pump;
  }

  /** No more background saves: the final write carries everything. */
  close(): void {
    this.#closed = true;
  }

  #isFresh(): boolean {
    return this.#deps.clock.monotonicMs() - this.#savedAtMs < PERMIT_FRESH_MS;
  }

  async #fencedSave(signal: AbortSignal): Promise<void> {
    const startedAtMs = this.#deps.clock.monotonicMs();
    const saving = this.#pump.then(async () => {
      this.#dirty = false;
      await this.#deps.store.save(this.#record, { fence: true });
    });
    this.#pump = saving.catch(() => undefined);
    await whileActive(saving, signal);
    // Safety: counted from before the save, so that time spent frozen inside it is not taken for fresh.
    this.#savedAtMs = startedAtMs;
  }

  async #drain(): Promise<void> {
    if (!this.#dirty || this.#closed) return;
    this.#dirty = false;
    try {
      await this.#deps.store.save(this.#record, { fence: false });
    } catch (error) {
      this.#dirty = true;
      if (!this.#warned)
        this.#deps.emit({
          type: 'warning',
          message: `The journal could not be saved and the run goes on: ${messageOf(error)}`,
        });
      this.#warned = true;
    }
  }
}

const tooSlow = (): ChaosError =>
  new ChaosError(
    `The journal takes longer than ${PERMIT_FRESH_MS / 1000} s to save, ${MOST_QUESTIONS} times in a row, so nothing is disabled: nobody could tell whether the run is still this process's.`,
    { code: 'CHAOS_RESULT_CRUD_ERROR', phase: 'ChaosInject' },
  );
