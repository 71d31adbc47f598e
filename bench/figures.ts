/** One measurement, and `node -e 0` measured just before it. */
export interface Sample {
  readonly value: number;
  /** Milliseconds. */
  readonly bareMs: number;
}

export type Unit = 'ms' | 'MB';

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly Sample[];
  /** The median has to stay below this to meet the aim. */
  readonly aim?: number;
  /** What physics allow at best, in the figure's unit. */
  readonly limit?: number;
}

/** Requests of whole runs: by what was asked for, one number a run. */
export type Calls = Readonly<Record<string, readonly number[]>>;

/** What one bench gives. */
export interface Measured {
  readonly figures: readonly Figure[];
  /** By the number of mappings. */
  readonly calls?: ReadonlyMap<number, Calls>;
}

/** The middle value, or the mean of the two middle ones. @throws Error without values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new Error('there is no median of nothing');
  return (low + high) / 2;
}

export const medianOf = (figure: Figure): number => median(figure.samples.map(({ value }) => value));

/**
 * The median of each sample's own ratio to its `node -e 0`: what else the machine did at that moment hits both.
 */
export const ratioOf = (figure: Figure): number =>
  median(figure.samples.map(({ value, bareMs }) => value / bareMs));

/** Counts the requests of several runs; one that a run did not make counts as 0 there. */
export function tally(runs: readonly (readonly string[])[]): Calls {
  const names = [...new Set(runs.flat())].toSorted();
  return Object.fromEntries(
    names.map((name) => [name, runs.map((run) => run.filter((request) => request === name).length)]),
  );
}
