import {
  parseJournal,
  type JournalRecord,
  type StoredJournal,
  type TargetPhase,
} from '../runtime/journal.ts';
import type { TargetOutcome } from '../runtime/verdict.ts';

/** The whole record. It alone is enough: the operator deletes the annotations of single targets when it folds them. */
export const JOURNAL_ANNOTATION = 'chaos.lambda-chaos-runner.io/journal';

/** What each target went through in the last run: the hold asked and measured, and how it came back. */
export const OUTCOME_ANNOTATION = 'chaos.lambda-chaos-runner.io/outcome';

export const outcomePatch = (targets: readonly TargetOutcome[]): AnnotationPatch => ({
  [OUTCOME_ANNOTATION]: JSON.stringify(targets),
});

export type Annotations = Readonly<Record<string, string>>;
export type AnnotationPatch = Readonly<Record<string, string | null>>;

export function readJournal(annotations: Annotations | undefined): StoredJournal {
  const text = annotations?.[JOURNAL_ANNOTATION];
  return text === undefined ? { kind: 'none' } : parseJournal(text);
}

/**
 * What turns `current` into the annotations of `record`: the journal, and `<kind>/<id>` for each target, which the
 * operator folds into `history.targets` after an abort. It panics on a status value under a key without a slash,
 * so no other annotation of ours ever has such a value.
 */
export function journalPatch(
  current: Annotations | undefined,
  record: JournalRecord,
  targetKind: string,
): AnnotationPatch {
  const patch: Record<string, string | null> = { [JOURNAL_ANNOTATION]: JSON.stringify(record) };
  for (const key of Object.keys(current ?? {})) {
    if (key.startsWith(`${targetKind}/`)) patch[key] = null;
  }
  for (const [id, { phase }] of Object.entries(record.targets)) {
    if (isPublic(phase)) patch[`${targetKind}/${id}`] = phase;
  }
  return patch;
}

/** The operator knows these three; what was released or deleted by somebody else is none of them. */
const isPublic = (phase: TargetPhase): boolean => phase !== 'released' && phase !== 'gone';
