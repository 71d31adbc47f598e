import type { MappingView, StateView } from './lambda/view.ts';
import type { LogLine } from './log-line.ts';
import type { Entered, Phase, Picture, Sample, Sentence, Sight } from './picture.ts';

export interface ModelOptions {
  readonly startedAtMs: number;
  readonly crash: boolean;
  readonly holdSeconds: number;
  /** By UUID. */
  readonly leftAlone: Readonly<Record<string, string>>;
}

const PHASE_OF_EVENT: Readonly<Record<string, Phase>> = {
  started: 'checks',
  ramp: 'ramp',
  cycle: 'disabling',
  hold: 'hold',
  reverting: 'enabling',
  'post-chaos': 'draining',
};

/** A rate over less than this jumps about. */
const RATE_OVER_MS = 1000;

/** What the demo has seen of Lambda and heard from the product so far. */
export class Model {
  readonly #options: ModelOptions;
  readonly #sights = new Map<string, Sight>();
  readonly #sentences: Sentence[] = [];
  readonly #phases: Entered[];
  #stopping = false;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#phases = [{ phase: 'traffic', atMs: options.startedAtMs }];
  }

  get picture(): Picture {
    const { startedAtMs, crash, holdSeconds } = this.#options;
    return {
      startedAtMs,
      crash,
      holdSeconds,
      stopping: this.#stopping,
      phases: this.#phases,
      sights: [...this.#sights.values()],
      sentences: this.#sentences,
    };
  }

  see({ now, mappings }: StateView): void {
    for (const mapping of mappings) this.#sights.set(mapping.uuid, this.#sightOf(mapping, now));
  }

  hear({ atMs, level, event, message }: LogLine): void {
    const next = PHASE_OF_EVENT[event];
    // The ramp after the chaos is already the time in which the backlogs drain.
    if (next !== undefined) this.enter(next === 'ramp' && this.#has('enabling') ? 'draining' : next, atMs);
    this.say(message, atMs, level);
  }

  enter(phase: Phase, atMs: number): void {
    // A pod that takes over looks around again, which is not a step back in the story.
    if (!this.#has(phase)) this.#phases.push({ phase, atMs });
  }

  /** The demo's own words among the product's; UUIDs become the names of the sources. */
  say(text: string, atMs: number, level = 'info'): void {
    let readable = text;
    for (const { uuid, sourceType, sourceName } of this.#sights.values()) {
      // A command that undoes something must stay one that can be copied.
      readable = readable.replace(new RegExp(`(?<!--uuid )${uuid}`, 'g'), `${sourceType} ${sourceName}`);
    }
    this.#sentences.push({ atMs, level, text: readable });
  }

  stop(atMs: number): void {
    if (!this.#stopping)
      this.say('[Demo] Asked to end: SIGTERM to the product, which reverts first.', atMs, 'warn');
    this.#stopping = true;
  }

  #has(wanted: Phase): boolean {
    return this.#phases.some(({ phase }) => phase === wanted);
  }

  #sightOf({ uuid, source, state, ledger }: MappingView, atMs: number): Sight {
    const known = this.#sights.get(uuid);
    const sample = { atMs, ...ledger };
    const samples = [...(known?.samples ?? []), sample];
    const first = samples[0] ?? sample;
    return {
      uuid,
      sourceType: source.type,
      sourceName: source.name,
      leftAlone: this.#options.leftAlone[uuid],
      state,
      backlog: ledger.backlog,
      peak: Math.max(known?.peak ?? 0, ledger.backlog),
      arrivalPerSecond: slope(first, sample, 'produced'),
      processedPerSecond: slope(
        samples.findLast((old) => atMs - old.atMs >= RATE_OVER_MS) ?? first,
        sample,
        'processed',
      ),
      samples,
    };
  }
}

function slope(from: Sample, to: Sample, what: 'produced' | 'processed'): number {
  const elapsedMs = to.atMs - from.atMs;
  return elapsedMs <= 0 ? 0 : ((to[what] - from[what]) * 1000) / elapsedMs;
}
