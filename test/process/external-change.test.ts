import { describe, expect } from '@jest/globals';
import type { MappingAction } from '../../demo/lambda/model/agenda.ts';
import type { Scene } from '../support/product/scene.ts';
import { disablesOf, enablesOf, ended, holdsOf, play, type PlayOptions } from './play.ts';
import { linesOf, reasonOf, statusOf, verdictOf, warningsOf } from './records.ts';
import { together } from '../support/product/together.ts';

/** Longer than the 15 s between two looks of the watch. */
const WATCHED = { TOTAL_CHAOS_DURATION: '17' };
/** Too short for the watch, long enough for somebody to meddle on a busy machine. */
const SHORT = { TOTAL_CHAOS_DURATION: '2' };
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

/** Somebody does `action` to the first mapping in the first hold. Resolves with the log's warnings. */
async function meddle(scene: Scene, action: MappingAction): Promise<string> {
  const { product } = scene.startPod();
  await product.logged('hold');
  scene.lambda.hook({ uuid: scene.ids[0] ?? '', action });
  expect((await ended(product)).code).toBe(0);
  return warningsOf(product).join('\n');
}

const enabling: MappingAction = { kind: 'write', body: { Enabled: true } };
const editing: MappingAction = { kind: 'write', body: { BatchSize: 7 } };
const firstGone: PlayOptions['exempt'] = ({ ids }) => ids.slice(0, 1);

/** What a window that somebody cut short looks like, whenever that was noticed. */
function expectCutShort(scene: Scene, what: RegExp): void {
  const [first = ''] = scene.ids;
  expect(verdictOf(scene)).toBe('Error/Error');
  expect(reasonOf(scene)).toMatch(/The window was cut short by somebody else/);
  expect(reasonOf(scene)).toMatch(what);
  expect(reasonOf(scene)).toMatch(ISO);
  expect(reasonOf(scene)).toContain(first);
  expect(enablesOf(scene, first)).toEqual([]);
  expect(disablesOf(scene, first)).toHaveLength(1);
  expect(statusOf(scene).history).toMatchObject({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0 });
}

describe('in a hold of 17 s, which the watch looks into', () => {
  together({
    'a mapping that somebody enables is reported with the time and not fought': () =>
      play({ mappings: 2, env: WATCHED }, async (scene) => {
        const [, second = ''] = scene.ids;
        expect(await meddle(scene, enabling)).toMatch(
          new RegExp(`was enabled by somebody else .*seen at ${ISO.source}; it is not fought`),
        );
        expectCutShort(scene, /was enabled by somebody else/);
        // The other one is held to the end.
        expect(holdsOf(scene, second)[0]).toBeGreaterThanOrEqual(17_000);
      }),

    'the hold ends early when nothing is left to hold': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
        await meddle(scene, enabling);
        expectCutShort(scene, /was enabled by somebody else/);
        const began = scene.lambda.requests[0]?.at ?? NaN;
        expect(scene.lambda.now() - began).toBeLessThan(30_000);
      }),

    'a mapping that somebody deletes is reported with the time': () =>
      play({ mappings: 2, env: WATCHED, exempt: firstGone }, async (scene) => {
        expect(await meddle(scene, { kind: 'delete' })).toMatch(/was deleted by somebody else, seen at/);
        expectCutShort(scene, /was deleted by somebody else/);
      }),

    'a mapping that somebody edits is a warning and no more': () =>
      play({ mappings: 1, env: WATCHED }, async (scene) => {
        const warnings = await meddle(scene, editing);
        expect(warnings).toMatch(/was changed by somebody else and is still (Disabled|Updating), seen at/);
        expect(warnings.match(/was changed by somebody else/g)).toHaveLength(1);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(scene.lambda.mapping(scene.ids[0] ?? '').attributes.BatchSize).toBe(7);
      }),

    'engineState stop ends the run as Stopped, with the mappings back': () =>
      play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('hold');
        scene.kube.patch('chaosengines', 'litmus', 'esm-chaos', { spec: { engineState: 'stop' } });
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        expect(statusOf(scene).history.stoppedRuns).toBe(1);
        for (const id of scene.ids) expect(holdsOf(scene, id)[0]).toBeLessThan(20_000);
      }),

    'a deleted engine ends the run as Stopped': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('hold');
        scene.kube.delete('chaosengines', 'litmus', 'esm-chaos');
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
      }),

    'a watch that can not look says so and the hold goes on': () =>
      play({ mappings: 1, env: WATCHED }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('hold');
        scene.lambda.hook({
          match: { operation: 'GetEventSourceMapping' },
          effect: { kind: 'status', status: 503 },
        });
        await ended(product);
        expect(
          linesOf(product).some(({ msg }) => /could not be looked at in the hold, which goes on/.test(msg)),
        ).toBe(true);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),
  });
});

describe('in a short hold, at whose end the mappings are looked at', () => {
  together({
    'a mapping that somebody enabled is not asked to be enabled, and the window was cut short': () =>
      play({ mappings: 2, env: SHORT }, async (scene) => {
        await meddle(scene, enabling);
        expectCutShort(scene, /was Enabled when it was looked at/);
      }),

    'a mapping that somebody deleted is named, and the window was cut short': () =>
      play({ mappings: 2, env: SHORT, exempt: firstGone }, async (scene) => {
        await meddle(scene, { kind: 'delete' });
        expectCutShort(scene, /no longer exists/);
      }),

    'a mapping that somebody edited is a warning and no more': () =>
      play({ mappings: 1, env: SHORT }, async (scene) => {
        expect(await meddle(scene, editing)).toMatch(/was changed by somebody else/);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),

    'a function that somebody deleted does not keep its mappings off': () =>
      play({ mappings: 2, env: SHORT }, async (scene) => {
        await meddle(scene, { kind: 'delete-function' });
        expect(enablesOf(scene)).toHaveLength(2);
      }),

    'a mapping that somebody enabled in the first cycle is not disabled in the second': () =>
      play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '4', CHAOS_INTERVAL: '2' } }, async (scene) => {
        await meddle(scene, enabling);
        expectCutShort(scene, /was Enabled when it was looked at/);
        expect(disablesOf(scene, scene.ids[1])).toHaveLength(2);
      }),
  });
});

describe('before its turn in a serial run', () => {
  together({
    'a mapping that its owner switches off is left alone, and the run ends as Error': () =>
      play(
        {
          mappings: 2,
          env: { SEQUENCE: 'serial', TOTAL_CHAOS_DURATION: '4' },
          exempt: ({ ids }) => ids.slice(1),
        },
        async (scene) => {
          const [first = '', second = ''] = scene.ids;
          const { product } = scene.startPod();
          await product.logged('hold');
          scene.lambda.hook({ uuid: second, action: { kind: 'write', body: { Enabled: false } } });
          expect((await ended(product)).code).toBe(0);
          expect(verdictOf(scene)).toBe('Error/Error');
          expect(reasonOf(scene)).toMatch(
            new RegExp(`${second} was Enabled and is Disabled now, by somebody else; it is left alone`),
          );
          expect(scene.lambda.mapping(second).state).toBe('Disabled');
          expect(enablesOf(scene).map(({ label }) => label)).toEqual([first]);
        },
      ),
  });
});
