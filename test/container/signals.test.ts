import { describe, expect } from '@jest/globals';
import { disablesOf, enablesOf, until } from '../process/play.ts';
import { statusOf, verdictOf } from '../process/records.ts';
import type { Container, ContainerOptions } from '../support/container/container.ts';
import { withEngine } from '../support/container/engine.ts';
import { inContainers, type Pods } from '../support/container/pods.ts';
import { NAMESPACE, type Scene } from '../support/product/scene.ts';
import { story, together, type Stories } from '../support/product/together.ts';

const LONG = { env: { TOTAL_CHAOS_DURATION: '60' } };

/** Docker's own grace period is 10 s; ours end long before. */
const GRACE_SECONDS = 30;

interface Phase {
  readonly mappings: number;
  readonly lagMs?: number;
  readonly env: Readonly<Record<string, string>>;
  readonly end: (pod: Container, scene: Scene) => Promise<void>;
}

const IN_HOLD: Phase = {
  mappings: 3,
  ...LONG,
  end: async (pod) => {
    await pod.logged('hold');
    await pod.kill('SIGTERM');
  },
};

const PHASES: Readonly<Record<string, Phase>> = {
  'by SIGTERM in the ramp': {
    mappings: 2,
    env: { RAMP_TIME: '60' },
    end: async (pod) => {
      await pod.logged('ramp');
      await pod.kill('SIGTERM');
    },
  },
  'by SIGTERM in the hold': IN_HOLD,
  'by a second SIGTERM in the middle of the revert': {
    mappings: 3,
    lagMs: 1500,
    ...LONG,
    end: async (pod, scene) => {
      await pod.logged('hold');
      await pod.kill('SIGTERM');
      await until('an enable', () => enablesOf(scene).length > 0);
      await pod.kill('SIGTERM');
    },
  },
  'by docker stop in the hold': {
    mappings: 2,
    ...LONG,
    end: async (pod) => {
      await pod.logged('hold');
      await pod.stop(GRACE_SECONDS);
    },
  },
};

/** Every mapping's disable is confirmed and journaled: a successor need not watch for one that arrives late. */
const injected = (scene: Scene): boolean =>
  scene.ids.every(
    (id) => scene.result?.metadata.annotations?.[`lambda-event-source-mapping/${id}`] === 'injected',
  );

async function killedInHold(scene: Scene, pods: Pods): Promise<void> {
  const pod = await pods.startPod(LONG);
  await pod.logged('hold');
  await until('the journal', () => injected(scene));
  await pod.kill('SIGKILL');
  expect(await pod.exited).toBe(137);
  expect(scene.ids.map((id) => scene.lambda.mapping(id).state)).not.toContain('Enabled');
  await until('the cluster to notice', () =>
    scene.kube
      .list('pods', NAMESPACE)
      .every(({ status }) => (status as { readonly phase: string }).phase === 'Failed'),
  );
}

/** As a ChaosExperiment of the usual form starts its container. */
const USUAL = { entrypoint: ['/bin/bash', '-c', './experiments -name lambda-toggle-event-mapping-state'] };

withEngine(({ image, shell }) => {
  describe('as process 1, asked to end, it brings every mapping back and is Stopped', () => {
    const asked = (
      { mappings, lagMs = 30, env, end }: Phase,
      name = image,
      options: ContainerOptions = {},
    ): Promise<void> =>
      inContainers(name, { mappings, lagMs }, async (scene, pods) => {
        const pod = await pods.startPod({ ...options, env });
        await end(pod, scene);
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        expect(statusOf(scene).history.stoppedRuns).toBe(1);
        expect(scene.ids.map((id) => scene.lambda.mapping(id).state)).toEqual(scene.ids.map(() => 'Enabled'));
        expect(enablesOf(scene)).toHaveLength(disablesOf(scene).length);
      });
    const stories: Stories = Object.fromEntries(
      Object.entries(PHASES).map(([name, phase]) => [name, () => asked(phase)]),
    );
    together(stories);

    story("in the image with a shell, started by bash -c './experiments -name FAULT'", () =>
      asked(IN_HOLD, shell, USUAL),
    );
  });

  describe('killed in its hold', () => {
    story('it leaves the mappings off, and the next container brings them back and injects nothing', () =>
      inContainers(image, { mappings: 3 }, async (scene, pods) => {
        await killedInHold(scene, pods);
        const next = await pods.startPod(LONG);
        expect(await next.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(disablesOf(scene)).toHaveLength(3);
        expect(enablesOf(scene)).toHaveLength(3);
        expect(scene.injectors).toEqual(['AKIAPOD1']);
      }),
    );

    story('revert --engine, with nothing but names and keys, brings the mappings back', () =>
      inContainers(image, { mappings: 2 }, async (scene, pods) => {
        await killedInHold(scene, pods);
        const args = ['revert', '--engine', 'esm-chaos', '--namespace', NAMESPACE];
        const names = {
          CHAOSENGINE: '',
          CHAOS_UID: '',
          POD_NAME: '',
          REGION: '',
          FUNCTION_NAME: '',
          EVENT_UUIDS: '',
        };
        const revert = await pods.startPod({ args, env: names });
        expect(await revert.exited).toBe(0);
        expect(enablesOf(scene)).toHaveLength(2);
      }),
    );
  });
});
