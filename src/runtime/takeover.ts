import { bringBack, claimAndRevert } from './claim.ts';
import { Deadline } from './deadline.ts';
import { FencedError, messageOf } from './errors.ts';
import type { ExperimentDeps } from './experiment.ts';
import { newRecord, openTargets, type JournalRecord } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { concludeRun, type RunResult } from './outcome.ts';
import { decide } from './recovery.ts';
import type { RunError } from './verdict.ts';

const PEER_POLL_MS = 1_000;

/** This very run was begun by another process: brings its targets back and records a verdict, injects nothing. */
export async function takeOver(record: JournalRecord, deps: ExperimentDeps): Promise<RunResult> {
  tell(
    deps,
    record,
    `Pod ${record.run.pod} began this run and did not finish it. Its targets are brought back; nothing is injected.`,
  );
  const { journal, fenced } = await claimAndRevert(record, deps);
  // Safety: the other process journaled more between our look and our claim, or ended the run: look again.
  if (fenced) return standAside([record.run.pod], deps);
  await deps.surroundings.tidy();
  if (await peersGone(deps)) {
    await lastLook(record, journal, deps);
    if (openTargets(journal.record).length === 0 && (await hasVerdict(record, deps)))
      return { kind: 'nothing-to-do', why: 'The other pod recorded the verdict.' };
  }
  return conclude(journal, cutOff(record.run.pod), deps);
}

/** The other pod may have ended in peace while this one reverted beside it: one run, one verdict. */
async function hasVerdict(record: JournalRecord, deps: ExperimentDeps): Promise<boolean> {
  const stored = await deps.store.load().catch(() => undefined);
  return stored?.kind === 'record' && stored.record.finished && stored.record.run.jobId === record.run.jobId;
}

/**
 * An older run of this engine was cut off: brings its targets back.
 * @returns the end of this run when one of them stays off, for nothing may be injected on top of that.
 */
export async function finishOlder(
  record: JournalRecord,
  deps: ExperimentDeps,
): Promise<RunResult | undefined> {
  tell(
    deps,
    record,
    `An older run of this engine (pod ${record.run.pod}) was cut off. Its targets are brought back first.`,
  );
  const { journal: older } = await claimAndRevert(record, deps);
  await deps.surroundings.tidy();
  await older.flush();
  if (openTargets(older.record).length === 0) return undefined;
  // Safety: under this Job's name, so that its next pod brings them back and does not inject.
  const journal = new JournalWriter({ ...older.record, run: deps.identity }, deps);
  await deps.store.begin(journal.record, []).catch((error: unknown) => {
    deps.emit({ type: 'warning', message: `The run could not be claimed: ${messageOf(error)}` });
  });
  const message = `Targets of an older run (pod ${record.run.pod}) could not be brought back, so nothing was injected.`;
  return conclude(journal, { code: 'CHAOS_REVERT_ERROR', phase: 'PreChaos', message }, deps);
}

/** Waits for another pod of this Job, then takes up whatever it left. Never injects. */
export async function standAside(pods: readonly string[], deps: ExperimentDeps): Promise<RunResult> {
  const other = pods.join(', ');
  deps.emit({
    type: 'recovery',
    message: `Pod ${other} of the same Job is alive. This one injects nothing.`,
    targets: [],
  });
  await peersGone(deps);
  const decision = decide(await deps.store.load(), deps.identity, []);
  switch (decision.kind) {
    case 'done':
      return { kind: 'nothing-to-do', why: 'The other pod recorded the verdict.' };
    case 'refuse':
      return { kind: 'refused', why: decision.why };
    case 'revert-only':
      return (await hasPeer(deps)) ? LEFT_TO_PEER : takeOver(decision.record, deps);
    case 'revert-then-run': {
      const failed = await finishOlder(decision.record, deps);
      return failed ?? concludeUninjected(other, deps);
    }
    case 'run':
    case 'stand-aside':
      return concludeUninjected(other, deps);
  }
}

async function concludeUninjected(other: string, deps: ExperimentDeps): Promise<RunResult> {
  const journal = new JournalWriter(newRecord(deps.identity, deps.clock.now()), deps);
  try {
    await deps.store.begin(journal.record, []);
  } catch (error) {
    // Yet another pod of the Job has begun the run meanwhile: the verdict is its own to record.
    if (error instanceof FencedError) return { kind: 'nothing-to-do', why: error.message };
    throw error;
  }
  return conclude(journal, deps.signal.aborted ? undefined : cutOff(other), deps);
}

const LEFT_TO_PEER: RunResult = {
  kind: 'nothing-to-do',
  why: 'Stopped while another pod of the Job has the run.',
};

/** Still: a process that was asked to stop does not wait for it any longer. */
const hasPeer = async ({ surroundings, signal }: ExperimentDeps): Promise<boolean> =>
  signal.aborted && (await surroundings.otherLivePods()).length > 0;

/** Whether another pod was there and is gone now; waits for it within bounds. */
async function peersGone(deps: ExperimentDeps): Promise<boolean> {
  const deadline = new Deadline(deps.clock, deps.revertTimeoutMs);
  let waited = false;
  while (!deadline.passed && !deps.signal.aborted) {
    if ((await deps.surroundings.otherLivePods()).length === 0) return waited;
    waited = true;
    await deps.clock.sleep(PEER_POLL_MS, deps.signal).catch(() => undefined);
  }
  return waited;
}

/** The other pod was alive while this one reverted: a disable of its own may have come after our enable. */
async function lastLook(record: JournalRecord, journal: JournalWriter, deps: ExperimentDeps): Promise<void> {
  if (openTargets(journal.record).length > 0) return;
  for (const id of openTargets(record)) journal.note(id, 'injected');
  await bringBack(record, journal, deps);
}

const tell = (deps: ExperimentDeps, record: JournalRecord, message: string): void =>
  deps.emit({ type: 'recovery', message, targets: openTargets(record) });

/** Records the end of a process that injected nothing; without an error it was asked to stop before anything had begun. */
export const conclude = (
  journal: JournalWriter,
  error: RunError | undefined,
  deps: ExperimentDeps,
): Promise<RunResult> => {
  const facts = { aborted: error === undefined, stoppedByProbe: false, probes: [] };
  return concludeRun({ ...deps, journal, facts: error === undefined ? facts : { ...facts, error } });
};

const cutOff = (pod: string): RunError => ({
  code: 'EXPERIMENT_ABORTED',
  phase: 'Abort',
  message: `The run was cut off: pod ${pod} ended before its verdict. No chaos was injected again.`,
});
