import { describe, expect } from '@jest/globals';
import { AWS_RATE_LIMIT } from '../../demo/lambda/model/throttle.ts';
import { disablesOf, ended, enablesOf, holdsOf, play, runPod, writesOf } from './play.ts';
import { eventsOf, verdictOf } from './records.ts';
import type { Scene } from '../support/product/scene.ts';
import { story } from '../support/product/together.ts';

const SLACK_MS = 2000;

const expectHold = (ms: number | undefined, seconds: number): void => {
  expect(ms).toBeGreaterThanOrEqual(seconds * 1000);
  expect(ms).toBeLessThan(seconds * 1000 + SLACK_MS);
};

const firstRequestAt = (scene: Scene): number => scene.lambda.requests[0]?.at ?? NaN;

describe('the schedule', () => {
  story('3 s in intervals of 2 s are a hold of 2 s and one of 1 s, Enabled in between', () =>
    play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '3', CHAOS_INTERVAL: '2' } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      for (const id of scene.ids) {
        const holds = holdsOf(scene, id);
        expect(holds).toHaveLength(2);
        expectHold(holds[0], 2);
        expectHold(holds[1], 1);
        // Cut to the remainder, not a second whole interval.
        expect(holds[1]).toBeLessThan((holds[0] ?? 0) - 300);
        const states = scene.lambda.mapping(id).transitions.map(({ state }) => state);
        const cycle = ['Disabling', 'Disabled', 'Enabling', 'Enabled'];
        expect(states).toEqual(['Enabled', ...cycle, ...cycle]);
      }
      expect(verdictOf(scene)).toBe('Completed/Pass');
      // One event that is seen twice, as Litmus counts iterations.
      expect(eventsOf(scene).find(({ reason }) => reason === 'ChaosInject')?.count).toBe(2);
    }),
  );

  story('a cycle begins only when every mapping is confirmed Enabled again', () =>
    play(
      {
        mappings: 2,
        specs: [{ enablingLagMs: 900 }],
        env: { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '1' },
      },
      async (scene) => {
        expect(await runPod(scene)).toBe(0);
        const [slow = '', quick = ''] = scene.ids;
        const enabledAt = scene.lambda
          .mapping(slow)
          .transitions.filter(({ state }) => state === 'Enabled')[1]?.at;
        expect(disablesOf(scene, quick)[1]?.at).toBeGreaterThanOrEqual(enabledAt ?? NaN);
      },
    ),
  );

  story('serial gives each mapping its own whole schedule, one after the other', () =>
    play(
      { mappings: 3, env: { SEQUENCE: 'serial', TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '1' } },
      async (scene) => {
        expect(await runPod(scene)).toBe(0);
        const order = writesOf(scene).map(({ label, body }) => [
          label,
          (body as { Enabled: boolean }).Enabled,
        ]);
        const own = (id: string): unknown[] => [
          [id, false],
          [id, true],
          [id, false],
          [id, true],
        ];
        expect(order).toEqual(scene.ids.flatMap(own));
        for (const id of scene.ids) {
          expect(holdsOf(scene, id)).toHaveLength(2);
          for (const hold of holdsOf(scene, id)) expectHold(hold, 1);
        }
        expect(verdictOf(scene)).toBe('Completed/Pass');
      },
    ),
  );

  story('the ramp waits before the first disable and after the last mapping is back', () =>
    play({ mappings: 1, env: { RAMP_TIME: '2' } }, async (scene) => {
      const { product } = scene.startPod();
      await ended(product);
      const [id = ''] = scene.ids;
      expect((disablesOf(scene)[0]?.at ?? 0) - firstRequestAt(scene)).toBeGreaterThanOrEqual(2000);
      const back = scene.lambda.mapping(id).transitions.at(-1)?.at ?? NaN;
      expect(scene.lambda.now() - back).toBeGreaterThanOrEqual(2000);
      expectHold(holdsOf(scene, id)[0], 1);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );

  story('the clock starts when the slowest mapping is Disabled, so none is held too short', () =>
    play({ mappings: 3, specs: [{}, { disablingLagMs: 1200 }] }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      const [first = '', slow = '', third = ''] = scene.ids;
      expect(holdsOf(scene, slow)[0]).toBeGreaterThanOrEqual(1000);
      // The others wait for the slow one and are held longer.
      expect(holdsOf(scene, first)[0]).toBeGreaterThanOrEqual(2000);
      expect(holdsOf(scene, third)[0]).toBeGreaterThanOrEqual(2000);
    }),
  );

  story('SETTLE_TIME passes after Disabled before the hold counts', () =>
    play({ mappings: 1, env: { SETTLE_TIME: '1' } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expectHold(holdsOf(scene, scene.ids[0] ?? '')[0], 2);
    }),
  );

  story('an empty or absent tunable is its default, as charts ship it', () =>
    play(
      {
        mappings: 1,
        env: {
          CHAOS_INTERVAL: '',
          RAMP_TIME: '',
          SEQUENCE: '',
          ASSUME_ROLE_ARN: '',
          AWS_AUTHENTICATION_SECRET: '',
          FORCE: '',
        },
      },
      async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(holdsOf(scene, scene.ids[0] ?? '')).toHaveLength(1);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      },
    ),
  );

  story('twelve mappings are switched within the request budget and all come back', () =>
    play({ mappings: 12, lambda: { rateLimit: AWS_RATE_LIMIT } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expect(disablesOf(scene)).toHaveLength(12);
      expect(enablesOf(scene)).toHaveLength(12);
      // With AWS' own 15 requests a second in force, the forward path is never refused: it keeps to 5.
      const firstEnable = enablesOf(scene)[0]?.at ?? NaN;
      const forward = scene.lambda.requests.filter(({ at }) => at < firstEnable);
      expect(forward.filter(({ status }) => status === 429)).toEqual([]);
      for (const id of scene.ids) expect(holdsOf(scene, id)[0]).toBeGreaterThanOrEqual(1000);
      // Above ten, state is confirmed with pages of List.
      expect(
        scene.lambda.requests.filter(({ operation }) => operation === 'ListEventSourceMappings').length,
      ).toBeGreaterThan(1);
    }),
  );
});
