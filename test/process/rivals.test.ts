import { describe, expect } from '@jest/globals';
import { EXPERIMENT, NAMESPACE, type Scene } from '../support/product/scene.ts';
import type { Product } from '../support/product/product.ts';
import { disablesOf, ended, killInHold, play, until, writesOf } from './play.ts';
import { statusIn, verdictOf, warningsOf } from './records.ts';
import { together } from '../support/product/together.ts';

const OTHER = 'other-chaos';

/** A run of another engine of the namespace, on the same mappings. */
function startOther(scene: Scene, env: Readonly<Record<string, string>> = {}): Product {
  const metadata = { name: OTHER, namespace: NAMESPACE };
  const spec = { engineState: 'active', experiments: [{ name: EXPERIMENT, spec: {} }] };
  const { uid = '' } = scene.kube.create('chaosengines', { metadata, spec }).metadata;
  const names = { CHAOSENGINE: OTHER, CHAOS_UID: uid, POD_NAME: scene.addPod('job-uid-other') };
  return scene.start(['run'], { ...names, AWS_ACCESS_KEY_ID: 'AKIAOTHER', ...env });
}

const otherResult = (scene: Scene): ReturnType<typeof statusIn> =>
  statusIn(scene.kube.get('chaosresults', NAMESPACE, `${OTHER}-${EXPERIMENT}`));

describe('a run on mappings of another engine', () => {
  together({
    'in the hold of that one refuses and says whose they are; the first one never notices': () =>
      play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '3' } }, async (scene) => {
        const { product: first } = scene.startPod();
        await first.logged('hold');
        const second = startOther(scene);
        expect((await ended(second)).code).toBe(0);
        const { experimentStatus } = otherResult(scene);
        expect(experimentStatus.verdict).toBe('Error');
        expect(experimentStatus.errorOutput?.errorCode).toBe('TARGET_SELECTION_ERROR');
        expect(experimentStatus.errorOutput?.reason).toMatch(
          /is in the hands of the run of ChaosEngine litmus\/esm-chaos \(pod .*pod1, due to have it back by 20/,
        );
        expect((await ended(first)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(scene.injectors).toEqual(['AKIAPOD1']);
      }),

    'that begins at the same moment: at most one of the two injects, and no window is cut short': () =>
      play({ mappings: 2 }, async (scene) => {
        const { product: first } = scene.startPod();
        const second = startOther(scene);
        expect([(await ended(first)).code, (await ended(second)).code]).toEqual([0, 0]);
        expect(scene.injectors.length).toBeLessThanOrEqual(1);
        expect(disablesOf(scene).length).toBeLessThanOrEqual(2);
        const verdicts = [verdictOf(scene), otherResult(scene).experimentStatus.verdict];
        expect(verdicts.filter((verdict) => /Pass/.test(verdict)).length).toBe(scene.injectors.length);
      }),

    'after that one has ended runs as if it had never been there': () =>
      play({ mappings: 1 }, async (scene) => {
        expect((await ended(scene.startPod().product)).code).toBe(0);
        expect((await ended(startOther(scene))).code).toBe(0);
        expect(otherResult(scene).experimentStatus.verdict).toBe('Pass');
      }),

    'that died with one of them off refuses, and says how to bring it back': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '40' } }, async (scene) => {
        await killInHold(scene.startPod().product);
        // Somebody has enabled it by hand meanwhile, so its state alone tells nothing.
        scene.lambda.hook({ uuid: scene.ids[0] ?? '', action: { kind: 'write', body: { Enabled: true } } });
        const second = startOther(scene);
        expect((await ended(second)).code).toBe(0);
        expect(otherResult(scene).experimentStatus.errorOutput?.reason).toContain(
          'revert --engine esm-chaos',
        );
        expect(disablesOf(scene)).toHaveLength(1);
      }),

    'does not begin while nobody can say whether there is one': () =>
      play({ mappings: 1 }, async (scene) => {
        scene.kube.faults.add({ act: 503, match: { verb: 'list', resource: 'chaosresults' } });
        expect((await ended(startOther(scene))).code).toBe(0);
        const { verdict, errorOutput } = otherResult(scene).experimentStatus;
        expect(verdict).toBe('Error');
        expect(errorOutput?.reason).toMatch(/Runs of other engines can't be seen: .*503/);
        expect(writesOf(scene)).toEqual([]);
      }),

    'that is slow to look for one looks at the mappings again: what its owner has switched off stays off':
      () =>
        play({ mappings: 1, env: { RAMP_TIME: '2' }, exempt: ({ ids }) => ids }, async (scene) => {
          const { product } = scene.startPod();
          await product.logged('ramp');
          // The look after the intent: it gets no answer for ten seconds.
          scene.kube.faults.add({ act: 'hang', times: 1, match: { verb: 'list', resource: 'chaosresults' } });
          await until('the intent', () =>
            Object.keys(scene.result?.metadata.annotations ?? {}).some((key) =>
              key.startsWith('lambda-event'),
            ),
          );
          scene.lambda.hook({
            uuid: scene.ids[0] ?? '',
            action: { kind: 'write', body: { Enabled: false } },
          });
          expect((await ended(product)).code).toBe(0);
          expect(writesOf(scene)).toEqual([]);
          expect(scene.lambda.mapping(scene.ids[0] ?? '').state).toBe('Disabled');
          expect(verdictOf(scene)).toBe('Error/Error');
        }),

    'without the right to list results warns once and goes by the state of the mappings': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '4', CHAOS_INTERVAL: '1' } }, async (scene) => {
        scene.kube.faults.forbid('list', 'chaosresults');
        const second = startOther(scene);
        expect((await ended(second)).code).toBe(0);
        expect(otherResult(scene).experimentStatus.verdict).toBe('Pass');
        const blind = warningsOf(second).filter((warning) => warning.includes('other engines'));
        expect(blind).toEqual([
          expect.stringMatching(/can't be seen: .*needs the verb "list" on chaosresults/),
        ]);
      }),
  });
});

describe('plan', () => {
  together({
    'says in whose hands a mapping is': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '40' } }, async (scene) => {
        await killInHold(scene.startPod().product);
        const plan = scene.start(['plan'], { CHAOSENGINE: OTHER });
        expect((await ended(plan)).code).toBe(2);
        expect(plan.output).toMatch(/in the hands of the run of ChaosEngine litmus\/esm-chaos/);
        const revert = scene.start(['revert']);
        expect((await ended(revert)).code).toBe(0);
        expect(writesOf(scene)).toHaveLength(2);
      }),

    'refuses without a right that a run needs, and warns of nothing where only a convenience is missing':
      () =>
        play({ mappings: 1 }, async (scene) => {
          scene.kube.faults.forbid('patch', 'events');
          const content = scene.start(['plan']);
          expect((await ended(content)).code).toBe(0);
          expect(content.output).toMatch(/patch +events +NO +no Kubernetes Events/);
          scene.kube.faults.forbid('patch', 'chaosresults');
          const refused = scene.start(['plan']);
          expect((await ended(refused)).code).toBe(2);
          expect(refused.output).toMatch(
            /lacks the verb "patch" on chaosresults.litmuschaos.io in namespace litmus/,
          );
        }),

    'of a standalone run does not ask the cluster whose pod it happens to be in': () =>
      play({ mappings: 1 }, async (scene) => {
        const plan = scene.startStandalone(['plan'], { KUBERNETES_SERVICE_HOST: '10.0.0.1' });
        expect((await ended(plan)).code).toBe(0);
        expect(plan.output).not.toContain('Kubernetes');
        expect(scene.kube.requests).toEqual([]);
      }),
  });
});
