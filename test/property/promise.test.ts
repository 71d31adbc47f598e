import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Schedule } from '../../src/runtime/schedule.ts';
import { MemoryRunStore } from '../../src/runtime/stores/memory.ts';
import { VirtualClock } from '../support/virtual/clock.ts';
import { VirtualLambda, type Mishap } from '../support/virtual/lambda.ts';
import { runProcess, type Death, type ProcessReport } from '../support/virtual/process.ts';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1500);

interface Story {
  readonly mappings: number;
  readonly lagMs: number;
  readonly sequence: 'parallel' | 'serial';
  readonly cycles: number;
  readonly rampSeconds: number;
  readonly mishaps: readonly (Mishap | undefined)[];
  /** How each pod but the last one ends. */
  readonly deaths: readonly Death[];
  readonly meddling?: { readonly mapping: number; readonly atMs: number };
}

const mishap = fc.option(
  fc.constantFrom<Mishap>('busy', 'throttled', 'unavailable', 'after', 'late', 'credentials'),
  { freq: 4, nil: undefined },
);

const death: fc.Arbitrary<Death> = fc.record({
  atCall: fc.integer({ min: 1, max: 70 }),
  kind: fc.constantFrom('kill-before', 'kill-after', 'abort'),
});

const story: fc.Arbitrary<Story> = fc.record(
  {
    mappings: fc.integer({ min: 1, max: 4 }),
    lagMs: fc.constantFrom(0, 50, 700, 9_000, 45_000),
    sequence: fc.constantFrom('parallel', 'serial'),
    cycles: fc.integer({ min: 1, max: 2 }),
    rampSeconds: fc.constantFrom(0, 5),
    mishaps: fc.array(mishap, { maxLength: 60 }),
    deaths: fc.array(death, { maxLength: 3 }),
    meddling: fc.record({ mapping: fc.nat(3), atMs: fc.integer({ min: 0, max: 90_000 }) }),
  },
  { requiredKeys: ['mappings', 'lagMs', 'sequence', 'cycles', 'rampSeconds', 'mishaps', 'deaths'] },
);

interface Ending {
  readonly lambda: VirtualLambda;
  readonly store: MemoryRunStore;
  readonly reports: readonly ProcessReport[];
}

/** Plays the story: the Job starts a new pod after each death, the last one lives. */
async function play(told: Story): Promise<Ending> {
  const clock = new VirtualClock();
  const lambda = new VirtualLambda(clock, told.lagMs);
  const ids = Array.from({ length: told.mappings }, (_, index) => `mapping-${index}`);
  for (const id of ids) lambda.add(id);
  lambda.add('off-before', 'Disabled');
  lambda.add('not-named');
  lambda.mishaps = told.mishaps;
  if (told.meddling !== undefined)
    lambda.meddle(ids[told.meddling.mapping % ids.length] ?? '', true, told.meddling.atMs);
  const store = new MemoryRunStore();
  const reports: ProcessReport[] = [];
  for (const [index, end] of [...told.deaths, { kind: 'abort' as const }].entries()) {
    const pod = `pod-${index}`;
    const run = runProcess({
      lambda,
      store,
      ids,
      schedule: scheduleOf(told),
      death: end,
      pod,
      jobId: 'job-1',
    });
    reports.push(await clock.run(run));
  }
  // What somebody else has set in motion, and what a dead process had under way, comes to its end.
  await clock.run(clock.sleep(120_000));
  return { lambda, store, reports };
}

const scheduleOf = (told: Story): Schedule => ({
  totalSeconds: 20 * told.cycles,
  intervalSeconds: 20,
  rampSeconds: told.rampSeconds,
  settleSeconds: 0,
  sequence: told.sequence,
  statusTimeoutSeconds: 180,
  statusDelaySeconds: 2,
  revertTimeoutSeconds: 600,
});

async function check(told: Story): Promise<void> {
  const { lambda, store, reports } = await play(told);
  const label = JSON.stringify(told);
  for (const [id, model] of lambda.mappings) {
    if (model.initial === 'Enabled') expect([id, model.state, label]).toEqual([id, 'Enabled', label]);
  }
  const named = lambda.writes.map((write) => write.id);
  expect(named).not.toContain('off-before');
  expect(named).not.toContain('not-named');
  // An enable by somebody else in the milliseconds between a look and its request can't be seen by anyone.
  const redundant = lambda.writes.filter((write) => write.enabled && write.found === 'Enabled');
  expect(redundant.filter((write) => !write.late && !write.overtaken)).toEqual([]);
  const injectors = new Set(lambda.writes.filter((write) => !write.enabled).map((write) => write.by));
  expect([...injectors].length).toBeLessThanOrEqual(1);
  expect(store.outcome?.verdict).toMatch(/^(Pass|Fail|Stopped|Error)$/);
  const stored = await store.load();
  expect(stored.kind === 'record' && stored.record.finished).toBe(true);
  expect(reports.at(-1)?.result).not.toBe('dead');
}

describe('whatever dies, every mapping that was switched off is switched on again', () => {
  test(`in ${RUNS} random stories of kills, aborts, failing calls and meddling`, async () => {
    await fc.assert(fc.asyncProperty(story, check), { numRuns: RUNS, endOnFailure: false });
  }, 240_000);

  test('for a kill at every single call of a run, before and after it', async () => {
    const calm = {
      mappings: 2,
      lagMs: 700,
      sequence: 'parallel',
      cycles: 2,
      rampSeconds: 5,
      mishaps: [],
    } as const;
    const whole = await play({ ...calm, deaths: [] });
    const calls = whole.reports[0]?.calls ?? 0;
    expect(calls).toBeGreaterThan(20);
    for (let atCall = 1; atCall <= calls; atCall += 1) {
      for (const kind of ['kill-before', 'kill-after', 'abort'] as const) {
        await check({ ...calm, deaths: [{ atCall, kind }] });
      }
    }
  });

  test.each<Mishap>(['late', 'after', 'unavailable'])(
    'when any one call ends as "%s" and the process dies at any call afterwards',
    async (how) => {
      const calm = { mappings: 2, lagMs: 0, sequence: 'parallel', cycles: 1, rampSeconds: 0 } as const;
      for (let broken = 0; broken < 16; broken += 1) {
        const mishaps = [...Array.from({ length: broken }, () => undefined), how];
        for (let atCall = 1; atCall <= 24; atCall += 1) {
          for (const kind of ['kill-before', 'kill-after', 'abort'] as const) {
            await check({ ...calm, mishaps, deaths: [{ atCall, kind }] });
          }
        }
      }
    },
    60_000,
  );

  test('an undisturbed run passes and holds each mapping as long as asked', async () => {
    const { store, lambda } = await play({
      mappings: 3,
      lagMs: 700,
      sequence: 'serial',
      cycles: 2,
      rampSeconds: 0,
      mishaps: [],
      deaths: [],
    });
    expect(store.outcome?.verdict).toBe('Pass');
    expect(lambda.writes).toHaveLength(3 * 2 * 2);
    for (const target of store.outcome?.targets ?? []) {
      expect(target.heldMs).toBeGreaterThanOrEqual(40_000);
      expect(target.heldMs).toBeLessThan(40_500);
    }
  });
});
