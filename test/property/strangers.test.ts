import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NO_PROBES } from '../../src/runtime/probes.ts';
import { finishAbandoned } from '../../src/runtime/abandoned.ts';
import { runExperiment, type ExperimentDeps } from '../../src/runtime/experiment.ts';
import type { JournalRecord } from '../../src/runtime/journal.ts';
import type { RunStore, Surroundings } from '../../src/runtime/ports.ts';
import { MemoryRunStore } from '../../src/runtime/stores/memory.ts';
import { createToggleFault } from '../../src/faults/lambda-toggle-event-mapping-state/fault.ts';
import { holdersOf } from '../../src/litmus/journals.ts';
import { VirtualClock } from '../support/virtual/clock.ts';
import { VirtualLambda, type Mishap, type Write } from '../support/virtual/lambda.ts';
import { SCHEDULE, toggleConfig } from '../unit/faults/pieces.ts';
import { ALONE, identity, recordWith } from '../unit/runtime/pieces.ts';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 700);

interface Party {
  readonly name: string;
  readonly startMs: number;
  /** What each call to the store takes before and after it has happened. */
  readonly storeMs: readonly [number, number];
}

const party = (name: string, slowestAnswerMs = 900): fc.Arbitrary<Party> =>
  fc.record({
    name: fc.constant(name),
    startMs: fc.integer({ min: 0, max: 3_000 }),
    storeMs: fc.tuple(fc.constantFrom(0, 5, 80, 900), fc.constantFrom(0, 5, 80, slowestAnswerMs)),
  });

const mishaps = fc.array(
  fc.option(fc.constantFrom<Mishap>('throttled', 'unavailable', 'after', 'late'), {
    freq: 6,
    nil: undefined,
  }),
  { maxLength: 30 },
);

class Stage {
  readonly clock = new VirtualClock();
  readonly lambda: VirtualLambda;

  constructor(lagMs: number, state: 'Enabled' | 'Disabled') {
    this.lambda = new VirtualLambda(this.clock, lagMs);
    this.lambda.add('x', state);
  }

  /** What one process has: its own way to the store, its own fault. */
  deps({ name, storeMs }: Party, store: RunStore, surroundings: Surroundings = ALONE): ExperimentDeps {
    const { clock, lambda } = this;
    const emit = (): void => undefined;
    const schedule = { ...SCHEDULE, totalSeconds: 20, intervalSeconds: 10 };
    const config = toggleConfig(['x']);
    const fault = () =>
      createToggleFault(config, {
        gateway: lambda.gateway(name),
        clock,
        emit,
        region: 'eu-west-1',
        schedule,
      });
    return {
      identity: identity({ engine: name, jobId: `job-${name}`, pod: name, attempt: name }),
      configure: () => Promise.resolve({ schedule, fault: fault(), probes: NO_PROBES }),
      reopen: () => Promise.resolve(fault()),
      store: this.#slow(store, storeMs),
      surroundings,
      clock,
      emit,
      signal: new AbortController().signal,
      revertTimeoutMs: 600_000,
    };
  }

  async start<T>({ startMs }: Party, begin: () => Promise<T>): Promise<T> {
    await this.clock.sleep(startMs);
    return begin();
  }

  #slow(store: RunStore, [before, after]: readonly [number, number]): RunStore {
    const through = async <T>(call: () => Promise<T>): Promise<T> => {
      await this.clock.sleep(before);
      const result = await call();
      await this.clock.sleep(after);
      return result;
    };
    return {
      load: () => through(() => store.load()),
      begin: (record, probes) => through(() => store.begin(record, probes)),
      save: (record, options) => through(() => store.save(record, options)),
      showProbes: (probes) => store.showProbes(probes),
      finish: (record, outcome) => through(() => store.finish(record, outcome)),
    };
  }
}

