import { whileActive } from '../../runtime/abort.ts';

/** Opened while something may be done, closed while not. */
export class Gate {
  #opening = Promise.withResolvers<undefined>();
  #closing = new AbortController();
  #isOpen = false;

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#closing = new AbortController();
    this.#opening.resolve(undefined);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#opening = Promise.withResolvers<undefined>();
    this.#closing.abort(new GateClosed());
  }

  /** Waits until it is open. @returns a signal that aborts, with a GateClosed, when it closes. @throws the reason of `signal` */
  async pass(signal: AbortSignal): Promise<AbortSignal> {
    while (!this.#isOpen) await whileActive(this.#opening.promise, signal);
    return this.#closing.signal;
  }
}

export class GateClosed extends Error {
  constructor() {
    super('what was under way ended with the time that it was for');
  }
}

/** One that stands open. */
export function openGate(): Gate {
  const gate = new Gate();
  gate.open();
  return gate;
}
