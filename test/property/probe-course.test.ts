import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { PROBE_MODES, type Probe } from '../../src/litmus/probes/definition.ts';
import { failed, passed, unclear, type Finding } from '../../src/litmus/probes/judgement.ts';
import { ProbeStopError, ProbeUnclearError } from '../../src/runtime/probes.ts';
import { entry, stage, type Stage } from '../unit/probes/pieces.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 500) };
jest.setTimeout(10_000 + RUNS.numRuns * 20);

/** What one attempt does. */
interface Try {
  readonly kind: 'passed' | 'failed' | 'unclear' | 'throws' | 'hangs';
  readonly ms: number;
}

const attempt: fc.Arbitrary<Try> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('passed' as const) },
    { weight: 3, arbitrary: fc.constantFrom('failed', 'unclear', 'throws', 'hangs') },
  ),
  ms: fc.constantFrom(0, 0, 300, 2_000, 7_000),
});

const probe = fc.record({
  mode: fc.constantFrom(...PROBE_MODES),
  run: fc.record({
    attempt: fc.integer({ min: 1, max: 3 }),
    interval: fc.constantFrom('0', '100ms', '2s'),
    probeTimeout: fc.constantFrom('5s', '1m'),
    probePollingInterval: fc.constantFrom('', '1s', '4s'),
    initialDelay: fc.constantFrom('', '', '3s', '20s'),
    stopOnFailure: fc.constantFrom(false, false, true),
  }),
  tries: fc.array(attempt, { maxLength: 12 }),
});

const story = fc.record({
  probes: fc.array(probe, { minLength: 1, maxLength: 4 }),
  holdsMs: fc.array(fc.integer({ min: 500, max: 15_000 }), { minLength: 1, maxLength: 3 }),
  pauseMs: fc.constantFrom(0, 1_000, 6_000),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

interface Played {
  readonly scene: Stage;
  /** Undefined when the run came to its end. */
  readonly error: unknown;
  /** Names of probes that were asked twice at the same time. */
  readonly overlaps: string[];
  /** By probe, what its attempts found, or `ended`. */
  readonly found: ReadonlyMap<string, string[]>;
}

const NEVER_ASKED = /was not evaluated once/;
const FINDINGS = { passed: passed('fine'), failed: failed('bad'), unclear: unclear('odd') } as const;

async function play({ probes, holdsMs, pauseMs }: Story): Promise<Played> {
  const found = new Map<string, string[]>();
  const underWay = new Map<string, AbortSignal>();
  const overlaps: string[] = [];
  const entries = probes.map(({ mode, run }, index) => entry(`p${index}`, mode, run));
  const act = async ({ name }: Probe, nth: number, signal: AbortSignal): Promise<Finding> => {
    const { kind, ms } = probes[Number(name.slice(1))]?.tries[nth - 1] ?? { kind: 'passed', ms: 0 };
    if (underWay.get(name)?.aborted === false) overlaps.push(name);
    underWay.set(name, signal);
    const note = (what: string): void => void found.set(name, [...(found.get(name) ?? []), what]);
    signal.addEventListener('abort', () => note('ended'));
    await scene.clock.sleep(kind === 'hangs' ? 1e9 : ms, signal);
    underWay.delete(name);
    note(kind);
    if (kind === 'throws' || kind === 'hangs') throw new Error('broken');
    return FINDINGS[kind];
  };
  const scene = stage(entries, act);
  const error = await scene.clock.run(through(scene, holdsMs, pauseMs));
  await scene.clock.run(scene.course.close(() => Promise.resolve(true)));
  return { scene, error, overlaps, found };
}

/** As the story of a run calls it. @returns what ended it early. */
async function through(
  { clock, course }: Stage,
  holdsMs: readonly number[],
  pauseMs: number,
): Promise<unknown> {
  try {
    await course.preChaos(course.stop);
    for (const holdMs of holdsMs) {
      await clock.sleep(pauseMs, course.stop);
      course.chaosOn();
      await clock.sleep(holdMs, course.stop).finally(() => course.chaosOff());
    }
    await course.postChaos(course.stop);
    return undefined;
  } catch (error) {
    course.end();
    return error;
  }
}

const told = (check: (played: Played, story: Story) => void | Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(story, async (one) => check(await play(one), one)),
    RUNS,
  );

describe('whatever its probes find, a run', () => {
  test('ends with a verdict for each of them, or with an error that says why not', () =>
    told(({ scene, error }) => {
      const verdicts = scene.course.verdicts();
      if (error === undefined) {
        expect(verdicts.filter(({ verdict }) => verdict === 'Awaited')).toEqual([]);
        for (const { description } of verdicts) expect(description ?? '').not.toBe('');
      } else {
        expect([ProbeStopError, ProbeUnclearError]).toContain((error as Error).constructor);
        if (error instanceof ProbeStopError)
          expect(verdicts.map(({ verdict }) => verdict)).toContain('Failed');
      }
    }));

  test('takes no verdict back but Passed, and none without an attempt that says so', () =>
    told(({ scene, found }) => {
      let before: readonly string[] = [];
      for (const shown of scene.shown.map((text) => text.split(' '))) {
        for (const [index, verdict] of before.entries()) {
          if (verdict === 'Failed') expect(shown[index]).toBe('Failed');
          if (verdict === 'Passed') expect(shown[index]).not.toBe('Awaited');
        }
        before = shown;
      }
      for (const { name, verdict } of scene.course.verdicts()) {
        if (verdict === 'Passed') expect(found.get(name)).toContain('passed');
        if (verdict === 'Failed') expect(found.get(name)?.every((what) => what === 'passed')).toBe(false);
      }
    }));

  test('calls each probe Passed that finds nothing wrong, unless it was never asked', () =>
    fc.assert(
      fc.asyncProperty(story, async (one) => {
        const probes = one.probes.map((other) => ({ ...other, tries: [] }));
        const { scene, error } = await play({ ...one, probes });
        expect(scene.course.stop.aborted).toBe(false);
        if (error !== undefined) expect(error).toMatchObject({ message: expect.stringMatching(NEVER_ASKED) });
        else
          expect(new Set(scene.course.verdicts().map(({ verdict }) => verdict))).toEqual(new Set(['Passed']));
      }),
      RUNS,
    ));

  test('asks no probe twice at once, and none after its end', () =>
    told(async ({ scene, overlaps }) => {
      expect(overlaps).toEqual([]);
      const asked = scene.attempts.length;
      await scene.clock.run(scene.clock.sleep(120_000));
      expect(scene.attempts).toHaveLength(asked);
      expect(scene.released.at(-1)).toBe('all');
    }));

  test('sets the engine to stop only where a probe in the background stopped it', () =>
    told(({ scene }) => {
      expect(scene.engine).toHaveLength(scene.course.stop.aborted ? 1 : 0);
    }));
});
