import type { RevertControl, RevertTarget } from '../../runtime/fault.ts';
import type { SentWrite, ToggleContext } from './context.ts';

/** While a disable without an answer may still arrive, the mapping is looked at this often. */
const LATE_LOOK_MS = 1_000;

/** One mapping on its way back. */
export interface Way {
  readonly id: string;
  readonly permit: RevertControl['permit'];
  /** Before this monotonic time an Enabled mapping may still be switched off by a late disable. */
  lateUntilMs: number;
  sentAtMs?: number;
  /** Before this monotonic time Lambda does not want to be asked again (Retry-After). */
  quietUntilMs: number;
  /** Before this monotonic time an accepted enable may not be visible yet, and is not sent again. */
  resendAtMs: number;
  /** A 400 ResourceInUse was the answer: the next enable goes out when the transition is over. */
  busy: boolean;
  /** Looks and writes in a row that failed. */
  failures: number;
  /** What stands in the way, for the person who has to help. */
  obstacle: string;
}

/** The obstacle of a mapping that is Enabled and not yet safe from a late disable. */
export const WATCHING = 'Enabled, and watched because a disable without an answer may still arrive';

/** The beginning of the way; `sent` is what this process has sent to the mapping. */
export function setOut(
  { id, lateWriteMs }: RevertTarget,
  sent: SentWrite | undefined,
  context: ToggleContext,
  permit?: RevertControl['permit'],
): Way {
  // Safety: an accepted disable that has not been seen yet may still be about to show.
  const confirmed = context.baseline.get(id)?.state === 'Disabled';
  const unseenUntilMs = confirmed ? 0 : (sent?.unseenUntilMs ?? 0);
  const inheritedUntilMs = context.clock.monotonicMs() + lateWriteMs;
  const lateUntilMs = Math.max(sent?.lateUntilMs ?? 0, unseenUntilMs, inheritedUntilMs);
  return {
    id,
    permit,
    lateUntilMs,
    quietUntilMs: 0,
    resendAtMs: 0,
    busy: false,
    failures: 0,
    obstacle: 'not looked at yet',
  };
}

/** Milliseconds to the next look, `pause` of them where nothing else is known. */
export function nextLook(way: Way, pause: number, context: ToggleContext): number {
  const nowMs = context.clock.monotonicMs();
  const late = way.lateUntilMs - nowMs;
  if (way.obstacle === WATCHING && late > 0) return Math.min(LATE_LOOK_MS, late);
  return Math.max(pause, way.quietUntilMs - nowMs);
}
