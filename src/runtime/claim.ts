import { FencedError, messageOf } from './errors.ts';
import type { ExperimentDeps } from './experiment.ts';
import type { JournalRecord } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { leftovers, restore } from './restore.ts';

export interface Claim {
  readonly journal: JournalWriter;
  /** What is stored has moved on since `record` was read. */
  readonly fenced: boolean;
}

/**
 * Makes this process the owner of a record that another one left, and brings its targets back at the same time.
 * Never throws: what failed is told, and shows in the journal.
 */
export async function claimAndRevert(record: JournalRecord, deps: ExperimentDeps): Promise<Claim> {
  // Safety: naming ourselves the owner fences the other process: it may go on reverting, but not inject.
  const journal = new JournalWriter({ ...record, owner: deps.identity.attempt }, deps);
  // Safety: the claim and the revert start together, for no revert may wait for Kubernetes.
  const claim = deps.store.begin(journal.record, []);
  const [claimed, reverted] = await Promise.allSettled([claim, bringBack(record, journal, deps)]);
  if (claimed.status === 'rejected') {
    deps.emit({ type: 'warning', message: `The run could not be claimed: ${messageOf(claimed.reason)}` });
  }
  if (reverted.status === 'rejected') {
    deps.emit({
      type: 'error',
      message: `The revert could not begin: ${messageOf(reverted.reason)}`,
      error: reverted.reason,
    });
  }
  return { journal, fenced: claimed.status === 'rejected' && claimed.reason instanceof FencedError };
}

/** Reverts what `record` holds open, journaled through `journal`. @throws when the fault can't be reopened. */
export async function bringBack(
  record: JournalRecord,
  journal: JournalWriter,
  deps: ExperimentDeps,
): Promise<void> {
  const targets = leftovers(record);
  if (targets.length === 0) return;
  const fault = await deps.reopen(record);
  const why = 'an earlier process was cut off';
  await restore(targets, why, { ...deps, fault, journal, revertTimeoutMs: deps.revertTimeoutMs });
}
