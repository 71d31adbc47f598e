import { openTargets, type JournalRecord, type RunIdentity, type StoredJournal } from './journal.ts';

/** What a starting process may do, given what it found. */
export type Decision =
  /** Nothing unfinished: run. */
  | { readonly kind: 'run' }
  /** An older run of this engine was cut off: bring its targets back, then run. */
  | { readonly kind: 'revert-then-run'; readonly record: JournalRecord }
  /** This very run was begun by another process: bring its targets back, never inject. */
  | { readonly kind: 'revert-only'; readonly record: JournalRecord }
  /** Another pod of this Job is alive and has journaled nothing yet: wait for it, never inject. */
  | { readonly kind: 'stand-aside'; readonly pods: readonly string[] }
  /** This very run has its verdict. */
  | { readonly kind: 'done' }
  /** The journal can't be read: touch nothing. */
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * The restart guard. A Job replaces its pod after a crash, an eviction or a deletion, also while
 * the old one is still reverting; whoever finds its own run begun must not inject a second time.
 */
export function decide(stored: StoredJournal, run: RunIdentity, livePods: readonly string[]): Decision {
  if (stored.kind === 'unreadable') return { kind: 'refuse', why: stored.why };
  if (stored.kind === 'record') {
    const { record } = stored;
    if (record.run.jobId === run.jobId)
      return record.finished ? { kind: 'done' } : { kind: 'revert-only', record };
    if (!record.finished && openTargets(record).length > 0) return decideOnOlder(record, run, livePods);
  }
  // Safety: the other pod may be about to inject, or about to revert what this one would disable.
  return livePods.length > 0 ? { kind: 'stand-aside', pods: livePods } : { kind: 'run' };
}

function decideOnOlder(record: JournalRecord, run: RunIdentity, livePods: readonly string[]): Decision {
  if (livePods.length > 0) return { kind: 'stand-aside', pods: livePods };
  // Without a Job nothing tells a restart by a supervisor from a person's second try: the safe reading is a restart.
  return run.engine === '' ? { kind: 'revert-only', record } : { kind: 'revert-then-run', record };
}
