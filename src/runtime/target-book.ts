import type { Clock } from './clock.ts';
import { isOpen, type JournalRecord } from './journal.ts';
import type { TargetOutcome } from './verdict.ts';

interface Entry {
  confirmedAtMs?: number;
  heldMs: number;
  askedMs: number;
  details: string[];
}

/** What each target went through, in this process: when it was confirmed off and how long it stayed so. */
export class TargetBook {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  asked(ids: readonly string[], holdMs: number): void {
    for (const id of ids) this.#entry(id).askedMs += holdMs;
  }

  confirmed(id: string): void {
    this.#entry(id).confirmedAtMs = this.#clock.monotonicMs();
  }

  /** Ends the hold of `id` at `atMs` (monotonic), once. */
  ended(id: string, atMs = this.#clock.monotonicMs()): void {
    const entry = this.#entry(id);
    if (entry.confirmedAtMs === undefined) return;
    entry.heldMs += Math.max(0, atMs - entry.confirmedAtMs);
    delete entry.confirmedAtMs;
  }

  isHeld(id: string): boolean {
    return this.#entries.get(id)?.confirmedAtMs !== undefined;
  }

  detail(id: string, text: string): void {
    const { details } = this.#entry(id);
    if (!details.includes(text)) details.push(text);
  }

  /** The final account of every target in the journal, for the ChaosResult and for people. */
  outcomes(record: JournalRecord): TargetOutcome[] {
    return Object.entries(record.targets).map(([id, target]) => {
      const entry = this.#entry(id);
      return {
        id,
        chaosStatus: isOpen(target) ? (target.phase as 'targeted' | 'injected') : 'reverted',
        askedHoldMs: entry.askedMs,
        heldMs: Math.round(entry.heldMs),
        detail: entry.details.join('; '),
      };
    });
  }

  #entry(id: string): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry: Entry = { heldMs: 0, askedMs: 0, details: [] };
    this.#entries.set(id, entry);
    return entry;
  }
}
