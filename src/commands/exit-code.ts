import type { RunResult } from '../runtime/outcome.ts';

/** Documented in docs/reference/exit-codes.md. */
export const EXIT = {
  ok: 0,
  fail: 1,
  error: 2,
  stopped: 3,
  /** A target may still be switched off: the Job's next pod, or a person, has to finish. */
  leftOff: 70,
  /** No verdict could be recorded. */
  unrecorded: 71,
} as const;

/**
 * The exit code of a run. Under a Job every recorded verdict is 0, for anything else makes the
 * Job run the chaos again; non-zero only where the next pod recovers instead of injecting.
 */
export function exitCodeOf(result: RunResult, underJob: boolean): number {
  switch (result.kind) {
    case 'nothing-to-do':
      return EXIT.ok;
    case 'refused':
      return EXIT.leftOff;
    case 'verdict':
      if (result.leftOff.length > 0) return EXIT.leftOff;
      if (!result.recorded) return EXIT.unrecorded;
      return underJob ? EXIT.ok : codeOfVerdict(result.outcome.verdict);
  }
}

function codeOfVerdict(verdict: 'Pass' | 'Fail' | 'Stopped' | 'Error'): number {
  switch (verdict) {
    case 'Pass':
      return EXIT.ok;
    case 'Fail':
      return EXIT.fail;
    case 'Error':
      return EXIT.error;
    case 'Stopped':
      return EXIT.stopped;
  }
}
