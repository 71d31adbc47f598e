/** What a command left behind, in this container or in another one. */
export interface Execution {
  /** Undefined when a signal ended it, or it can't be told. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that floods its output must not fill the memory. */
export const LONGEST_OUTPUT = 1_000_000;
