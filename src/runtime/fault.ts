import type { Deadline } from './deadline.ts';
import type { Problem } from './errors.ts';

/** One thing that a fault acts on. */
export interface Target {
  /** Unique in the run and legal as the name part of an annotation key (at most 63 characters). */
  readonly id: string;
  /** Its state before the run, as the fault names it. */
  readonly before: string;
  /** A short name for a person, e.g. `sqs orders`. */
  readonly label: string;
}

/** What a fault found out before the first write. Any problem refuses the run. */
export interface Plan {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** The caller, e.g. an ARN, and where the credentials came from. */
  readonly identity: string;
  /** The commands that undo everything by hand, one a target; printed before the first write. */
  readonly undo: Readonly<Record<string, string>>;
  /** What a later process needs to revert without this run's environment; no secret. */
  readonly context: Readonly<Record<string, string>>;
  /** Columns for a person, one row a target. */
  readonly table: readonly Readonly<Record<string, string>>[];
  /** What the run will call, e.g. `UpdateEventSourceMapping × 4`, and the permission each needs. */
  readonly calls: readonly { readonly call: string; readonly permission: string; readonly times: string }[];
}

/** What each forward step gets. */
export interface ForwardControl {
  /** Ends every wait and every retry of the forward path; never passed to a revert. */
  readonly signal: AbortSignal;
  /** The state must be confirmed by then. */
  readonly deadline: Deadline;
  /**
   * Must be awaited immediately before each write.
   * @throws when the run was aborted or another process has taken it over.
   */
  readonly permit: () => Promise<void>;
}

/** What was seen of a target in the hold. */
export interface Observation {
  readonly id: string;
  /** `held`: still off. `released`: somebody enabled it. `gone`: deleted. `changed`: still off, but edited. */
  readonly status: 'held' | 'released' | 'gone' | 'changed';
  readonly message: string;
}

/** A target that a revert has to look at. */
export interface RevertTarget {
  readonly id: string;
  /** Journaled by another process: only the journal knows what was written. Otherwise the fault itself does. */
  readonly inherited: boolean;
  /**
   * Milliseconds for which a disable that was sent may still arrive (its answer was never seen):
   * the target has to stay enabled for that long before it counts as back.
   */
  readonly lateWriteMs: number;
}

export type RevertStatus =
  /** We enabled it and saw it enabled. */
  | 'reverted'
  /** It was enabled when we looked, so nothing was written. */
  | 'already-enabled'
  /** It no longer exists. */
  | 'gone'
  /** Another process has the run by now, so it was left to that one. */
  | 'left'
  /** The deadline passed; `detail` says what stands in the way. */
  | 'failed';

export interface RevertResult {
  readonly id: string;
  readonly status: RevertStatus;
  readonly detail: string;
  /** Monotonic milliseconds at which the enabling write was sent, if one was. */
  readonly sentAtMs?: number;
}

export interface RevertControl {
  readonly deadline: Deadline;
  /**
   * For a process that is none of the run's own: awaited before each write.
   * @throws FencedError when another process has the run by now; the target is left to it.
   */
  readonly permit?: (() => Promise<void>) | undefined;
  /** Called as soon as each target's fate is known, before slower ones are. */
  readonly settled: (result: RevertResult) => void;
}

/** A kind of chaos. Adding one costs a folder and a line in `faults/index.ts`. */
export interface Fault {
  /** The ChaosExperiment's name. */
  readonly name: string;
  /** The kind under which its targets are journaled, e.g. `lambda-event-source-mapping`. */
  readonly targetKind: string;
  /** The same for a person, e.g. `event source mapping`. */
  readonly noun: string;
  /** Reads everything, writes nothing, collects every problem. Bounded by `control.deadline`. */
  discover(control: Pick<ForwardControl, 'signal' | 'deadline'>): Promise<Plan>;
  /**
   * A fresh look immediately before the intent is journaled.
   * @throws when an id is no longer as it was at discovery: then it is not ours to disable.
   */
  recheck(ids: readonly string[], control: Pick<ForwardControl, 'signal' | 'deadline'>): Promise<void>;
  /** Sends the disabling writes. Throws at the first target that can't be done; the others stay sent. */
  inject(ids: readonly string[], control: ForwardControl): Promise<void>;
  /**
   * Resolves when every id is confirmed off; `confirmed` is called at each one's own moment, `certain` unless a
   * disable whose answer was never seen may still arrive after it.
   * @throws when one can't be confirmed by the deadline, or was changed or deleted by somebody.
   */
  confirm(
    ids: readonly string[],
    control: Omit<ForwardControl, 'permit'> & { readonly confirmed: (id: string, certain: boolean) => void },
  ): Promise<void>;
  /** One light look in the hold. Throws when AWS can't be asked; the caller carries on. */
  observe(
    ids: readonly string[],
    control: Pick<ForwardControl, 'signal' | 'deadline'>,
  ): Promise<Observation[]>;
  /**
   * Brings every target back: sends every write that is needed first, waits second, keeps trying until the
   * deadline. Never throws for a target: its result says `failed`.
   */
  revert(targets: readonly RevertTarget[], control: RevertControl): Promise<RevertResult[]>;
  /** The command that brings `id` back by hand. */
  undoCommand(id: string): string;
}
