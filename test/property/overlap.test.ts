import { describe, expect, test } from '@jest/globals';
import { NO_PROBES } from '../../src/runtime/probes.ts';
import type { TimelineEvent } from '../../src/runtime/events.ts';
import { runExperiment, type ExperimentDeps } from '../../src/runtime/experiment.ts';
import type { RunStore } from '../../src/runtime/ports.ts';
import type { Schedule } from '../../src/runtime/schedule.ts';
import { MemoryRunStore } from '../../src/runtime/stores/memory.ts';
import { createToggleFault } from '../../src/faults/lambda-toggle-event-mapping-state/fault.ts';
import { VirtualClock } from '../support/virtual/clock.ts';
import { VirtualLambda } from '../support/virtual/lambda.ts';
import { Life } from '../support/virtual/mortal.ts';
import { SCHEDULE, toggleConfig } from '../unit/faults/pieces.ts';

interface PodParts {
  readonly name: string;
  readonly store: RunStore;
  readonly peers?: () => string[];
  readonly schedule?: Partial<Schedule>;
}

interface Pod {
  readonly deps: ExperimentDeps;
  readonly life: Life;
  readonly count: (type: TimelineEvent['type']) => number;
}

/** A world in which two pods of one Job are alive at once. */
function begin() {
  const clock = new VirtualClock();
  const lambda = new VirtualLambda(clock, 50);
  lambda.add('x');
  const memory = new MemoryRunStore();
  const pod = ({ name, store, peers = () => [], schedule: changes = {} }: PodParts): Pod => {
    const schedule: Schedule = { ...SCHEDULE, totalSeconds: 40, intervalSeconds: 20, ...changes };
    const life = new Life(undefined, false);
    const events: TimelineEvent[] = [];
    const emit = (event: TimelineEvent): void => void events.push(event);
    const parts = {
      gateway: life.bind(lambda.gateway(name)),
      clock: life.clock(clock),
      emit,
      region: 'eu-west-1',
      schedule,
    };
    const config = toggleConfig(['x']);
    const deps: ExperimentDeps = {
      identity: {
        experiment: 'e',
        engine: 'engine',
        engineUid: 'u',
        jobId: 'job-1',
        pod: name,
        attempt: name,
      },
      configure: () =>
        Promise.resolve({ schedule, fault: createToggleFault(config, parts), probes: NO_PROBES }),
      reopen: () => Promise.resolve(createToggleFault(config, parts)),
      store: life.bind(store),
      surroundings: {
        admit: () => Promise.resolve([]),
        otherLivePods: () => Promise.resolve(peers()),
        othersHolding: () => Promise.resolve([]),
        tidy: () => Promise.resolve(),
        stopRequested: () => Promise.resolve(undefined),
      },
      ...{ clock: parts.clock, emit, signal: new AbortController().signal, revertTimeoutMs: 60_000 },
    };
    return { deps, life, count: (type) => events.filter((event) => event.type === type).length };
  };
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await clock.sleep(50);
  };
  const injectors = (): string[] => [
    ...new Set(lambda.writes.filter(({ enabled }) => !enabled).map(({ by }) => by)),
  ];
  return { clock, lambda, memory, pod, until, injectors };
}

/** `store` with a claim that takes until `gate` opens. */
const slowClaim = (store: RunStore, gate: Promise<unknown>): RunStore => ({
  load: () => store.load(),
  save: (record, options) => store.save(record, options),
  showProbes: (probes) => store.showProbes(probes),
  finish: (record, outcome) => store.finish(record, outcome),
  begin: async (record, probes) => {
    await gate;
    return store.begin(record, probes);
  },
});

/** What a pod that is killed leaves behind: a promise that never settles. */
const goOn = (work: Promise<unknown>): void => void work.catch(() => undefined);

describe('two pods of one Job at once', () => {
  test('the next one looks between two cycles and claims after the second intent; the old one dies in its hold', async () => {
    const { clock, lambda, memory, pod, until } = begin();
    const mayClaim = Promise.withResolvers<undefined>();
    let alive = true;
    let intents = 0;
    let next: Promise<unknown> | undefined;
    const watched: RunStore = {
      ...slowClaim(memory, Promise.resolve()),
      save: async (record, options) => {
        if (!options.fence || (intents += 1) !== 2) return memory.save(record, options);
        const store = slowClaim(memory, mayClaim.promise);
        next = runExperiment(pod({ name: 'B', store, peers: () => (alive ? ['A'] : []) }).deps);
        await clock.sleep(100);
        await memory.save(record, options);
        mayClaim.resolve(undefined);
      },
    };
    const old = pod({ name: 'A', store: watched });
    goOn(runExperiment(old.deps));
    await clock.run(until(() => old.count('hold') === 2).then(() => clock.sleep(5_000)));
    old.life.dead = true;
    alive = false;
    await clock.run(next ?? Promise.reject(new Error('the next pod never began')));
    await clock.run(clock.sleep(300_000));
    expect(lambda.mappings.get('x')?.state).toBe('Enabled');
  });

  test('one that looked before the other began, and begins in its last ramp, does not inject as well', async () => {
    const { clock, memory, pod, until, injectors } = begin();
    const mayClaim = Promise.withResolvers<undefined>();
    const schedule = { totalSeconds: 5, intervalSeconds: 5, rampSeconds: 10 };
    const late = runExperiment(pod({ name: 'B', store: slowClaim(memory, mayClaim.promise), schedule }).deps);
    await clock.run(clock.sleep(1));
    const first = pod({ name: 'A', store: memory, schedule });
    goOn(runExperiment(first.deps));
    await clock.run(until(() => first.count('ramp') === 2).then(() => clock.sleep(1_000)));
    mayClaim.resolve(undefined);
    await clock.run(clock.sleep(1_000));
    first.life.dead = true;
    await clock.run(late);
    expect(injectors()).toEqual(['A']);
  });

  test('a last look that can not bring a mapping back is no happy end, whatever the other one recorded', async () => {
    const { clock, lambda, memory, pod, until } = begin();
    let alive = true;
    const first = pod({ name: 'A', store: memory });
    goOn(runExperiment(first.deps));
    await clock.run(until(() => first.count('hold') === 1));
    const second = runExperiment(pod({ name: 'B', store: memory, peers: () => (alive ? ['A'] : []) }).deps);
    await clock.run(until(() => memory.outcome !== undefined));
    // A disable of the first one arrives late, and Lambda is down.
    const model = lambda.mappings.get('x');
    if (model !== undefined) model.state = 'Disabled';
    lambda.mishaps = Array.from({ length: 5_000 }, () => 'unavailable' as const);
    alive = false;
    expect(await clock.run(second)).toMatchObject({ kind: 'verdict', leftOff: ['x'] });
  });
});
