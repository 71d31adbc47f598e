import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../src/runtime/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Time that passes only when nothing else is left to do: a week of chaos takes milliseconds. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  #timers: Timer[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#nowMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return promise;
    }
    const timer = {
      atMs: this.#nowMs + Math.max(0, ms),
      order: (this.#order += 1),
      fire: () => resolve(undefined),
    };
    this.#timers.push(timer);
    signal?.addEventListener('abort', () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      reject(signal.reason as Error);
    });
    return promise;
  }

  /** Lets time pass until `done` settles. Fails when nothing is left that could settle it. */
  async run<T>(done: Promise<T>): Promise<T> {
    const end = { over: false };
    const settle = (): void => {
      end.over = true;
    };
    done.then(settle, settle);
    for (let idle = 0; ;) {
      await turn();
      if (end.over) return done;
      const next = this.#take();
      if (next !== undefined) {
        idle = 0;
        this.#nowMs = Math.max(this.#nowMs, next.atMs);
        next.fire();
      } else if ((idle += 1) > 50) throw new Error('Deadlock: something waits for what never comes');
    }
  }

  #take(): Timer | undefined {
    if (this.#timers.length === 0) return undefined;
    const first = this.#timers.reduce((a, b) =>
      b.atMs < a.atMs || (b.atMs === a.atMs && b.order < a.order) ? b : a,
    );
    this.#timers = this.#timers.filter((timer) => timer !== first);
    return first;
  }
}
