import type { AbortSource } from '../runtime/abort.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Environment } from '../runtime/environment.ts';

/** What a command gets from the process. */
export interface Io {
  readonly env: Environment;
  readonly stdout: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly abort: AbortSource;
}

/** LOG_LEVEL of the log; an unknown value is the default. */
export function logLevel(env: Environment): string {
  const level = env.LOG_LEVEL?.trim().toLowerCase() ?? '';
  return ['debug', 'info', 'warn', 'error'].includes(level) ? level : 'info';
}
