import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import type { Emit } from './events.ts';
import type { Fault, RevertControl, RevertResult, RevertTarget } from './fault.ts';
import { isOpen, type JournalRecord, type TargetPhase } from './journal.ts';
import { PERMIT_FRESH_MS, type JournalWriter } from './journal-writer.ts';

/**
 * How long a disable of another process may still arrive: one that has its permit is sent within PERMIT_FRESH_MS
 * and answered within the client's connect and request time-outs. A target that is enabled now may be switched
 * off by it later.
 */
const LATE_WRITE_MS = PERMIT_FRESH_MS + 13_000;

export interface RestoreDeps {
  readonly fault: Fault;
  readonly journal: JournalWriter;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly revertTimeoutMs: number;
  readonly permit?: RevertControl['permit'];
}

/**
 * The open targets of a record that another process left. The late-write window of an intent counts from now and not
 * from its time stamp: the clock of the machine that wrote it may be minutes off.
 */
export const leftovers = (record: JournalRecord): RevertTarget[] =>
  Object.entries(record.targets).flatMap(([id, target]) => {
    if (!isOpen(target)) return [];
    return [{ id, inherited: true, lateWriteMs: target.phase === 'targeted' ? LATE_WRITE_MS : 0 }];
  });

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
    if (result.status === 'left') {
      emit({ type: 'note', message: `${result.id} ${result.detail}` });
      return;
    }
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
  const deadline = new Deadline(clock, deps.revertTimeoutMs);
  return fault.revert(targets, { deadline, settled, permit: deps.permit });
}

function phaseAfter(result: RevertResult): TargetPhase | undefined {
  switch (result.status) {
    case 'reverted':
    case 'already-enabled':
      return 'reverted';
    case 'gone':
      return 'gone';
    case 'failed':
    case 'left':
      return undefined;
  }
}