/** The namespace as the other engine sees it: the journal of `engine`. */
const seeing = (engine: string, store: MemoryRunStore): Surroundings => ({
  ...ALONE,
  othersHolding: async (ids) => {
    const resultName = `${engine}-${identity().experiment}`;
    return holdersOf(ids, [{ resultName, stored: await store.load() }], 'shop');
  },
});

/** Enables by somebody else than the one whose disable came last: they cut a window short. */
const cutShort = (writes: readonly Write[]): Write[] =>
  writes.filter(({ enabled, by }, index) => {
    const last = writes.slice(0, index).findLast((write) => !write.enabled);
    return enabled && last !== undefined && last.by !== by;
  });

describe('runs that know nothing of each other', () => {
  test('two engines on one mapping never cut each other short, whenever they begin', async () => {
    const stories = fc.record({
      a: party('a'),
      b: party('b'),
      lagMs: fc.constantFrom(0, 50, 2_000),
      mishaps,
    });
    await fc.assert(
      fc.asyncProperty(stories, async ({ a, b, lagMs, mishaps: trouble }) => {
        const stage = new Stage(lagMs, 'Enabled');
        stage.lambda.mishaps = trouble;
        const stores = { a: new MemoryRunStore(), b: new MemoryRunStore() };
        const runs = [
          stage.start(a, () => runExperiment(stage.deps(a, stores.a, seeing('b', stores.b)))),
          stage.start(b, () => runExperiment(stage.deps(b, stores.b, seeing('a', stores.a)))),
        ];
        await stage.clock.run(Promise.all(runs));
        await stage.clock.run(stage.clock.sleep(60_000));
        expect(stage.lambda.mappings.get('x')?.state).toBe('Enabled');
        expect(cutShort(stage.lambda.writes)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  test('two engines on one mapping, one after the other, both have their window', async () => {
    const stage = new Stage(50, 'Enabled');
    const stores = { a: new MemoryRunStore(), b: new MemoryRunStore() };
    const [a, b] = [
      { name: 'a', startMs: 0, storeMs: [5, 5] as const },
      { name: 'b', startMs: 120_000, storeMs: [5, 5] as const },
    ];
    const runs = [
      stage.start(a, () => runExperiment(stage.deps(a, stores.a, seeing('b', stores.b)))),
      stage.start(b, () => runExperiment(stage.deps(b, stores.b, seeing('a', stores.a)))),
    ];
    expect(await stage.clock.run(Promise.all(runs))).toMatchObject([
      { outcome: { verdict: 'Pass' } },
      { outcome: { verdict: 'Pass' } },
    ]);
  });

  test('a sweeper and the next run of the engine both bring an abandoned mapping back, and the run keeps its window', async () => {
    const stories = fc.record({
      // A yes that takes longer to arrive than a run takes to begin can not be worth anything.
      sweeper: party('sweeper', 150),
      run: party('run'),
      lagMs: fc.constantFrom(0, 50, 2_000),
    });
    const phases = fc.constantFrom('targeted', 'injected');
    await fc.assert(
      fc.asyncProperty(stories, phases, async ({ sweeper, run, lagMs }, phase) => {
        const stage = new Stage(lagMs, 'Disabled');
        const left: JournalRecord = recordWith(
          { x: phase },
          { run: identity({ jobId: 'job-0', pod: 'pod-0' }), owner: 'attempt-0' },
        );
        const store = MemoryRunStore.holding(JSON.stringify(left));
        const both = [
          stage.start(sweeper, () => finishAbandoned(left, 'its Job is gone', stage.deps(sweeper, store))),
          stage.start(run, () => runExperiment(stage.deps(run, store))),
        ];
        await stage.clock.run(Promise.allSettled(both));
        await stage.clock.run(stage.clock.sleep(60_000));
        expect(stage.lambda.mappings.get('x')?.state).toBe('Enabled');
        expect(cutShort(stage.lambda.writes)).toEqual([]);
        const after = await store.load();
        expect(after).toMatchObject({ kind: 'record', record: { finished: true } });
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
