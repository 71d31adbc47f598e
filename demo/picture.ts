/** Where the story is. `nobody`: the product has been killed and nothing took its place yet. */
export type Phase =
  'traffic' | 'checks' | 'ramp' | 'disabling' | 'hold' | 'nobody' | 'enabling' | 'draining' | 'over';

export interface Sample {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly backlog: number;
  readonly produced: number;
  readonly processed: number;
}

/** What is known of one mapping. */
export interface Sight {
  readonly uuid: string;
  readonly sourceType: string;
  readonly sourceName: string;
  /** Why the run leaves it alone; undefined for the mappings that the run names. */
  readonly leftAlone: string | undefined;
  readonly state: string;
  readonly backlog: number;
  readonly peak: number;
  /** As measured so far. */
  readonly arrivalPerSecond: number;
  readonly processedPerSecond: number;
  readonly samples: readonly Sample[];
}

export interface Sentence {
  readonly atMs: number;
  readonly level: string;
  readonly text: string;
}

export interface Entered {
  readonly phase: Phase;
  readonly atMs: number;
}

/** Everything that a view draws. Times are milliseconds since the epoch. */
export interface Picture {
  readonly startedAtMs: number;
  readonly crash: boolean;
  readonly stopping: boolean;
  readonly holdSeconds: number;
  /** What has been entered so far; the last one is now. Never empty. */
  readonly phases: readonly Entered[];
  readonly sights: readonly Sight[];
  readonly sentences: readonly Sentence[];
}

/** The phase that the story is in. */
export function currentPhase({ phases, startedAtMs }: Pick<Picture, 'phases' | 'startedAtMs'>): Entered {
  return phases.at(-1) ?? { phase: 'traffic', atMs: startedAtMs };
}
