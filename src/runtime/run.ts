import type { Clock } from './clock.ts';
import type { Emit } from './events.ts';
import type { Fault } from './fault.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Surroundings } from './ports.ts';
import type { Probes } from './probes.ts';
import type { Schedule } from './schedule.ts';
import { TargetBook } from './target-book.ts';

export interface RunParts {
  readonly fault: Fault;
  readonly probes: Probes;
  readonly schedule: Schedule;
  readonly journal: JournalWriter;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Ends the forward path; no revert ever sees it. */
  readonly signal: AbortSignal;
}

/** The parts of one run and what has become of its targets so far. */
export interface Run extends RunParts {
  readonly book: TargetBook;
  /** Targets that somebody else enabled or deleted in the window, with what was seen. */
  readonly lost: ReadonlyMap<string, string>;
  /** Targets whose revert ran into its deadline. */
  readonly givenUp: Set<string>;
  readonly lose: (id: string, kind: 'released' | 'gone', message: string) => void;
}

export function createRun(parts: RunParts): Run {
  const book = new TargetBook(parts.clock);
  const lost = new Map<string, string>();
  const lose = (id: string, kind: 'released' | 'gone', message: string): void => {
    book.ended(id);
    book.detail(id, message);
    lost.set(id, `${message}, seen ${parts.clock.now().toISOString()}`);
    // Safety: from here on it is somebody else's; a later process must not enable what they may disable next.
    parts.journal.note(id, kind);
  };
  return { ...parts, book, lost, givenUp: new Set(), lose };
}
