import type { Moment } from '../support/product/proxy.ts';

/** What hits the process: SIGKILL, SIGTERM, or SIGTERM and two seconds later SIGKILL. */
export type Strike = 'kill' | 'term' | 'term-kill';

export interface Scenario {
  readonly sequence: 'parallel' | 'serial';
  readonly mappings: 1 | 2 | 4;
  readonly cycles: 1 | 2;
}

/** One way to die: this strike, at this request, before it is delivered or after. */
export interface Point {
  readonly scenario: Scenario;
  readonly request: number;
  readonly moment: Moment | 'late';
  readonly strike: Strike;
}

export const SCENARIOS: readonly Scenario[] = (['parallel', 'serial'] as const).flatMap((sequence) =>
  ([1, 2, 4] as const).flatMap((mappings) =>
    ([1, 2] as const).map((cycles) => ({ sequence, mappings, cycles })),
  ),
);

/**
 * Every way to die in a run of `requests` requests. `late` is a kill whose request is delivered a
 * second after the death of its sender, while the next pod is already there.
 */
export function pointsOf(scenario: Scenario, requests: number): Point[] {
  const strikes: readonly (readonly [Strike, Point['moment']])[] = [
    ['kill', 'before'],
    ['kill', 'after'],
    ['kill', 'late'],
    ['term', 'before'],
    ['term', 'after'],
    ['term-kill', 'before'],
    ['term-kill', 'after'],
  ];
  const counts = Array.from({ length: requests }, (_, index) => index + 1);
  return counts.flatMap((request) =>
    strikes.map(([strike, moment]) => ({ scenario, request, moment, strike })),
  );
}

export const nameOf = ({ scenario, request, moment, strike }: Point): string =>
  `${scenario.sequence} ${scenario.mappings} mappings ${scenario.cycles} cycles: ${strike} ${moment} request ${request}`;

/** The same order on every machine, with all scenarios mixed: whatever time there is covers all of them evenly. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index -= 1) {
    // A linear congruential generator (Numerical Recipes): enough to mix, and the same everywhere.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (index + 1);
    const [a, b] = [result[index], result[other]];
    if (a !== undefined && b !== undefined) [result[index], result[other]] = [b, a];
  }
  return result;
}
