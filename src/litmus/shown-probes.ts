import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { ProbeVerdict } from '../runtime/verdict.ts';

/** How the probes stand, for a ChaosResult whose run goes on. News only: nothing may wait for it. */
export class ShownProbes {
  readonly #emit: Emit;
  #latest: readonly ProbeVerdict[] = [];
  #isInQueue = false;
  #isOver = false;
  #hasWarned = false;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  get latest(): readonly ProbeVerdict[] {
    return this.#latest;
  }

  /** The verdict has been asked for: it carries them, and nothing may keep it waiting. */
  end(): void {
    this.#isOver = true;
  }

  /** At the beginning of a run. */
  reset(probes: readonly ProbeVerdict[]): void {
    this.#latest = probes;
  }

  /** Has `probes`, or what has come of them by then, written in its turn. Never throws. */
  async show(probes: readonly ProbeVerdict[], inTurn: (write: Turn) => Promise<void>): Promise<void> {
    this.#latest = probes;
    // A queue of them would keep the journal waiting.
    if (this.#isInQueue) return;
    this.#isInQueue = true;
    const turn: Turn = async (write) => {
      this.#isInQueue = false;
      if (!this.#isOver) await write(this.#latest);
    };
    await inTurn(turn).catch((error: unknown) => {
      const message = `How the probes stand can't be shown while the run goes on: ${messageOf(error)}`;
      if (!this.#hasWarned) this.#emit({ type: 'warning', message });
      this.#hasWarned = true;
    });
  }
}

type Turn = (write: (probes: readonly ProbeVerdict[]) => Promise<void>) => Promise<void>;
