import type { KubeObject } from '../kube/objects.ts';
import type { JournalRecord, RunIdentity, StoredJournal } from '../runtime/journal.ts';
import type { Outcome } from '../runtime/verdict.ts';
import { JOURNAL_ANNOTATION } from './annotations.ts';
import { readProbeStatuses } from './status.ts';
import { ENGINE_LABEL, field, textField } from './resources.ts';

export const recordOf = (stored: StoredJournal): JournalRecord | undefined =>
  stored.kind === 'record' ? stored.record : undefined;

/** This very verdict with this very journal is stored already: an earlier answer was lost, and nothing counts twice. */
export function isRecorded(
  current: KubeObject | undefined,
  journal: JournalRecord,
  outcome: Outcome,
): boolean {
  const text = current?.metadata.annotations?.[JOURNAL_ANNOTATION];
  const verdict = textField(field(current?.status, 'experimentStatus'), 'verdict');
  return text === JSON.stringify(journal) && verdict === outcome.verdict;
}

/** A process that finishes another one's run has evaluated no probe: what that one has shown stays. */
export const withProbes = (outcome: Outcome, current: KubeObject | undefined, isSameRun: boolean): Outcome =>
  isSameRun && outcome.probes.length === 0
    ? { ...outcome, probes: readProbeStatuses(current?.status) }
    : outcome;

/** Whether `stored` is about the run of the same Job. */
export const isOf = ({ jobId }: RunIdentity, stored: StoredJournal): boolean =>
  recordOf(stored)?.run.jobId === jobId;

/**
 * The labels of `pod` and the engine's UID in place of whatever an earlier run left, as litmus-go does; without a
 * pod the others stay.
 */
export function labelPatch(
  current: Readonly<Record<string, string>> | undefined,
  pod: Readonly<Record<string, string>> | undefined,
  engineUid: string,
): Record<string, string | null> {
  const stale = pod === undefined ? [] : Object.keys(current ?? {}).map((key) => [key, null] as const);
  return {
    ...Object.fromEntries(stale),
    ...pod,
    ...(engineUid === '' ? {} : { [ENGINE_LABEL]: engineUid }),
  };
}
