/**
 * The error codes that Litmus' own faults write into `errorOutput.errorCode`
 * (litmus-go pkg/cerrors); ChaosCenter and its users already know these.
 */
export type ErrorCode =
  | 'GENERIC_ERROR'
  | 'CHAOS_RESULT_CRUD_ERROR'
  | 'TARGET_SELECTION_ERROR'
  | 'EXPERIMENT_ABORTED'
  | 'CHAOS_INJECT_ERROR'
  | 'CHAOS_REVERT_ERROR'
  | 'TIMEOUT'
  | 'HTTP_PROBE_ERROR'
  | 'CMD_PROBE_ERROR'
  | 'K8S_PROBE_ERROR'
  | 'PROM_PROBE_ERROR';

/** Where in the story an error belongs, in the words of `errorOutput.reason`. */
export type ErrorPhase = 'PreChaos' | 'ChaosInject' | 'PostChaos' | 'Abort';

export interface ErrorDetails {
  readonly code: ErrorCode;
  readonly phase: ErrorPhase;
  /** What the error is about, e.g. `{Event Source Mapping: 14e0…, Region: eu-west-1}`. */
  readonly target?: string;
  readonly cause?: unknown;
}

/** An error that ends the run with a verdict: message for a person, code for a machine. */
export class ChaosError extends Error {
  readonly code: ErrorCode;
  readonly phase: ErrorPhase;
  readonly target: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, { cause: details.cause });
    this.name = 'ChaosError';
    this.code = details.code;
    this.phase = details.phase;
    this.target = details.target;
  }
}

/** One thing that is wrong with the input or the world; a run reports all of them at once. */
export interface Problem {
  /** The variable or the target that it is about, e.g. `TOTAL_CHAOS_DURATION` or a mapping's UUID. */
  readonly subject: string;
  /** A sentence: what came, what is wrong with it, what is wanted, an example. */
  readonly message: string;
}

/** Everything that is wrong, at once; nothing has been touched. */
class ProblemsError extends ChaosError {
  readonly problems: readonly Problem[];

  constructor(title: string, problems: readonly Problem[]) {
    super(listProblems(title, problems), { code: 'TARGET_SELECTION_ERROR', phase: 'PreChaos' });
    this.problems = problems;
  }
}

/** The environment can't be used. */
export class ConfigError extends ProblemsError {
  constructor(problems: readonly Problem[]) {
    super('The environment is not usable', problems);
    this.name = 'ConfigError';
  }
}

/** The checks before the first write found reasons not to start. */
export class ChecksFailedError extends ProblemsError {
  constructor(problems: readonly Problem[]) {
    super('The checks before the first change failed', problems);
    this.name = 'ChecksFailedError';
  }
}

/** Another process has taken the run over: this one may still revert, but never inject again. */
export class FencedError extends ChaosError {
  constructor(owner: string) {
    super(`The run was taken over by ${owner}, so this process injects nothing any more`, {
      code: 'EXPERIMENT_ABORTED',
      phase: 'ChaosInject',
    });
    this.name = 'FencedError';
  }
}

/** The run was asked to end: a signal, `engineState: stop`, a deleted engine, a crash of our own. */
export class AbortedError extends ChaosError {
  constructor(why: string, cause?: unknown) {
    super(why, { code: 'EXPERIMENT_ABORTED', phase: 'Abort', cause });
    this.name = 'AbortedError';
  }
}

const listProblems = (title: string, problems: readonly Problem[]): string => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${title} (${count}): ${problems.map((p) => `${p.subject}: ${p.message}`).join(' | ')}`;
};

/** The text of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
