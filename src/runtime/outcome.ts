import { AbortedError, ChaosError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import { openTargets, type JournalRecord } from './journal.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { RunStore } from './ports.ts';
import { ProbeStopError, ProbeUnclearError } from './probes.ts';
import type { Run } from './run.ts';
import {
  judge,
  unevaluated,
  type Outcome,
  type ProbeVerdict,
  type RunError,
  type RunFacts,
  type TargetOutcome,
} from './verdict.ts';

/** How a process ended, for the exit code. */
export type RunResult =
  | {
      readonly kind: 'verdict';
      readonly outcome: Outcome;
      /** The verdict is durable. */
      readonly recorded: boolean;
      /** Ids that may still be off. */
      readonly leftOff: readonly string[];
    }
  | { readonly kind: 'nothing-to-do'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** What the verdict depends on, from how the forward path ended and what became of its targets. */
export function factsOf(failure: unknown, run: Run | undefined, probes: readonly ProbeVerdict[]): RunFacts {
  const aborted = failure instanceof AbortedError;
  const stoppedByProbe = failure instanceof ProbeStopError;
  const error = failure === undefined ? lossOf(run) : runError(failure);
  const facts = { aborted, stoppedByProbe, probes };
  if (error === undefined || aborted || stoppedByProbe) return facts;
  if (!(failure instanceof ProbeUnclearError)) return { ...facts, error };
  // Nobody could evaluate a probe in a window that somebody else has ended.
  const loss = lossOf(run);
  const message = loss === undefined ? error.message : `${error.message}. ${loss.message}`;
  return { ...facts, probeError: { ...error, message } };
}

function lossOf(run: Run | undefined): RunError | undefined {
  if (run === undefined || run.lost.size === 0) return undefined;
  const what = [...run.lost].map(([id, message]) => `${id}: ${message}`).join('; ');
  return {
    code: 'CHAOS_INJECT_ERROR',
    phase: 'ChaosInject',
    message: `The window was cut short by somebody else: ${what}`,
    target: [...run.lost.keys()].join(','),
  };
}

function runError(failure: unknown): RunError {
  if (!(failure instanceof ChaosError)) {
    return { code: 'GENERIC_ERROR', phase: 'ChaosInject', message: messageOf(failure) };
  }
  const { code, phase, message, target } = failure;
  return { code, phase, message, ...(target === undefined ? {} : { target }) };
}

export interface ConcludeDeps {
  readonly store: RunStore;
  readonly emit: Emit;
  readonly journal: JournalWriter;
  readonly run?: Run;
  readonly facts: RunFacts;
}

/** Judges the run and records the verdict together with the last state of the journal. */
export async function concludeRun(deps: ConcludeDeps): Promise<RunResult> {
  const { journal, run, facts } = deps;
  journal.close();
  const leftOff = openTargets(journal.record);
  const judged = judge(leftOff.length === 0 ? facts : withLeftOff(facts, leftOff));
  const outcome: Outcome = {
    ...judged,
    probes: judged.verdict === 'Pass' ? facts.probes : facts.probes.map(unevaluated),
    targets: run?.book.outcomes(journal.record) ?? plainTargets(journal.record),
  };
  deps.emit({ type: 'outcome', outcome });
  // A record with a target still off stays unfinished, so that the Job's next pod or a sweeper takes it up.
  const record: JournalRecord = { ...journal.record, finished: leftOff.length === 0 };
  return { kind: 'verdict', outcome, recorded: await recorded(deps, record, outcome), leftOff };
}

async function recorded(deps: ConcludeDeps, record: JournalRecord, outcome: Outcome): Promise<boolean> {
  try {
    await deps.store.finish(record, outcome);
    return true;
  } catch (error) {
    deps.emit({
      type: 'error',
      message: `The verdict ${outcome.verdict} could not be recorded: ${messageOf(error)}`,
      error,
    });
    return false;
  }
}

/** A mapping that is still off outweighs everything else that the verdict could say. */
function withLeftOff(facts: RunFacts, leftOff: readonly string[]): RunFacts {
  const earlier = facts.error ?? facts.probeError;
  const before = earlier === undefined ? '' : ` Before that: ${earlier.message}`;
  const error: RunError = {
    code: 'CHAOS_REVERT_ERROR',
    phase: 'PostChaos',
    message: `Still switched off: ${leftOff.join(', ')}.${before}`,
    target: leftOff.join(','),
  };
  // Judged like a probe that can't be evaluated: that comes before one that failed.
  return { aborted: false, stoppedByProbe: false, probes: facts.probes, probeError: error };
}

const plainTargets = (record: JournalRecord): TargetOutcome[] =>
  Object.entries(record.targets).map(([id, target]) => ({
    id,
    chaosStatus: target.phase === 'targeted' || target.phase === 'injected' ? target.phase : 'reverted',
    askedHoldMs: 0,
    heldMs: 0,
    detail: '',
  }));
