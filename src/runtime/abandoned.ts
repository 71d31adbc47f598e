import { FencedError } from './errors.ts';
import type { ExperimentDeps } from './experiment.ts';
import { openTargets, type JournalRecord, type StoredJournal } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { concludeRun, type RunResult } from './outcome.ts';
import { leftovers, restore } from './restore.ts';

/** What there still is of a run that could finish it. */
export interface SignsOfLife {
  /** Jobs of its engine that may start another pod. */
  readonly jobs: readonly string[];
  /** Pods of its engine's Jobs that may be running. */
  readonly pods: readonly string[];
}

export type Judgement =
  /** Finished, with everything back. */
  | { readonly kind: 'finished' }
  /** Somebody is there to finish it. */
  | { readonly kind: 'alive'; readonly why: string }
  | { readonly kind: 'abandoned'; readonly record: JournalRecord; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** How far two machines' clocks may be apart before a run that is in time counts as overdue. */
const CLOCK_SLACK_MS = 120_000;

const CONTRADICTION = 'it says that the run is finished and that something may be off';

/** Whether nobody will finish the run that `stored` is about, so that a stranger has to. */
export function judgeRun(stored: StoredJournal, signs: SignsOfLife, now: Date): Judgement {
  if (stored.kind === 'none') return { kind: 'finished' };
  if (stored.kind === 'unreadable') return { kind: 'unreadable', why: stored.why };
  const { record } = stored;
  const open = openTargets(record);
  if (record.finished)
    return open.length === 0 ? { kind: 'finished' } : { kind: 'unreadable', why: CONTRADICTION };
  if (open.length > 0 && isOverdue(record, now)) {
    const what = `${open.join(', ')} should have been back by ${record.deadline ?? ''}`;
    return { kind: 'abandoned', record, why: what };
  }
  const [alive] = [...signs.pods.map((pod) => `pod ${pod}`), ...signs.jobs.map((job) => `Job ${job}`)];
  if (alive !== undefined) return { kind: 'alive', why: `${alive} is there to finish it` };
  // Safety: a process outside any pod can't be seen, so that nothing is there tells nothing of it.
  if (record.run.pod === '')
    return { kind: 'alive', why: 'it runs outside any pod, where nobody can see whether it is alive' };
  return { kind: 'abandoned', record, why: 'its Job starts no pod any more and none is running' };
}

function isOverdue({ deadline }: JournalRecord, now: Date): boolean {
  return deadline !== undefined && now.getTime() > Date.parse(deadline) + CLOCK_SLACK_MS;
}

/**
 * Finishes a run that nobody else will finish: claims it, brings its targets back, records a verdict. Other than
 * a pod of the run it asks before each write whether the run is still its own, and leaves it where it is not.
 * @throws when the run can't be claimed, or its fault can't be opened; nothing was touched then.
 */
export async function finishAbandoned(
  record: JournalRecord,
  why: string,
  deps: Omit<ExperimentDeps, 'configure' | 'surroundings'>,
): Promise<RunResult> {
  const message = `The run of pod ${record.run.pod} was abandoned: ${why}. Its targets are brought back.`;
  deps.emit({ type: 'recovery', message, targets: openTargets(record) });
  const journal = new JournalWriter({ ...record, owner: deps.identity.attempt }, deps);
  const fault = openTargets(record).length === 0 ? undefined : await deps.reopen(record);
  try {
    // Safety: claimed before anything is touched: a run that has moved on meanwhile is alive, and not ours.
    await deps.store.begin(journal.record, []);
  } catch (error) {
    if (error instanceof FencedError) return movedOn;
    throw error;
  }
  const permit = (): Promise<void> => journal.assertOwned();
  const results =
    fault === undefined ? [] : await restore(leftovers(record), why, { ...deps, fault, journal, permit });
  if (results.some(({ status }) => status === 'left')) {
    await journal.flush();
    return movedOn;
  }
  const error = { code: 'EXPERIMENT_ABORTED', phase: 'Abort', message: cutOff(record) } as const;
  const facts = { aborted: false, stoppedByProbe: false, probes: [], error };
  return concludeRun({ ...deps, journal, facts });
}

const movedOn: RunResult = {
  kind: 'nothing-to-do',
  why: 'Another process has the run by now, or has ended it; it is left to that one.',
};

const cutOff = ({ run }: JournalRecord): string =>
  `The run was cut off: pod ${run.pod} ended before its verdict, and no other pod of its Job finished it. A later process brought its targets back.`;
