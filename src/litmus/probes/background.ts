import { messageOf } from '../../runtime/errors.ts';
import type { Probe } from './definition.ts';
import { evaluate, type EvaluateDeps } from './evaluate.ts';
import type { Gate } from './gate.ts';
import { failed, unclear, type Finding } from './judgement.ts';

export interface BackgroundDeps extends EvaluateDeps {
  readonly gate: Gate;
  /** Ends the loop. */
  readonly signal: AbortSignal;
  /** Told of each evaluation. */
  readonly found: (finding: Finding) => void;
}

/** A probe that is evaluated again and again, until it is ended or has not passed once. */
export class Background {
  readonly probe: Probe;
  readonly #deps: BackgroundDeps;
  #last: Finding | undefined;
  #evaluations = 0;
  /** Of an evaluation that has not ended, its last attempt that did not pass. */
  #lastTry: Finding | undefined;
  /** An attempt has begun. */
  #hasBegun = false;
  #hasWaited = false;

  constructor(probe: Probe, deps: BackgroundDeps) {
    this.probe = probe;
    this.#deps = deps;
  }

  /** Never throws. */
  async run(): Promise<void> {
    const { signal, clock, gate } = this.#deps;
    try {
      await gate.pass(signal);
      await clock.sleep(this.probe.run.initialDelayMs, signal);
      this.#hasWaited = true;
      while (await this.#goesOn()) await clock.sleep(this.probe.run.pollingMs, signal);
    } catch (error) {
      if (!signal.aborted) this.#last = unclear(messageOf(error));
    }
  }

  /** The judgement at the end: of the evaluation that ended the loop, or of the last one that passed. */
  judge(): Finding {
    if (this.#lastTry !== undefined) return this.#cutOff(this.#lastTry);
    if (this.#last?.kind === 'passed')
      return {
        ...this.#last,
        description: `${this.#last.description}; so each of ${this.#evaluations} times`,
      };
    if (this.#last !== undefined) return this.#last;
    if (this.#hasBegun) return failed('gave no answer in the whole time that it was to be evaluated in');
    const { initialDelayMs } = this.probe.run;
    return this.#hasWaited
      ? unclear('was not evaluated once: what it needs was not there in time')
      : unclear(
          `was not evaluated once: its initialDelay of ${initialDelayMs / 1000} s is longer than the time there was`,
        );
  }

  /** One more evaluation. @returns whether there is to be another. */
  async #goesOn(): Promise<boolean> {
    const finding = await this.#once();
    if (finding === undefined) return true;
    this.#evaluations += 1;
    this.#last = finding;
    this.#deps.found(finding);
    return finding.kind === 'passed';
  }

  /** Undefined when the gate closed in the middle: what that attempt would have found is about another time. */
  async #once(): Promise<Finding | undefined> {
    const { signal, gate } = this.#deps;
    const closing = await gate.pass(signal);
    try {
      const finding = await evaluate(this.probe, AbortSignal.any([signal, closing]), this.#watched());
      this.#lastTry = undefined;
      return finding;
    } catch (error) {
      if (!closing.aborted || signal.aborted) throw error;
      const lastTry = this.#lastTry;
      this.#lastTry = undefined;
      return lastTry === undefined ? undefined : this.#cutOff(lastTry);
    }
  }

  /** Attempts that did not pass count, although the time for more of them was over. */
  #cutOff({ kind, description }: Finding): Finding {
    const told = `did not pass before the time was over: ${description}`;
    return kind === 'unclear' ? unclear(told) : failed(told);
  }

  #watched(): EvaluateDeps {
    return {
      ...this.#deps,
      attempt: (probe, signal) => {
        this.#hasBegun = true;
        return this.#deps.attempt(probe, signal);
      },
      tried: (finding) => {
        this.#lastTry = finding;
      },
    };
  }
}
