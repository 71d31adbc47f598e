import type { Clock } from '../runtime/clock.ts';
import type { CallOptions } from './gateway.ts';

/**
 * AWS allows an account 15 control-plane calls a second in a Region, all operations together, and does not raise it
 * (Lambda quotas). Deploys, Terraform and the console live on the same fifteen.
 */
export interface BudgetLimits {
  readonly forwardPerSecond: number;
  readonly revertPerSecond: number;
  /** GetFunction has 100 a second of its own. */
  readonly getFunctionPerSecond: number;
}

export const DEFAULT_LIMITS: BudgetLimits = {
  forwardPerSecond: 5,
  revertPerSecond: 15,
  getFunctionPerSecond: 20,
};

const FORWARD_BURST = 3;

/**
 * A little below the account's own bucket: at exactly its rate the jitter of the network turns one
 * enable of a burst into a 429, and that mapping comes back a second later than the others (measured).
 */
const SHY_RATE = 1;
const SHY_BURST = 3;

/** Paces the calls of one account and Region, so that chaos never takes the quota that others deploy with. */
export class RequestBudget {
  readonly #forward: Lane;
  readonly #revert: Lane;
  readonly #getFunction: Lane;

  constructor(clock: Clock, limits: Partial<BudgetLimits> = {}) {
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.#revert = new Lane(clock, all.revertPerSecond - SHY_RATE, all.revertPerSecond - SHY_BURST);
    // Safety: the revert lane knows nothing of the forward one; the forward one stands aside while a revert waits.
    this.#forward = new Lane(clock, all.forwardPerSecond, FORWARD_BURST, () => this.#revert.expectedWaitMs);
    this.#getFunction = new Lane(clock, all.getFunctionPerSecond, all.getFunctionPerSecond);
  }

  /**
   * Resolves when the call may be sent.
   * @throws the signal's reason; the call's place is then given to the next.
   */
  async take(operation: string, options: CallOptions): Promise<void> {
    if (operation === 'GetFunction') return this.#getFunction.take(options.signal);
    return (options.lane === 'revert' ? this.#revert : this.#forward).take(options.signal);
  }
}

/** A token bucket with a queue: first come, first served. */
class Lane {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  readonly #standAsideMs: () => number;
  readonly #waiting: symbol[] = [];
  #tokens: number;
  #countedAtMs: number;

  constructor(clock: Clock, perSecond: number, burst: number, standAsideMs: () => number = () => 0) {
    this.#clock = clock;
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#standAsideMs = standAsideMs;
    this.#tokens = burst;
    this.#countedAtMs = clock.monotonicMs();
  }

  /** Milliseconds until the queue as it is now has gone; 0 without one. */
  get expectedWaitMs(): number {
    return this.#waiting.length === 0 ? 0 : this.#msUntil(this.#waiting.length);
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const ticket = Symbol('call');
    this.#waiting.push(ticket);
    try {
      for (;;) {
        const waitMs = this.#waitFor(ticket);
        if (waitMs === 0) break;
        await this.#clock.sleep(waitMs, signal);
      }
      this.#tokens -= 1;
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(ticket), 1);
    }
  }

  #waitFor(ticket: symbol): number {
    this.#refill();
    const place = this.#waiting.indexOf(ticket);
    const asideMs = this.#standAsideMs();
    if (place === 0 && this.#tokens >= 1 && asideMs === 0) return 0;
    // At least a millisecond: a rounding error of the clock must not spin.
    return Math.max(1, asideMs, this.#msUntil(place + 1));
  }

  #msUntil(tokens: number): number {
    return Math.max(1, Math.ceil((tokens - this.#tokens) / this.#perMs));
  }

  #refill(): void {
    const now = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#countedAtMs) * this.#perMs);
    this.#countedAtMs = now;
  }
}
