/** The processes that read a source for a mapping. They follow its state, not always at once. */
export class Pollers {
  #on: boolean;
  #stopAt = Infinity;

  /** For a mapping that has been in `state` for long. */
  constructor(state: string) {
    this.#on = ['Enabled', 'Disabling', 'Updating'].includes(state);
  }

  get on(): boolean {
    return this.#on;
  }

  /** When they stop, as far as that is decided. */
  get stopAt(): number {
    return this.#stopAt;
  }

  /**
   * Belief: `Disabled` is shown before polling has really stopped, by up to minutes; what was in flight is finished.
   * Source: AWS documentation of stream mappings and recorded runs.
   */
  follow(state: string, at: number, stopLagMs: number): void {
    if (state === 'Enabling' || state === 'Enabled') this.#stopAt = Infinity;
    if (state === 'Enabled') this.#on = true;
    if (state === 'Disabled' && this.#on) this.#stopAt = at + stopLagMs;
    if (state === 'Deleting') this.stop();
  }

  stop(): void {
    this.#on = false;
    this.#stopAt = Infinity;
  }
}
