import { Deadline } from '../../../src/runtime/deadline.ts';
import type { Emit, TimelineEvent } from '../../../src/runtime/events.ts';
import type { Fault, Plan, RevertControl, RevertResult, RevertTarget } from '../../../src/runtime/fault.ts';
import type { JournalRecord, RunIdentity, TargetPhase } from '../../../src/runtime/journal.ts';
import type { Surroundings } from '../../../src/runtime/ports.ts';
import type { VirtualClock } from '../../support/virtual/clock.ts';

/** The virtual clock's beginning. */
export const BEGIN = '2026-01-01T00:00:00.000Z';

export const identity = (change: Partial<RunIdentity> = {}): RunIdentity => ({
  experiment: 'lambda-toggle-event-mapping-state',
  engine: 'engine',
  engineUid: 'uid-1',
  jobId: 'job-1',
  pod: 'pod-1',
  attempt: 'attempt-1',
  ...change,
});

export const recordWith = (
  targets: Readonly<Record<string, TargetPhase>> = {},
  change: Partial<JournalRecord> = {},
): JournalRecord => ({
  version: 1,
  run: identity(),
  owner: 'attempt-1',
  startedAt: BEGIN,
  finished: false,
  context: {},
  targets: Object.fromEntries(
    Object.entries(targets).map(([id, phase]) => [id, { phase, before: 'Enabled', at: BEGIN }]),
  ),
  ...change,
});

export interface Timeline {
  readonly events: TimelineEvent[];
  readonly emit: Emit;
  /** The messages of every event of `type`. */
  readonly messages: (type: TimelineEvent['type']) => string[];
}

export function timeline(): Timeline {
  const events: TimelineEvent[] = [];
  return {
    events,
    emit: (event) => void events.push(event),
    messages: (type) =>
      events.flatMap((event) => (event.type === type && 'message' in event ? [event.message] : [])),
  };
}

export const EMPTY_PLAN: Plan = {
  targets: [],
  problems: [],
  warnings: [],
  identity: 'somebody',
  undo: {},
  context: {},
  table: [],
  calls: [],
};

/** A fault that does what it is asked at once, and `revert` by `ways`. */
export function faultWith(parts: Partial<Fault> = {}): Fault {
  return {
    name: 'lambda-toggle-event-mapping-state',
    targetKind: 'lambda-event-source-mapping',
    noun: 'event source mapping',
    discover: () => Promise.resolve(EMPTY_PLAN),
    recheck: () => Promise.resolve(),
    inject: () => Promise.resolve(),
    confirm: (ids, { confirmed }) => {
      for (const id of ids) confirmed(id, true);
      return Promise.resolve();
    },
    observe: (ids) =>
      Promise.resolve(ids.map((id) => ({ id, status: 'held', message: `${id} is Disabled` }))),
    revert: (targets, control) => revertAs('reverted', targets, control),
    undoCommand: (id) => `undo ${id}`,
    ...parts,
  };
}

export function revertAs(
  status: RevertResult['status'],
  targets: readonly RevertTarget[],
  control: RevertControl,
): Promise<RevertResult[]> {
  const results = targets.map(({ id }): RevertResult => ({ id, status, detail: `${id} is ${status}` }));
  for (const result of results) control.settled(result);
  return Promise.resolve(results);
}

export const ALONE: Surroundings = {
  admit: () => Promise.resolve([]),
  otherLivePods: () => Promise.resolve([]),
  othersHolding: () => Promise.resolve([]),
  tidy: () => Promise.resolve(),
  stopRequested: () => Promise.resolve(undefined),
};

export const pass = (clock: VirtualClock, ms: number): Promise<void> => clock.run(clock.sleep(ms));

export const within = (clock: VirtualClock, ms = 180_000): Deadline => new Deadline(clock, ms);

/** What `promise` was rejected with; fails when it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not rejected');
}

export const NEVER = new Promise<never>(() => undefined);
