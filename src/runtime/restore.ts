import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { Emit } from './events.ts';
import type { Fault, RevertResult, RevertTarget } from './fault.ts';
import { isOpen, type JournalRecord, type TargetPhase } from './journal.ts';
import { PERMIT_FRESH_MS, type JournalWriter } from './journal-writer.ts';

/**
 * How long after its intent was journaled a disable may still arrive: it is sent within PERMIT_FRESH_MS and
 * answered within the client's connect and request time-outs. A target that is enabled now may be switched off by it later.
 */
const LATE_WRITE_MS = PERMIT_FRESH_MS + 13_000;

export interface RestoreDeps {
  readonly fault: Fault;
  readonly journal: JournalWriter;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly revertTimeoutMs: number;
}

/** The open targets of a record that another process left, with the time for which its last write may be on its way. */
export function leftovers(record: JournalRecord, now: Date): RevertTarget[] {
  return Object.entries(record.targets).flatMap(([id, target]) => {
    if (!isOpen(target)) return [];
    const ageMs = now.getTime() - Date.parse(target.at);
    // A wall clock that jumped must neither skip the wait nor stretch it.
    const late =
      target.phase === 'targeted' ? Math.min(LATE_WRITE_MS, Math.max(0, LATE_WRITE_MS - ageMs)) : 0;
    return [{ id, inherited: true, lateWriteMs: Number.isNaN(late) ? LATE_WRITE_MS : late }];
  });
}

/**
 * Brings `targets` back and journals each as soon as its fate is known. Never throws, never waits
 * for the journal, knows no abort signal: whatever ended the run, this goes on to its own deadline.
 */
export async function restore(
  targets: readonly RevertTarget[],
  why: string,
  deps: RestoreDeps,
): Promise<RevertResult[]> {
  if (targets.length === 0) return [];
  const { fault, journal, clock, emit } = deps;
  emit({ type: 'reverting', targets: targets.map((target) => target.id), why });
  const startedAtMs = clock.monotonicMs();
  const settled = (result: RevertResult): void => {
    const phase = phaseAfter(result);
    if (phase === undefined) {
      emit({
        type: 'revert-failed',
        target: result.id,
        message: result.detail,
        undo: fault.undoCommand(result.id),
      });
      return;
    }
    journal.note(result.id, phase);
    emit({
      type: 'reverted',
      target: result.id,
      how: result.detail,
      tookMs: Math.round(clock.monotonicMs() - startedAtMs),
    });
  };
  return fault.revert(targets, { deadline: new Deadline(clock, deps.revertTimeoutMs), settled });
}

function phaseAfter(result: RevertResult): TargetPhase | undefined {
  switch (result.status) {
    case 'reverted':
    case 'already-enabled':
      return 'reverted';
    case 'gone':
      return 'gone';
    case 'failed':
      return undefined;
  }
}
