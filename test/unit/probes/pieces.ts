import { expect } from '@jest/globals';
import { ProbeCourse } from '../../../src/litmus/probes/course.ts';
import type { Probe, ProbeMode } from '../../../src/litmus/probes/definition.ts';
import { failed, passed, type Finding } from '../../../src/litmus/probes/judgement.ts';
import { readProbes } from '../../../src/litmus/probes/read.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { timeline, type Timeline } from '../runtime/pieces.ts';

export const PROPERTIES = { probeTimeout: '5s', interval: '1s', probePollingInterval: '2s' };

/** A probe of a ChaosEngine as a manifest has it; `run` changes its runProperties. */
export const entry = (name: string, mode: ProbeMode, run: object = {}, more: object = {}): object => ({
  name,
  mode,
  type: 'httpProbe',
  runProperties: { ...PROPERTIES, ...run },
  'httpProbe/inputs': {
    url: 'http://127.0.0.1/',
    method: { get: { criteria: '==', responseCode: '200' } },
  },
  ...more,
});

export function usable(...entries: readonly object[]): readonly Probe[] {
  const { probes, problems } = readProbes(entries);
  expect(problems).toEqual([]);
  return probes;
}

/** What an attempt does: finds something after some time, or hangs. */
export type Act = (probe: Probe, nth: number, signal: AbortSignal) => Promise<Finding> | Finding;

export interface Stage {
  readonly clock: VirtualClock;
  readonly course: ProbeCourse;
  readonly told: Timeline;
  /** `name@ms` of each attempt, by when it began. */
  readonly attempts: string[];
  readonly released: string[];
  readonly engine: string[];
  readonly shown: string[];
  readonly verdicts: () => string[];
}

export function stage(
  entries: readonly object[],
  act: Act = () => passed('fine'),
  prepare: () => Promise<void> = () => Promise.resolve(),
): Stage {
  const clock = new VirtualClock();
  const told = timeline();
  const [attempts, released, engine, shown]: string[][] = [[], [], [], []];
  const counts = new Map<string, number>();
  const course = new ProbeCourse({
    probes: usable(...entries),
    clock,
    emit: told.emit,
    longestMs: 180_000,
    prepare,
    attempt: async (probe, signal) => {
      const nth = (counts.get(probe.name) ?? 0) + 1;
      counts.set(probe.name, nth);
      attempts?.push(`${probe.name}@${clock.monotonicMs()}`);
      return act(probe, nth, signal);
    },
    show: (verdicts) => shown?.push(verdicts.map(({ verdict }) => verdict).join(' ')),
    release: ({ name }) => {
      released?.push(name);
    },
    cleanUp: () => Promise.resolve(void released?.push('all')),
    stopEngine: (why) => Promise.resolve(void engine?.push(why)),
  });
  const verdicts = (): string[] => course.verdicts().map(({ name, verdict }) => `${name} ${verdict}`);
  return {
    clock,
    course,
    told,
    attempts: attempts ?? [],
    released: released ?? [],
    engine: engine ?? [],
    shown: shown ?? [],
    verdicts,
  };
}

/** Passes until its `from`-th attempt. */
export const failingFrom =
  (from: number): Act =>
  (_probe, nth) =>
    nth < from ? passed('fine') : failed('too deep');

export const ALIVE = new AbortController().signal;
