import { momentAfter, whileActive } from './abort.ts';
import type { Clock } from './clock.ts';
import { AbortedError, ChaosError, FencedError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import type { Fault } from './fault.ts';
import { revertOpen } from './forward.ts';
import { newRecord, type JournalRecord, type RunIdentity, type StoredJournal } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { concludeRun, factsOf, type RunResult } from './outcome.ts';
import { perform } from './perform.ts';
import type { RunStore, Surroundings } from './ports.ts';
import { ProbeStopError, type Probes } from './probes.ts';
import { decide, type Decision } from './recovery.ts';
import { createRun, type Run } from './run.ts';
import type { Schedule } from './schedule.ts';
import { watchForStop } from './stop-watch.ts';
import type { ProbeVerdict } from './verdict.ts';
import { conclude, finishOlder, standAside, takeOver } from './takeover.ts';

export interface Settings {
  readonly schedule: Schedule;
  readonly fault: Fault;
  readonly probes: Probes;
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
  const { run, declared, failure } = await goForward(journal, watch.signal, deps);
  await watch.end();
  const facts = factsOf(failure, run, run?.probes.verdicts() ?? declared);
  const result = await concludeRun({ ...deps, journal, ...(run === undefined ? {} : { run }), facts });
  // After the verdict: an operator that is told to stop the engine deletes this pod.
  await run?.probes.close(() => isOver(result, deps));
  return result;
}

/** Whether the run has ended for good, as this process' own. */
async function isOver(result: RunResult, { store, identity }: ExperimentDeps): Promise<boolean> {
  // Safety: an engine that is set to stop loses its Job, and with it the next pod that would bring back what is off.
  if (result.kind !== 'verdict' || !result.recorded || result.leftOff.length > 0) return false;
  const stored = await store.load().catch(() => undefined);
  // Safety: a run that was taken over has ended without us, and the engine may be at its next one.
  return stored?.kind === 'record' && stored.record.owner === identity.attempt;
}

interface Ending {
  /** Undefined when it was over before its environment could be read. */
  run?: Run;
  declared: readonly ProbeVerdict[];
  failure?: unknown;
}

/** From the first look at the engine to the last mapping that is back. Never throws. */
async function goForward(journal: JournalWriter, signal: AbortSignal, deps: ExperimentDeps): Promise<Ending> {
  const ending: Ending = { declared: [] };
  try {
    signal.throwIfAborted();
    ending.declared = await whileActive(deps.surroundings.admit(), signal);
    if (ending.declared.length > 0) await whileActive(deps.store.showProbes(ending.declared), signal);
    const settings = await deps.configure();
    const either = AbortSignal.any([signal, settings.probes.stop]);
    ending.run = createRun({ ...deps, ...settings, signal: either, journal });
    await perform(ending.run);
  } catch (error) {
    ending.failure = error;
    // A signal and the watch have told it themselves.
    if (isStop(error) && !signal.aborted) deps.emit({ type: 'abort', why: error.message });
  } finally {
    // Nothing of a probe is waited for here.
    ending.run?.probes.end();
    // Safety: every way out of the forward path comes through here, with whatever the journal says is open.
    if (ending.run !== undefined) await revertOpen(ending.run, reasonToRevert(ending.failure));
  }
  return ending;
}

const isStop = (error: unknown): error is AbortedError | ProbeStopError =>
  error instanceof AbortedError || error instanceof ProbeStopError;

const reasonToRevert = (failure: unknown): string => {
  if (failure === undefined) return 'the run is over';
  if (isStop(failure)) return `the run was stopped: ${failure.message}`;
  return failure instanceof ChaosError ? failure.message : `the run broke: ${messageOf(failure)}`;
};
