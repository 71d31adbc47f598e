import type { ProbeVerdict } from '../../runtime/verdict.ts';
import type { NamedProbe } from './read.ts';

/** The verdicts of all probes of a run, in the order in which they are declared. */
export class ProbeBoard {
  #verdicts: readonly ProbeVerdict[];
  readonly #changed: (verdicts: readonly ProbeVerdict[]) => void;

  constructor(probes: readonly NamedProbe[], changed: (verdicts: readonly ProbeVerdict[]) => void) {
    this.#verdicts = awaited(probes);
    this.#changed = changed;
  }

  get verdicts(): readonly ProbeVerdict[] {
    return this.#verdicts;
  }

  /** A failure sticks: an Edge probe that failed before the chaos has failed. @returns whether anything changed */
  set(name: string, verdict: 'Passed' | 'Failed', description: string): boolean {
    const old = this.#verdicts.find((probe) => probe.name === name);
    if (old === undefined || old.verdict === 'Failed') return false;
    this.#verdicts = this.#verdicts.map((probe) =>
      probe === old ? { ...probe, verdict, description } : probe,
    );
    this.#changed(this.#verdicts);
    return true;
  }
}

/** Before anything has been evaluated. */
export const awaited = (probes: readonly NamedProbe[]): ProbeVerdict[] =>
  probes.map(({ name, type, mode }) => ({ name, type, mode, verdict: 'Awaited' }));
