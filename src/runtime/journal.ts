/**
 * The journal: what this run switched off, written ahead of each write, so that any later
 * process can switch it on again. It holds no secret.
 */

/** Raised when the shape of a record changes; a record from a later version is refused, never guessed at. */
export const JOURNAL_VERSION = 1;

/**
 * - `targeted`: the write that disables it may have been sent;
 * - `injected`: seen disabled by us;
 * - `reverted`: seen enabled again, or the write was never sent;
 * - `released`: somebody else enabled it in the window, so it is theirs, whatever happens to it next;
 * - `gone`: deleted by somebody.
 */
export type TargetPhase = 'targeted' | 'injected' | 'reverted' | 'released' | 'gone';

export interface JournalTarget {
  readonly phase: TargetPhase;
  /** How many times this run has intended to disable it: tells a second cycle from the first, whatever the clocks say. */
  readonly cycle?: number;
  /** Its state before the run, as the fault names it, e.g. `Enabled`. */
  readonly before: string;
  /** When this phase was entered, ISO 8601. */
  readonly at: string;
}

/** Who a run is. Two pods of one Job share `jobId`; each process has its own `attempt`. */
export interface RunIdentity {
  readonly experiment: string;
  /** Empty when standalone. */
  readonly engine: string;
  readonly engineUid: string;
  /** The Job's UID or, failing that, its name; standalone, a value that is new for each run. */
  readonly jobId: string;
  /** The pod's name, empty where it is not known; standalone, `host/pid`. */
  readonly pod: string;
  /** Where the engine and its pods are; absent when standalone. A record that is found elsewhere is a copy. */
  readonly namespace?: string;
  /** A UUID made at process start; only the attempt that `owner` names may inject. */
  readonly attempt: string;
}

export interface JournalRecord {
  readonly version: number;
  readonly run: RunIdentity;
  /** The attempt that may inject. A recovering process puts its own here, which fences the old one. */
  readonly owner: string;
  readonly startedAt: string;
  /**
   * Wall-clock time by which what is off now should be back at the very latest, ISO 8601; set anew with each
   * intent, absent before the first.
   */
  readonly deadline?: string;
  /** A final verdict has been recorded and every target is back. */
  readonly finished: boolean;
  /** What the fault needs to revert without this run's environment, e.g. Region and function ARN. */
  readonly context: Readonly<Record<string, string>>;
  readonly targets: Readonly<Record<string, JournalTarget>>;
}

/** The record of a run that has not looked at anything yet. */
export const newRecord = (run: RunIdentity, startedAt: Date): JournalRecord => ({
  version: JOURNAL_VERSION,
  run,
  owner: run.attempt,
  startedAt: startedAt.toISOString(),
  finished: false,
  context: {},
  targets: {},
});

/** Phases in which a target may be off because of us. */
export const isOpen = (target: JournalTarget): boolean =>
  target.phase === 'targeted' || target.phase === 'injected';

/** The ids of the targets that may be off because of this record's run. */
export const openTargets = (record: JournalRecord): string[] =>
  Object.entries(record.targets).flatMap(([id, target]) => (isOpen(target) ? [id] : []));

/** What a store holds: nothing yet, a record, or something that this version must not touch. */
export type StoredJournal =
  | { readonly kind: 'none' }
  | { readonly kind: 'record'; readonly record: JournalRecord }
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * Where the journal lives. Every call retries within its own bounded time and then throws;
 * every call is safe to repeat.
 */
export interface JournalStore {
  load(): Promise<StoredJournal>;
  /**
   * Makes `record` durable. It has to be on disk or in etcd when the promise resolves.
   * With `fence`, the stored record's owner must still be `record.owner`, checked atomically with the write.
   * @throws FencedError when another attempt owns the stored record.
   */
  save(record: JournalRecord, options: { readonly fence: boolean }): Promise<void>;
}

/** Parses what a store read; never throws. */
export function parseJournal(text: string): StoredJournal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: 'it is not JSON' };
  }
  if (!isObject(value) || typeof value.version !== 'number') {
    return { kind: 'unreadable', why: 'it names no version' };
  }
  if (value.version !== JOURNAL_VERSION) {
    return {
      kind: 'unreadable',
      why: `it has version ${value.version} and this program reads version ${JOURNAL_VERSION}`,
    };
  }
  if (!isRecordShape(value)) return { kind: 'unreadable', why: 'it lacks fields that version 1 has' };
  return { kind: 'record', record: value };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const PHASES: ReadonlySet<unknown> = new Set<TargetPhase>([
  'targeted',
  'injected',
  'reverted',
  'released',
  'gone',
]);

const isRecordShape = (value: object): value is JournalRecord => {
  const { run, owner, finished, context, targets, startedAt } = value as Record<string, unknown>;
  return (
    isObject(run) &&
    ['experiment', 'engine', 'engineUid', 'jobId', 'pod', 'attempt'].every(
      (k) => typeof run[k] === 'string',
    ) &&
    typeof owner === 'string' &&
    typeof startedAt === 'string' &&
    typeof finished === 'boolean' &&
    isObject(context) &&
    isObject(targets) &&
    Object.values(targets).every(
      (t) => isObject(t) && PHASES.has(t.phase) && typeof t.before === 'string' && typeof t.at === 'string',
    )
  );
};
