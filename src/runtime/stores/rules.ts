import { ChaosError, FencedError } from '../errors.ts';
import {
  isOpen,
  openTargets,
  type JournalRecord,
  type JournalTarget,
  type StoredJournal,
  type TargetPhase,
} from '../journal.ts';

/**
 * What a store may write over what it holds. Every store asks here, at the moment of its atomic
 * write, so that all of them keep the same promises whoever else is writing.
 */

/**
 * The record to write at the beginning of a run, or when a later process takes the run over.
 * @throws FencedError when this very run has its verdict already, or has journaled more than `record` knows, or when
 * a run that is to be taken over has made way for another one.
 * @throws ChaosError when targets of an earlier run would be forgotten while they may be off.
 */
export function onBegin(stored: StoredJournal, record: JournalRecord): JournalRecord {
  refuseUnreadable(stored);
  if (stored.kind !== 'record') return record;
  const held = stored.record;
  const forgotten = openTargets(held).filter((id) => record.targets[id] === undefined);
  const fresh = record.run.attempt === record.owner;
  if (held.run.jobId === record.run.jobId) {
    if (held.finished) throw new FencedError(held.owner);
    if (held.owner === record.owner) return record;
    const reopened = openTargets(held).some((id) => cycleOf(held.targets[id]) > cycleOf(record.targets[id]));
    if (fresh || forgotten.length > 0 || reopened) throw new FencedError(held.owner);
    return { ...record, targets: mergeTargets(held, record) };
  }
  // Safety: a claim of a run whose record has been replaced meanwhile would wipe out what the newer run journals.
  if (!fresh) throw new FencedError(held.owner);
  // Safety: an overwritten intent is a mapping that stays off and that nobody knows of.
  if (forgotten.length > 0) throw forgetful(forgotten);
  return record;
}

/**
 * The record to write in the middle of a run; undefined when the verdict is there already, or a newer run has the store.
 * @throws FencedError when `fence` is set and another attempt owns what is stored.
 */
export function onSave(
  stored: StoredJournal,
  record: JournalRecord,
  fence: boolean,
): JournalRecord | undefined {
  refuseUnreadable(stored);
  if (stored.kind !== 'record') return record;
  const held = stored.record;
  const sameRun = held.run.jobId === record.run.jobId;
  if (sameRun && held.finished && !record.finished) {
    if (fence) throw new FencedError(held.owner);
    return undefined;
  }
  if (held.owner === record.owner) return record;
  // Safety: this is what keeps a process that was taken over, or frozen, from injecting.
  if (fence) throw new FencedError(held.owner);
  if (sameRun) return combine(held, record);
  // Safety: only a beginning replaces another run's record, so what is held came later, whatever the clocks say.
  return undefined;
}

export type FinishDecision =
  /** This run has its verdict, or a newer one has taken the store: nothing to write. */
  | { readonly kind: 'leave'; readonly why: 'finished' | 'newer-run' }
  /** Write the verdict; with `journal` too, unless what is stored must stay. */
  | { readonly kind: 'write'; readonly journal?: JournalRecord };

/**
 * What to write at the end of a run.
 * @throws FencedError when `record` takes everything for back and what is stored knows of a target that may be off.
 */
export function onFinish(stored: StoredJournal, record: JournalRecord): FinishDecision {
  if (stored.kind === 'none') return { kind: 'write', journal: record };
  if (stored.kind === 'unreadable') return { kind: 'write' };
  const held = stored.record;
  if (held.run.jobId === record.run.jobId) {
    if (held.finished) return { kind: 'leave', why: 'finished' };
    const journal = held.owner === record.owner ? record : combine(held, record);
    // Safety: with a verdict nobody would look again; without one the Job's next pod does.
    if (record.finished && !journal.finished) throw new FencedError(held.owner);
    return { kind: 'write', journal };
  }
  // Safety: only a run's own attempt may replace another run's record, whatever the clocks say of who came first.
  const takenOver = record.run.attempt !== record.owner;
  if (takenOver || isNewer(held, record)) return { kind: 'leave', why: 'newer-run' };
  // Safety: the verdict of a run that never began must not wipe out what an earlier one left off.
  const forgotten = openTargets(held).some((id) => {
    const t = record.targets[id];
    return t === undefined || !isOpen(t);
  });
  return forgotten ? { kind: 'write' } : { kind: 'write', journal: record };
}

/** The stored record with what `record` knows better; ownership stays where it is. */
function combine(held: JournalRecord, record: JournalRecord): JournalRecord {
  const targets = mergeTargets(held, record);
  const finished = record.finished && !Object.values(targets).some(isOpen);
  return { ...held, targets, finished };
}

const RANK: Readonly<Record<TargetPhase, number>> = {
  targeted: 0,
  injected: 1,
  reverted: 2,
  released: 2,
  gone: 2,
};

function mergeTargets(held: JournalRecord, record: JournalRecord): Record<string, JournalTarget> {
  const merged: Record<string, JournalTarget> = { ...held.targets };
  for (const [id, target] of Object.entries(record.targets)) {
    const known = merged[id];
    if (known === undefined || supersedes(target, known)) merged[id] = target;
  }
  return merged;
}

const cycleOf = (target: JournalTarget | undefined): number => target?.cycle ?? 0;
const supersedes = (target: JournalTarget, known: JournalTarget): boolean =>
  cycleOf(target) === cycleOf(known)
    ? RANK[target.phase] > RANK[known.phase]
    : cycleOf(target) > cycleOf(known);
const isNewer = (held: JournalRecord, record: JournalRecord): boolean => held.startedAt > record.startedAt;

function refuseUnreadable(stored: StoredJournal): void {
  if (stored.kind !== 'unreadable') return;
  throw new ChaosError(`The stored journal can't be read (${stored.why}), so it is left as it is`, {
    code: 'CHAOS_RESULT_CRUD_ERROR',
    phase: 'PreChaos',
  });
}

const forgetful = (ids: readonly string[]): ChaosError =>
  new ChaosError(
    `The stored journal of an earlier run still holds targets that may be off (${ids.join(', ')}); they have to be brought back first`,
    { code: 'CHAOS_RESULT_CRUD_ERROR', phase: 'PreChaos', target: ids.join(',') },
  );
