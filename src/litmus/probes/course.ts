import { whileActive } from '../../runtime/abort.ts';
import type { ErrorPhase } from '../../runtime/errors.ts';
import type { Emit } from '../../runtime/events.ts';
import { ProbeStopError, type Probes } from '../../runtime/probes.ts';
import type { ProbeVerdict } from '../../runtime/verdict.ts';
import { Background } from './background.ts';
import { ProbeBoard } from './board.ts';
import type { Probe } from './definition.ts';
import { evaluate, prepared, type Attempt, type EvaluateDeps } from './evaluate.ts';
import { Gate, openGate } from './gate.ts';
import { unclear, unclearError, type Finding } from './judgement.ts';
import { fill } from './templates.ts';

export interface CourseDeps extends EvaluateDeps {
  readonly probes: readonly Probe[];
  readonly emit: Emit;
  /** Told of each change of a verdict. */
  readonly show: (verdicts: readonly ProbeVerdict[]) => void;
  /** Called when a probe is not evaluated again for a while. */
  readonly release: (probe: Probe) => void;
  /** Ends what the attempts have begun: child processes and pods. Bounded; never throws. */
  readonly cleanUp: () => Promise<void>;
  /** Sets the engine to stop, where there is one. Bounded; never throws. */
  readonly stopEngine: (why: string) => Promise<void>;
}

/** When each probe of a run is evaluated, and what its verdict is (litmus-go pkg/probe). */
export class ProbeCourse implements Probes {
  readonly #deps: CourseDeps;
  readonly #board: ProbeBoard;
  readonly #inChaos = new Gate();
  readonly #stop = new AbortController();
  /** Ends what is in the background. */
  readonly #over = new AbortController();
  readonly #registers = new Map<string, string>();
  readonly #running: { readonly background: Background; readonly loop: Promise<void> }[] = [];
  #whyStop: string | undefined;

  constructor(deps: CourseDeps) {
    this.#board = new ProbeBoard(deps.probes, deps.show);
    this.#deps = { ...deps, attempt: (probe, signal) => this.#filledIn(probe, signal, deps.attempt) };
  }

  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  verdicts(): readonly ProbeVerdict[] {
    return this.#board.verdicts;
  }

  async preChaos(signal: AbortSignal): Promise<void> {
    for (const probe of this.#deps.probes) {
      if (probe.mode === 'Continuous') await this.#begin(probe, openGate(), signal);
      else if (probe.mode === 'OnChaos') await this.#begin(probe, this.#inChaos, signal);
      else if (probe.mode !== 'EOT') await this.#judge(probe, 'PreChaos', signal);
    }
  }

  chaosOn(): void {
    this.#inChaos.open();
  }

  chaosOff(): void {
    this.#inChaos.close();
  }

  async postChaos(signal: AbortSignal): Promise<void> {
    this.end();
    await whileActive(Promise.all(this.#running.map(({ loop }) => loop)), signal);
    this.#judgeBackground();
    for (const probe of this.#deps.probes)
      if (probe.mode === 'EOT' || probe.mode === 'Edge') await this.#judge(probe, 'PostChaos', signal);
  }

  end(): void {
    this.#over.abort(new Error('the time for probes in the background is over'));
  }

  async close(mayStop: () => Promise<boolean>): Promise<void> {
    this.end();
    await Promise.all([this.#deps.cleanUp(), this.#stopEngine(mayStop)]);
  }

  async #stopEngine(mayStop: () => Promise<boolean>): Promise<void> {
    if (this.#whyStop === undefined) return;
    if (await mayStop()) await this.#deps.stopEngine(this.#whyStop);
    else {
      const message = 'The engine is not set to stop: a later pod of its Job may have something to do';
      this.#deps.emit({ type: 'warning', message });
    }
  }

  async #begin(probe: Probe, gate: Gate, signal: AbortSignal): Promise<void> {
    // Before the chaos: the hold may be shorter than the start of a pod.
    const missing = await prepared(probe, signal, this.#deps);
    if (missing !== undefined) throw unclearError([{ probe, why: missing.description }], 'PreChaos');
    const found = (finding: Finding): void => this.#foundBeside(probe, finding);
    const background = new Background(probe, { ...this.#deps, gate, signal: this.#over.signal, found });
    this.#running.push({ background, loop: background.run() });
  }

  #foundBeside(probe: Probe, finding: Finding): void {
    this.#keep(probe, finding);
    if (finding.kind === 'passed') return;
    this.#tell(probe, finding);
    // One that can't be evaluated is judged at the end, unless it may stop the run.
    if (finding.kind === 'failed' || probe.run.stopOnFailure) this.#mark(probe, finding);
    if (!probe.run.stopOnFailure) return;
    this.#whyStop ??= stopText(probe, finding);
    this.#stop.abort(new ProbeStopError(this.#whyStop));
  }

  #judgeBackground(): void {
    const reasons: { probe: Probe; why: string }[] = [];
    for (const { background } of this.#running) {
      const { probe } = background;
      const finding = background.judge();
      if (finding.kind === 'unclear') reasons.push({ probe, why: finding.description });
      else if (this.#mark(probe, finding)) this.#tell(probe, finding);
    }
    if (reasons.length > 0) throw unclearError(reasons, 'PostChaos');
  }

  async #judge(probe: Probe, phase: 'PreChaos' | 'PostChaos', signal: AbortSignal): Promise<void> {
    await this.#deps.clock.sleep(probe.run.initialDelayMs, signal);
    const finding = await evaluate(probe, signal, this.#deps).finally(() => this.#deps.release(probe));
    this.#keep(probe, finding);
    this.#tell(probe, finding, phase);
    if (finding.kind === 'unclear') throw unclearError([{ probe, why: finding.description }], phase);
    const isFirstHalf = probe.mode === 'Edge' && phase === 'PreChaos';
    if (finding.kind === 'failed' || !isFirstHalf) this.#mark(probe, finding);
    if (finding.kind === 'failed' && probe.run.stopOnFailure)
      throw new ProbeStopError(stopText(probe, finding));
  }

  async #filledIn(probe: Probe, signal: AbortSignal, attempt: Attempt): Promise<Finding> {
    const filled = fill(probe, (name) => this.#registers.get(name));
    return 'why' in filled ? unclear(filled.why) : attempt(filled.probe, signal);
  }

  #keep(probe: Probe, finding: Finding): void {
    if (finding.kind === 'passed' && finding.register !== undefined)
      this.#registers.set(probe.name, finding.register);
  }

  /** @returns whether that is news. */
  #mark({ name }: Probe, { kind, description }: Finding): boolean {
    return this.#board.set(name, kind === 'passed' ? 'Passed' : 'Failed', description);
  }

  #tell({ name, type, mode }: Probe, { kind, description }: Finding, phase?: ErrorPhase): void {
    this.#deps.emit({
      type: 'probe',
      probe: { name, type, mode },
      finding: kind,
      description,
      ...(phase === undefined ? {} : { phase }),
    });
  }
}

const stopText = ({ name }: Probe, { description }: Finding): string =>
  `Probe ${name} failed and stops the run: ${description}`;
