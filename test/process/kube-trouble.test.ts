import { describe, expect, test } from '@jest/globals';
import type { Scene } from '../support/product/scene.ts';
import { disablesOf, enablesOf, ended, holdsOf, pause, play, runPod, until } from './play.ts';
import { linesOf, reasonOf, reasonsOf, statusOf, verdictOf, warningsOf } from './records.ts';
import { story, storyForEach } from '../support/product/together.ts';

/** The API server is away. Resolves with what brings it back at the same address. */
async function takeAway({ kube }: Scene): Promise<() => Promise<unknown>> {
  const port = Number(new URL(kube.url).port);
  await kube.stop();
  return () => kube.listen(port);
}

describe('a Kubernetes API that can not be reached', () => {
  story('at the start is waited for, as a mesh starts its sidecar after us', () =>
    play({ mappings: 2 }, async (scene) => {
      const bringBack = await takeAway(scene);
      const { product } = scene.startPod();
      await pause(3000);
      expect(scene.lambda.requests).toEqual([]);
      expect(product.alive).toBe(true);
      await bringBack();
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );

  story('at the start, and a signal: the run ends within seconds and AWS is untouched', () =>
    play({ mappings: 1 }, async (scene) => {
      const bringBack = await takeAway(scene);
      const { product } = scene.startPod();
      await pause(1500);
      const signalled = performance.now();
      product.kill('SIGTERM');
      expect((await ended(product)).code).toBe(71);
      expect(performance.now() - signalled).toBeLessThan(20_000);
      expect(scene.lambda.requests).toEqual([]);
      await bringBack();
    }),
  );

  story('because nothing says where it is ends at once, clearly, with AWS untouched', () =>
    play({ mappings: 1 }, async (scene) => {
      const product = scene.start(['run'], { KUBECONFIG: '', HOME: scene.folder });
      expect((await ended(product)).code).toBe(71);
      expect(product.output).toMatch(
        /There is no Kubernetes configuration: KUBECONFIG is not set and no service account token is mounted/,
      );
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story(
    'in the hold and after it does not delay the revert, and the verdict is written when it is back',
    () =>
      play({ mappings: 2 }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('hold');
        const bringBack = await takeAway(scene);
        await until('the enables', () => enablesOf(scene).length === 2);
        for (const id of scene.ids) expect(holdsOf(scene, id)[0]).toBeLessThan(2500);
        await pause(2000);
        expect(product.alive).toBe(true);
        await bringBack();
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(statusOf(scene).history.passedRuns).toBe(1);
      }),
  );

  story('in the hold, and a signal: the mappings are asked to be enabled at once all the same', () =>
    play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '40' } }, async (scene) => {
      const { product } = scene.startPod();
      await product.logged('hold');
      const bringBack = await takeAway(scene);
      const signalledAt = scene.lambda.now();
      product.kill('SIGTERM');
      await until('the enables', () => enablesOf(scene).length === 2);
      for (const { at } of enablesOf(scene)) expect(at - signalledAt).toBeLessThan(2000);
      await bringBack();
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Stopped/Stopped');
    }),
  );

  story('before a disable keeps that disable from being sent', () =>
    play({ mappings: 1, env: { RAMP_TIME: '2' } }, async (scene) => {
      const { product } = scene.startPod();
      await product.logged('ramp');
      const bringBack = await takeAway(scene);
      await pause(4000);
      expect(disablesOf(scene)).toEqual([]);
      await bringBack();
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );
});

describe('RBAC that lacks', () => {
  story('events: the run passes and warns once', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.kube.faults.forbid('create', 'events');
      const { product } = scene.startPod();
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(
        warningsOf(product).filter((text) => /Events can't be written.*verb "create" on events/.test(text)),
      ).toHaveLength(1);
      expect(reasonsOf(scene)).toEqual([]);
    }),
  );

  storyForEach(['get', 'create'])('%s on chaosresults: a clear error, non-zero, AWS untouched', (verb) =>
    play({ mappings: 1 }, async (scene) => {
      scene.kube.faults.forbid(verb, 'chaosresults');
      const { product } = scene.startPod();
      expect((await ended(product)).code).toBe(71);
      expect(linesOf(product).at(-1)?.msg).toMatch(
        new RegExp(
          `this process touched nothing.*403.*the service account needs the verb "${verb}" on chaosresults.litmuschaos.io`,
        ),
      );
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('patch on chaosresults: a clear error before any disable', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.kube.faults.forbid('patch', 'chaosresults');
      const { product } = scene.startPod();
      expect((await ended(product)).code).toBe(71);
      expect(product.output).toMatch(
        /the service account needs the verb \\?"patch\\?" on chaosresults.litmuschaos.io/,
      );
      expect(disablesOf(scene)).toEqual([]);
    }),
  );

  storyForEach(['get', 'list'])('%s on pods: the run passes, and says what it can not see', (verb) =>
    play({ mappings: 1 }, async (scene) => {
      scene.kube.faults.forbid(verb, 'pods');
      const { product } = scene.startPod();
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(warningsOf(product).join()).toMatch(new RegExp(`verb "${verb}" on pods`));
    }),
  );

  story('get on chaosengines: an Error that says so, AWS untouched', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.kube.faults.forbid('get', 'chaosengines');
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Error/Error');
      expect(reasonOf(scene)).toMatch(/needs the verb "get" on chaosengines/);
      expect(scene.lambda.requests).toEqual([]);
    }),
  );
});

describe('an API server that is busy', () => {
  story('with 500, 503 and resets: every request is made again', () =>
    play({ mappings: 2 }, async (scene) => {
      for (const act of [500, 'reset', 503, 'reset'] as const) scene.kube.faults.add({ act, times: 1 });
      scene.kube.faults.add({ act: 429, retryAfter: '1', times: 1, match: { verb: 'patch' } });
      scene.kube.faults.add({
        act: 500,
        when: 'after',
        times: 1,
        match: { verb: 'patch', resource: 'chaosresults' },
      });
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(statusOf(scene).history.passedRuns).toBe(1);
    }),
  );

  story('and rotates the token in the hold: the verdict is recorded with the new one', () =>
    play({ mappings: 1 }, async (scene) => {
      const { product } = scene.startPod();
      await product.logged('hold');
      scene.kube.rotateToken('another-token', true);
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );
});

/** It takes the product's own bound of 90 s; `E2E_SLOW=1` runs it. */
const slow = process.env.E2E_SLOW === '1' ? story : test.skip;

slow('a Kubernetes API that never comes is given up after 90 s, with AWS untouched', () =>
  play({ mappings: 1 }, async (scene) => {
    const bringBack = await takeAway(scene);
    const began = performance.now();
    const { product } = scene.startPod();
    expect((await product.exited).code).toBe(71);
    expect(performance.now() - began).toBeGreaterThan(85_000);
    expect(scene.lambda.requests).toEqual([]);
    await bringBack();
  }),
);
