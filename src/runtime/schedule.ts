/** How long and in what order; all in whole seconds, as the environment gives them. */
export interface Schedule {
  readonly totalSeconds: number;
  /** Undefined means one cycle of the whole duration. */
  readonly intervalSeconds?: number;
  readonly rampSeconds: number;
  readonly settleSeconds: number;
  readonly sequence: 'parallel' | 'serial';
  /** Bound of each wait for a state on the forward path. */
  readonly statusTimeoutSeconds: number;
  /** The longest pause between two looks while waiting for a state. */
  readonly statusDelaySeconds: number;
  readonly revertTimeoutSeconds: number;
}

/**
 * The holds of one target group, in seconds. 120 with interval 30 is four of 30; 70 with
 * interval 30 is 30, 30, 10: together they are always the whole duration.
 */
export function planHolds(schedule: Pick<Schedule, 'totalSeconds' | 'intervalSeconds'>): number[] {
  const { totalSeconds } = schedule;
  const interval = schedule.intervalSeconds ?? totalSeconds;
  const holds: number[] = [];
  for (let left = totalSeconds; left > 0; left -= interval) holds.push(Math.min(interval, left));
  return holds;
}

/** Serial: one group a target, each with its own full schedule. Parallel: one group. */
export const planGroups = (schedule: Pick<Schedule, 'sequence'>, ids: readonly string[]): string[][] =>
  schedule.sequence === 'serial' ? ids.map((id) => [id]) : [[...ids]];

/** What the waits of one cycle may take beyond their bounds: a last attempt each. */
const OVERRUN_SECONDS = 120;

/**
 * Seconds after a disable was permitted by which its targets are back, each wait at its bound. What is off for longer was
 * left by a process that is dead or stuck.
 */
export const dueSeconds = (schedule: Schedule, holdSeconds: number): number =>
  2 * schedule.statusTimeoutSeconds +
  schedule.settleSeconds +
  holdSeconds +
  schedule.revertTimeoutSeconds +
  OVERRUN_SECONDS;
