import { systemClock, type Clock } from '../../../src/runtime/clock.ts';

/** The system's clock with both times moved forward at will, for credentials that are hours from their end. */
export class ShiftedClock implements Clock {
  #shiftMs = 0;

  advance(ms: number): void {
    this.#shiftMs += ms;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#shiftMs;
  }

  now(): Date {
    return new Date(systemClock.now().getTime() + this.#shiftMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}
