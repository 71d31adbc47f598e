import { finishAbandoned, judgeRun, type Judgement, type SignsOfLife } from '../runtime/abandoned.ts';
import { Deadline } from '../runtime/deadline.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { JournalRecord, RunIdentity } from '../runtime/journal.ts';
import { JOURNAL_ANNOTATION } from '../litmus/annotations.ts';
import { ChaosResultStore } from '../litmus/chaosresult.ts';
import { identityOfRun } from '../litmus/identity.ts';
import { listJournals, type NamedJournal } from '../litmus/journals.ts';
import { lookForLife } from '../litmus/signs-of-life.ts';
import { KubeClient } from '../kube/client.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import { reopen, revertTimeoutMs, targetKindOf } from './services.ts';
import { passerBy } from './world.ts';

/** How long the look at the namespace waits for an API that is not there: the next sweep comes soon. */
const LOOK_MS = 60_000;

interface Sweep extends Pick<Io, 'env' | 'clock' | 'abort'> {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly emit: Emit;
}

/**
 * Finishes every run of the namespace that nobody else will finish.
 * @returns 0 when nothing is left off, 70 when something may be, or when that could not be found out.
 */
export async function sweepNamespace(io: Io & { readonly emit: Emit }, namespace: string): Promise<number> {
  const client = new KubeClient(io);
  try {
    return await sweep({ ...io, client, namespace });
  } finally {
    await client.close();
  }
}

async function sweep(parts: Sweep): Promise<number> {
  const { client, namespace, clock, emit } = parts;
  const limit = { deadline: new Deadline(clock, LOOK_MS) };
  const journals = await listJournals(client, namespace, limit);
  // Safety: looked for after the journals were read: a pod that has begun since is seen, one that ended may have finished.
  const signsOf = await lookForLife(client, namespace, limit);
  const fates = await Promise.all(journals.map((journal) => sweepOne(journal, signsOf, parts)));
  const count = (fate: Fate): number => fates.filter((each) => each === fate).length;
  emit({
    type: 'note',
    message: `Swept namespace ${namespace}: ${fates.length} journals, ${count('nothing-to-do')} needed nothing, ${count('left')} were left to others, ${count('finished')} were finished, ${count('failed')} could not be.`,
  });
  return count('failed') === 0 ? EXIT.ok : EXIT.leftOff;
}

type Fate = 'nothing-to-do' | 'left' | 'finished' | 'failed';

async function sweepOne(
  { resultName, stored }: NamedJournal,
  signsOf: (run: RunIdentity) => SignsOfLife,
  parts: Sweep,
): Promise<Fate> {
  const where = `ChaosResult ${parts.namespace}/${resultName}`;
  const signs = stored.kind === 'record' ? signsOf(stored.record.run) : { jobs: [], pods: [] };
  const judgement = judgeRun(stored, signs, parts.clock.now());
  tell(where, judgement, parts.emit);
  switch (judgement.kind) {
    case 'finished':
      return 'nothing-to-do';
    case 'alive':
      return 'left';
    case 'unreadable':
      return 'failed';
    case 'abandoned':
      return finish(judgement.record, judgement.why, resultName, parts).catch((error: unknown) => {
        const message = `${where} could not be finished: ${messageOf(error)}`;
        parts.emit({ type: 'error', message, error });
        return 'failed';
      });
  }
}

function tell(where: string, judgement: Judgement, emit: Emit): void {
  if (judgement.kind === 'alive')
    emit({ type: 'note', message: `${where} is left alone: ${judgement.why}.` });
  if (judgement.kind === 'unreadable') {
    const message = `The journal in ${where} can't be read (${judgement.why}), so nothing was touched. What it is about may be off.`;
    emit({ type: 'error', message });
  }
}

async function finish(record: JournalRecord, why: string, resultName: string, parts: Sweep): Promise<Fate> {
  const { client, namespace, env, clock, emit, abort } = parts;
  const { experiment, engineUid } = record.run;
  const identity = identityOfRun(record.run, { namespace, resultName });
  if (identity === undefined)
    throw new Error(
      `its journal is about engine ${record.run.engine} in namespace ${record.run.namespace ?? namespace}, so it is a copy. Delete it, or take the annotation ${JOURNAL_ANNOTATION} from it`,
    );
  const targetKind = targetKindOf(experiment);
  const result = await finishAbandoned(record, why, {
    identity: passerBy(identity),
    reopen: (open) => reopen(open, { env, clock, emit, experiment, runUid: engineUid }),
    store: new ChaosResultStore({ client, identity, clock, emit, targetKind }),
    clock,
    emit,
    signal: abort.signal,
    revertTimeoutMs: revertTimeoutMs(env),
  });
  if (result.kind !== 'verdict') {
    emit({ type: 'note', message: result.why });
    return 'left';
  }
  return exitCodeOf(result, true) === EXIT.ok ? 'finished' : 'failed';
}
