import type { Clock } from '../../../src/runtime/clock.ts';

/** A process that can be killed: after its death nothing that it called ever answers. */
export class Life {
  #steps = 0;
  readonly #endsAt: number;
  readonly #afterwards: boolean;
  dead = false;
  readonly onStep: (step: number) => void;

  /** Dies at the call number `endsAt`, before it is made or after it was answered. Never, when undefined. */
  constructor(
    endsAt: number | undefined,
    afterwards: boolean,
    onStep: (step: number) => void = () => undefined,
  ) {
    this.#endsAt = endsAt ?? Infinity;
    this.#afterwards = afterwards;
    this.onStep = onStep;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Resolves, as a promise that never settles otherwise, when this process has died. */
  readonly #death = Promise.withResolvers<'dead'>();
  get death(): Promise<'dead'> {
    return this.#death.promise;
  }

  /** `port` as this process sees it. */
  bind<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          this.#step(() => (member as (...a: unknown[]) => unknown).apply(target, args));
      },
    });
  }

  clock(clock: Clock): Clock {
    return {
      monotonicMs: () => clock.monotonicMs(),
      now: () => clock.now(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (this.dead) await NEVER;
      },
    };
  }

  async #step(call: () => unknown): Promise<unknown> {
    if (this.dead) return NEVER;
    const step = (this.#steps += 1);
    this.onStep(step);
    if (step === this.#endsAt && !this.#afterwards) return this.#die();
    try {
      return await call();
    } finally {
      if (step === this.#endsAt) await this.#die();
      // The answer to a dead process: sent, and never read.
      if (this.#isDead()) await NEVER;
    }
  }

  #isDead(): boolean {
    return this.dead;
  }

  #die(): Promise<never> {
    this.dead = true;
    this.#death.resolve('dead');
    return NEVER;
  }
}

const NEVER = new Promise<never>(() => undefined);
