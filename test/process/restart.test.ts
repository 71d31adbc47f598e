import { describe, expect } from '@jest/globals';
import { EXPERIMENT, JOB, NAMESPACE, type Scene } from '../support/product/scene.ts';
import { disablesOf, enablesOf, ended, killInHold, pause, play, runPod, until, writesOf } from './play.ts';
import { reasonOf, statusOf, verdictOf } from './records.ts';
import { together } from '../support/product/together.ts';

const LONG = { TOTAL_CHAOS_DURATION: '40' };

/** A pod that is killed in its hold, as by an eviction: its Job has to start another one. */
async function killedInHold(scene: Scene): Promise<void> {
  await killInHold(scene.startPod().product);
  for (const id of scene.ids) expect(scene.lambda.mapping(id).state).toBe('Disabled');
}

const journalOf = (scene: Scene): { readonly finished: boolean; readonly run: { readonly jobId: string } } =>
  JSON.parse(scene.result?.metadata.annotations?.['chaos.lambda-chaos-runner.io/journal'] ?? '{}') as never;

describe('a pod that starts', () => {
  together({
    'when its Job has its verdict does nothing at all': () =>
      play({ mappings: 1 }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        const [requests, version] = [scene.lambda.requests.length, scene.result?.metadata.resourceVersion];
        expect(await runPod(scene)).toBe(0);
        expect(scene.lambda.requests).toHaveLength(requests);
        expect(scene.result?.metadata.resourceVersion).toBe(version);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),

    'after a pod of its Job was killed in the hold brings the mappings back and injects nothing': () =>
      play({ mappings: 3, env: LONG }, async (scene) => {
        await killedInHold(scene);
        expect(await runPod(scene)).toBe(0);
        expect(scene.injectors).toEqual(['AKIAPOD1']);
        expect(enablesOf(scene).map(({ accessKey }) => accessKey)).toEqual(
          Array.from({ length: 3 }, () => 'AKIAPOD2'),
        );
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe('EXPERIMENT_ABORTED');
        expect(reasonOf(scene)).toMatch(
          /The run was cut off: pod .*pod1 ended before its verdict\. No chaos was injected again/,
        );
        expect(statusOf(scene).history).toMatchObject({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0 });
        expect(statusOf(scene).history.targets?.map(({ chaosStatus }) => chaosStatus)).toEqual([
          'reverted',
          'reverted',
          'reverted',
        ]);
        expect(journalOf(scene).finished).toBe(true);
      }),

    'after a pod of its Job was killed needs nothing of the environment but the credentials': () =>
      play({ mappings: 2, env: LONG }, async (scene) => {
        await killedInHold(scene);
        const env = {
          POD_NAME: scene.addPod(),
          FUNCTION_NAME: '',
          EVENT_UUIDS: '',
          REGION: '',
          TOTAL_CHAOS_DURATION: 'nonsense',
        };
        expect((await ended(scene.start(['run'], env))).code).toBe(0);
        expect(enablesOf(scene)).toHaveLength(2);
        expect(verdictOf(scene)).toBe('Error/Error');
      }),

    'after a pod of its Job was killed before the first disable reverts nothing and still ends the run': () =>
      play({ mappings: 2, env: { RAMP_TIME: '30' } }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('ramp');
        product.kill('SIGKILL');
        await ended(product);
        await pause(20);
        expect(await runPod(scene)).toBe(0);
        expect(writesOf(scene)).toEqual([]);
        expect(verdictOf(scene)).toBe('Error/Error');
      }),

    'is itself killed while it brings them back: the third pod does it': () =>
      play({ mappings: 2, env: LONG, lagMs: 1500 }, async (scene) => {
        await killedInHold(scene);
        scene.lambda.hook({ match: { enabled: true }, times: 2, effect: { kind: 'hang' } });
        const { product } = scene.startPod();
        await until('the enables', () => enablesOf(scene).length === 2);
        product.kill('SIGKILL');
        await ended(product);
        await pause(20);
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(scene.injectors).toEqual(['AKIAPOD1']);
      }),

    'while another pod of its Job is alive stands aside until that one is gone, and injects nothing': () =>
      play({ mappings: 1 }, async (scene) => {
        const other = scene.addPod();
        const { product } = scene.startPod();
        await product.logged('recovery');
        await pause(1500);
        expect(product.alive).toBe(true);
        expect(scene.lambda.requests).toEqual([]);
        scene.kube.patch('pods', NAMESPACE, other, { status: { phase: 'Failed' } });
        expect((await ended(product)).code).toBe(0);
        expect(writesOf(scene)).toEqual([]);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(reasonOf(scene)).toContain(other);
      }),

    'in the hold of another pod of its Job takes the run over: one of the two injects, everything is back':
      () =>
        play({ mappings: 2, env: LONG }, async (scene) => {
          const first = scene.startPod();
          await first.product.logged('hold');
          const second = scene.startPod();
          await until('the enables', () => enablesOf(scene).length >= 2);
          // The first learns of it at its next write or from the Job; here it is told to end.
          first.product.kill('SIGTERM');
          const codes = await Promise.all(
            [first, second].map(async ({ product }) => (await ended(product)).code),
          );
          expect(codes).toEqual([0, 0]);
          expect(scene.injectors).toEqual(['AKIAPOD1']);
          const { passedRuns, failedRuns, stoppedRuns } = statusOf(scene).history;
          expect(passedRuns + failedRuns + stoppedRuns).toBeLessThanOrEqual(1);
          expect(verdictOf(scene)).toMatch(/^(Stopped\/Stopped|Error\/Error)$/);
        }),

    'at the same moment as another pod of its Job: neither injects on top of the other, and a signal ends both':
      () =>
        play({ mappings: 2 }, async (scene) => {
          const pods = [scene.startPod(), scene.startPod()];
          await pause(4000);
          for (const { product } of pods) product.kill('SIGTERM');
          const codes = await Promise.all(pods.map(async ({ product }) => (await ended(product)).code));
          expect(codes).toEqual([0, 0]);
          expect(scene.injectors.length).toBeLessThanOrEqual(1);
          expect(verdictOf(scene)).toMatch(/^(Completed\/Pass|Error\/Error|Stopped\/Stopped)$/);
        }),

    'for a new Job of the engine first brings back what an older one left, and then runs': () =>
      play({ mappings: 2 }, async (scene) => {
        await killInHold(scene.startPod(undefined, LONG).product);
        const [left = ''] = scene.ids;
        // The new run is about the other mapping alone.
        const env = {
          POD_NAME: scene.addPod('job-uid-2'),
          EVENT_UUIDS: scene.ids[1] ?? '',
          AWS_ACCESS_KEY_ID: 'AKIASECOND',
        };
        expect((await ended(scene.start(['run'], env))).code).toBe(0);
        const firstInjection = disablesOf(scene).find(({ accessKey }) => accessKey === 'AKIASECOND');
        for (const { at } of enablesOf(scene).slice(0, 2)) expect(at).toBeLessThan(firstInjection?.at ?? 0);
        expect(disablesOf(scene, left)).toHaveLength(1);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(statusOf(scene).history.passedRuns).toBe(1);
        expect(journalOf(scene).run.jobId).toBe('job-uid-2');
      }),

    'for a new Job does not run on top of what it can not bring back': () =>
      play({ mappings: 2, env: LONG, exempt: ({ ids }) => ids }, async (scene) => {
        await killedInHold(scene);
        scene.lambda.hook({ uuid: scene.ids[0] ?? '', action: { kind: 'stick', state: 'Enabling' } });
        const product = scene.start(['run'], {
          POD_NAME: scene.addPod('job-uid-2'),
          TOTAL_CHAOS_DURATION: '1',
        });
        await until('the enables', () => enablesOf(scene).length === 2);
        await pause(2000);
        // It keeps trying: nothing is injected meanwhile.
        expect(product.alive).toBe(true);
        expect(disablesOf(scene)).toHaveLength(2);
      }),

    'without rights on pods knows its Job by the name of its pod': () =>
      play({ mappings: 1, env: LONG }, async (scene) => {
        scene.kube.faults.forbid('get', 'pods');
        scene.kube.faults.forbid('list', 'pods');
        await killedInHold(scene);
        expect(journalOf(scene).run.jobId).toBe(JOB);
        expect(JOB.startsWith(EXPERIMENT)).toBe(true);
        expect(await runPod(scene)).toBe(0);
        expect(scene.injectors).toEqual(['AKIAPOD1']);
        expect(verdictOf(scene)).toBe('Error/Error');
      }),
  });
});
