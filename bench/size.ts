/** How much is measured. */
export interface Size {
  /** Of each start-up figure. */
  readonly starts: number;
  /** Of each figure that takes a run. */
  readonly runs: number;
  /** API_RATE of whole runs; undefined is the product's default. */
  readonly apiRate?: number;
  readonly holdSeconds: number;
}

export const FULL: Size = { starts: 20, runs: 10, holdSeconds: 5 };
/** Shows that everything can be measured; the figures mean little. */
export const QUICK: Size = { starts: 2, runs: 1, apiRate: 50, holdSeconds: 1 };

/** The numbers of mappings that are measured. */
export const MAPPINGS = [1, 10, 50] as const;
