import type { ErrorPhase } from './errors.ts';
import type { Outcome } from './verdict.ts';
import type { Plan } from './fault.ts';
import type { RunIdentity } from './journal.ts';

/**
 * Everything that happens in a run, as one stream. The log, the Kubernetes Events and the live
 * view are renderings of it. No member ever carries a secret.
 */
export type TimelineEvent =
  | { readonly type: 'started'; readonly run: RunIdentity; readonly version: string }
  | { readonly type: 'note'; readonly message: string; readonly detail?: Readonly<Record<string, unknown>> }
  | {
      readonly type: 'warning';
      readonly message: string;
      readonly detail?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'retry';
      readonly what: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly error: string;
    }
  | { readonly type: 'recovery'; readonly message: string; readonly targets: readonly string[] }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'pre-chaos'; readonly ok: boolean; readonly probes?: ProbesSoFar }
  | {
      readonly type: 'probe';
      readonly probe: { readonly name: string; readonly type: string; readonly mode: string };
      /** `unclear`: it could not be evaluated. */
      readonly finding: 'passed' | 'failed' | 'unclear';
      readonly description: string;
      /** Absent: evaluated in the background. */
      readonly phase?: ErrorPhase;
    }
  | { readonly type: 'ramp'; readonly position: 'before' | 'after'; readonly seconds: number }
  | {
      readonly type: 'cycle';
      readonly cycle: number;
      readonly cycles: number;
      readonly targets: readonly string[];
      readonly holdSeconds: number;
    }
  | { readonly type: 'injected'; readonly target: string; readonly afterMs: number }
  | { readonly type: 'hold'; readonly targets: readonly string[]; readonly seconds: number }
  | {
      readonly type: 'external-change';
      readonly target: string;
      readonly at: string;
      readonly message: string;
    }
  | { readonly type: 'reverting'; readonly targets: readonly string[]; readonly why: string }
  | { readonly type: 'revert-sent'; readonly target: string }
  | { readonly type: 'reverted'; readonly target: string; readonly how: string; readonly tookMs: number }
  | {
      readonly type: 'revert-failed';
      readonly target: string;
      readonly message: string;
      readonly undo: string;
    }
  | { readonly type: 'post-chaos'; readonly ok: boolean; readonly probes?: ProbesSoFar }
  | { readonly type: 'abort'; readonly why: string }
  | { readonly type: 'error'; readonly message: string; readonly error?: unknown }
  | { readonly type: 'outcome'; readonly outcome: Outcome };

/** Absent from an event: there are none. */
export type ProbesSoFar = 'successful' | 'unsuccessful';

export type Emit = (event: TimelineEvent) => void;
