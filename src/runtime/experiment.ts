import { momentAfter, whileActive } from './abort.ts';
import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { AbortedError, ChecksFailedError, ChaosError, FencedError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import type { Fault, Plan } from './fault.ts';
import { injectAll, revertOpen } from './forward.ts';
import { newRecord, type JournalRecord, type RunIdentity, type StoredJournal } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { concludeRun, factsOf, type RunResult } from './outcome.ts';
import type { RunStore, Surroundings } from './ports.ts';
import { decide, type Decision } from './recovery.ts';
import { createRun, type Run } from './run.ts';
import { heldByOthers } from './rivals.ts';
import type { Schedule } from './schedule.ts';
import { watchForStop } from './stop-watch.ts';
import { conclude, finishOlder, standAside, takeOver } from './takeover.ts';

export interface Settings {
  readonly schedule: Schedule;
  readonly fault: Fault;
}

export interface ExperimentDeps {
  readonly identity: RunIdentity;
  /** Reads the environment. @throws ConfigError, which becomes a recorded verdict. */
  readonly configure: () => Promise<Settings>;
  /** The fault as an earlier run had it, from that run's journal alone. */
  readonly reopen: (record: JournalRecord) => Promise<Fault>;
  readonly store: RunStore;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How long a revert of what another process left keeps trying, and how long a peer is waited for. */
  readonly revertTimeoutMs: number;
}

/** The whole story of one run. Throws only when not even the first record could be read or made: this process touched nothing then. */
export async function runExperiment(deps: ExperimentDeps): Promise<RunResult> {
  const stored = await whileActive(deps.store.load(), momentAfter(deps.signal, deps.clock));
  const decision = await decideWith(stored, deps);
  switch (decision.kind) {
    case 'done':
      return { kind: 'nothing-to-do', why: 'This run has its verdict already.' };
    case 'refuse':
      return refuse(decision.why, deps);
    case 'revert-only':
      return takeOver(decision.record, deps);
    case 'stand-aside':
      return standAside(decision.pods, deps);
    case 'revert-then-run':
      return (await finishOlder(decision.record, deps)) ?? runFresh(deps);
    case 'run':
      return runFresh(deps);
  }
}

/** Other pods matter only to a run that would inject: what has to be brought back does not wait for that question. */
async function decideWith(stored: StoredJournal, deps: ExperimentDeps): Promise<Decision> {
  const alone = decide(stored, deps.identity, []);
  if (alone.kind !== 'run' && alone.kind !== 'revert-then-run') return alone;
  return decide(stored, deps.identity, await deps.surroundings.otherLivePods());
}

/** A journal that can't be read may be about mappings that are off: it stays as it is, and nothing is touched. */
async function refuse(why: string, deps: ExperimentDeps): Promise<RunResult> {
  const message = `The journal of an earlier run can't be read (${why}), so nothing was touched. Mappings that it is about may be off.`;
  const journal = new JournalWriter(newRecord(deps.identity, deps.clock.now()), deps);
  const error = { code: 'TARGET_SELECTION_ERROR', phase: 'PreChaos', message } as const;
  await conclude(journal, error, deps);
  return { kind: 'refused', why: message };
}

async function runFresh(deps: ExperimentDeps): Promise<RunResult> {
  const journal = new JournalWriter(newRecord(deps.identity, deps.clock.now()), deps);
  try {
    await whileActive(deps.store.begin(journal.record, []), momentAfter(deps.signal, deps.clock));
  } catch (error) {
    // Another pod of this Job began the run between our look and our claim.
    if (error instanceof FencedError) return standAside([error.message], deps);
    throw error;
  }
  const watch = watchForStop(deps);
  let run: Run | undefined;
  let failure: unknown;
  try {
    watch.signal.throwIfAborted();
    await whileActive(deps.surroundings.admit(), watch.signal);
    const { schedule, fault } = await deps.configure();
    run = createRun({ ...deps, signal: watch.signal, schedule, fault, journal });
    await perform(run);
  } catch (error) {
    failure = error;
    // A signal and the watch have told it themselves.
    if (error instanceof AbortedError && !watch.signal.aborted)
      deps.emit({ type: 'abort', why: error.message });
  } finally {
    // Safety: every way out of the forward path comes through here, with whatever the journal says is open.
    if (run !== undefined) await revertOpen(run, reasonToRevert(failure));
  }
  await watch.end();
  return concludeRun({
    ...deps,
    journal,
    ...(run === undefined ? {} : { run }),
    facts: factsOf(failure, run),
  });
}

async function perform(run: Run): Promise<void> {
  const plan = await check(run);
  await ramp(run, 'before');
  await injectAll(run, plan.targets);
  await ramp(run, 'after');
  run.emit({ type: 'post-chaos', ok: run.lost.size === 0 });
}

async function check(run: Run): Promise<Plan> {
  const { fault, schedule, clock, signal, journal } = run;
  try {
    const found = await fault.discover({
      signal,
      deadline: new Deadline(clock, schedule.statusTimeoutSeconds * 1000),
    });
    const held = await heldByOthers(
      found.targets.map((target) => target.id),
      run,
    );
    const plan = { ...found, problems: [...found.problems, ...held] };
    run.emit({ type: 'planned', plan });
    if (plan.problems.length > 0) throw new ChecksFailedError(plan.problems);
    journal.describe({ context: plan.context });
    run.emit({ type: 'pre-chaos', ok: true });
    return plan;
  } catch (error) {
    run.emit({ type: 'pre-chaos', ok: false });
    throw error;
  }
}

async function ramp(run: Run, position: 'before' | 'after'): Promise<void> {
  // A signal that came while the last mappings were brought back waited for that, and still stops the run.
  run.signal.throwIfAborted();
  const { rampSeconds } = run.schedule;
  if (rampSeconds === 0) return;
  run.emit({ type: 'ramp', position, seconds: rampSeconds });
  await run.clock.sleep(rampSeconds * 1000, run.signal);
}

const reasonToRevert = (failure: unknown): string => {
  if (failure === undefined) return 'the run is over';
  if (failure instanceof AbortedError) return `the run was stopped: ${failure.message}`;
  return failure instanceof ChaosError ? failure.message : `the run broke: ${messageOf(failure)}`;
};
