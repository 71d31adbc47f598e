/** Requests a second; each bucket also holds one second's worth for a burst. */
export interface RateLimit {
  readonly getFunctionPerSecond: number;
  /** All other control-plane calls together. */
  readonly controlPlanePerSecond: number;
}

/** Belief: these two limits, per account and Region, and they cannot be raised. Source: AWS' quota page. */
export const AWS_RATE_LIMIT: RateLimit = { getFunctionPerSecond: 100, controlPlanePerSecond: 15 };

/**
 * A token bucket. That a bucket is how AWS counts, and that it holds one second's worth, is not verified.
 */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#at = now;
  }

  /** Whole seconds to wait, or 0 where the request may pass. */
  take(now: number): number {
    const refilled = this.#tokens + ((now - this.#at) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, refilled);
    this.#at = now;
    if (this.#tokens < 1) return Math.max(1, Math.ceil((1 - this.#tokens) / this.#perSecond));
    this.#tokens -= 1;
    return 0;
  }
}
