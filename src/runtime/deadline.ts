import type { Clock } from './clock.ts';

/** A point on the monotonic clock after which waiting is pointless. */
export class Deadline {
  readonly #clock: Clock;
  readonly #atMs: number;

  constructor(clock: Clock, inMs: number) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs() + inMs;
  }

  /** Milliseconds left, never negative. */
  get remainingMs(): number {
    return Math.max(0, this.#atMs - this.#clock.monotonicMs());
  }

  get passed(): boolean {
    return this.remainingMs === 0;
  }
}
