import { describe, expect } from '@jest/globals';
import { ENGINE, EXPERIMENT, JOB, NAMESPACE, type Scene } from '../support/product/scene.ts';
import type { Product } from '../support/product/product.ts';
import { enablesOf, ended, killInHold, pause, play, runPod, until, writesOf } from './play.ts';
import { reasonOf, statusOf, verdictOf, warningsOf } from './records.ts';
import { together } from '../support/product/together.ts';

const LONG = { TOTAL_CHAOS_DURATION: '40' };
const JOURNAL = 'chaos.lambda-chaos-runner.io/journal';

/** A process that is none of the run's: a CronJob's pod knows the namespace and the credentials, and nothing else. */
const startSweep = (scene: Scene, env: Readonly<Record<string, string>> = {}): Product => {
  const none = {
    CHAOSENGINE: '',
    CHAOS_UID: '',
    FUNCTION_NAME: '',
    EVENT_UUIDS: '',
    REGION: '',
    EXPERIMENT_NAME: '',
  };
  const sweeper = { POD_NAME: '', AWS_ACCESS_KEY_ID: 'AKIASWEEPER' };
  return scene.start(['revert', '--overdue'], { ...none, ...sweeper, ...env });
};

async function sweep(scene: Scene): Promise<{ readonly code: number | null; readonly output: string }> {
  const product = startSweep(scene);
  return { code: (await ended(product)).code, output: product.output };
}

/** The Job of the scene's engine, which may start another pod. */
const addJob = (scene: Scene, status: object = { active: 1 }): void => {
  const metadata = { name: JOB, namespace: NAMESPACE, labels: { chaosUID: scene.engineUid } };
  scene.kube.create('jobs', { metadata, status });
};

const sweeperWrites = (scene: Scene) =>
  writesOf(scene).filter(({ accessKey }) => accessKey === 'AKIASWEEPER');

const patchJournal = (scene: Scene, change: object): void => {
  const name = `${ENGINE}-${EXPERIMENT}`;
  const text = scene.result?.metadata.annotations?.[JOURNAL] ?? '{}';
  const journal = { ...(JSON.parse(text) as object), ...change };
  scene.kube.patch('chaosresults', NAMESPACE, name, {
    metadata: { annotations: { [JOURNAL]: JSON.stringify(journal) } },
  });
};

describe('revert --overdue', () => {
  together({
    'finishes the run of a pod that was killed and whose Job is gone': () =>
      play({ mappings: 3, env: LONG }, async (scene) => {
        await killInHold(scene.startPod().product);
        const labels = scene.result?.metadata.labels;
        const before = scene.kube.requests.length;
        const { code, output } = await sweep(scene);
        const looks = scene.kube.requests.slice(before).filter(({ verb }) => verb === 'list');
        // Any other order takes a run that has just begun, or a pod that was just started, for dead.
        expect(looks.map(({ resource }) => resource)).toEqual(['chaosresults', 'jobs', 'pods']);
        expect(code).toBe(0);
        expect(enablesOf(scene)).toHaveLength(3);
        expect(sweeperWrites(scene)).toHaveLength(3);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(reasonOf(scene)).toMatch(
          /pod .*pod1 ended before its verdict, and no other pod of its Job finished it/,
        );
        expect(statusOf(scene).history.targets?.every(({ chaosStatus }) => chaosStatus === 'reverted')).toBe(
          true,
        );
        // The operator finds the result by them; the sweeper's own pod has others.
        expect(scene.result?.metadata.labels).toEqual(labels);
        expect(output).toMatch(
          /1 journals, 0 needed nothing, 0 were left to others, 1 were finished, 0 could not be/,
        );
      }),

    'has nothing to do the second time, and writes nothing': () =>
      play({ mappings: 1, env: LONG }, async (scene) => {
        await killInHold(scene.startPod().product);
        expect((await sweep(scene)).code).toBe(0);
        const version = scene.result?.metadata.resourceVersion;
        const again = await sweep(scene);
        expect(again.code).toBe(0);
        expect(again.output).toContain('1 journals, 1 needed nothing');
        expect(sweeperWrites(scene)).toHaveLength(1);
        expect(scene.result?.metadata.resourceVersion).toBe(version);
      }),

    'leaves a live run alone, which then ends as if nobody had looked': () =>
      play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '4' } }, async (scene) => {
        addJob(scene);
        const { product } = scene.startPod();
        await product.logged('hold');
        const { code, output } = await sweep(scene);
        expect(code).toBe(0);
        expect(output).toMatch(/is left alone: pod .*pod1 is there to finish it/);
        expect((await ended(product)).code).toBe(0);
        expect(sweeperWrites(scene)).toEqual([]);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),

    'leaves a run alone that a pod without any Job is at': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '4' } }, async (scene) => {
        const name = 'by-hand';
        scene.kube.create('pods', { metadata: { name, namespace: NAMESPACE }, status: { phase: 'Running' } });
        const product = scene.start(['run'], { POD_NAME: name });
        await product.logged('hold');
        expect((await sweep(scene)).output).toContain('is left alone: pod by-hand');
        expect((await ended(product)).code).toBe(0);
        expect(sweeperWrites(scene)).toEqual([]);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),

    'leaves a run alone that nobody can see, because it is in no pod': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '4' } }, async (scene) => {
        const product = scene.start(['run'], { POD_NAME: '' });
        await product.logged('hold');
        expect((await sweep(scene)).output).toContain('is left alone: it runs outside any pod');
        expect((await ended(product)).code).toBe(0);
        expect(sweeperWrites(scene)).toEqual([]);
      }),

    'of another namespace leaves a copy of the result alone': () =>
      play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '4' } }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('hold');
        const { name = '', annotations = {} } = scene.result?.metadata ?? {};
        scene.kube.create('chaosresults', { metadata: { name, namespace: 'restored', annotations } });
        const elsewhere = startSweep(scene, { CHAOS_NAMESPACE: 'restored' });
        expect((await ended(elsewhere)).code).toBe(70);
        expect(elsewhere.output).toContain('in namespace litmus, so it is a copy');
        expect((await ended(product)).code).toBe(0);
        expect(sweeperWrites(scene)).toEqual([]);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),

    'leaves the run of a dead pod to the Job, as long as that may start another one': () =>
      play({ mappings: 1, env: LONG }, async (scene) => {
        addJob(scene);
        await killInHold(scene.startPod().product);
        const again = await sweep(scene);
        expect(again.code).toBe(0);
        expect(again.output).toContain(`is left alone: Job ${JOB}`);
        expect(writesOf(scene)).toHaveLength(1);
        expect(await runPod(scene)).toBe(0);
        expect(scene.injectors).toEqual(['AKIAPOD1']);
      }),

    'finishes the run of a Job that has used up its retries': () =>
      play({ mappings: 1, env: LONG }, async (scene) => {
        addJob(scene, { conditions: [{ type: 'Failed', status: 'True' }] });
        await killInHold(scene.startPod().product);
        expect((await sweep(scene)).code).toBe(0);
        expect(sweeperWrites(scene)).toHaveLength(1);
      }),

    'finishes a run that is past its deadline, although Kubernetes still shows its pod': () =>
      play({ mappings: 1, env: LONG }, async (scene) => {
        addJob(scene);
        const { name, product } = scene.startPod();
        await killInHold(product);
        // As where a node is lost: nobody tells the API server that the pod is dead.
        scene.kube.patch('pods', NAMESPACE, name, { status: { phase: 'Running' } });
        expect((await sweep(scene)).output).toContain('is left alone');
        patchJournal(scene, { deadline: new Date(Date.now() - 121_000).toISOString() });
        const again = await sweep(scene);
        expect(again.code).toBe(0);
        expect(again.output).toContain('should have been back by');
        expect(sweeperWrites(scene)).toHaveLength(1);
      }),

    'fences a pod that hangs past its deadline: when it wakes, it injects nothing more': () =>
      play(
        { mappings: 1, env: { ...LONG, TOTAL_CHAOS_DURATION: '8', CHAOS_INTERVAL: '4' } },
        async (scene) => {
          const { product } = scene.startPod();
          await product.logged('hold');
          await pause(300);
          process.kill(product.pid, 'SIGSTOP');
          patchJournal(scene, { deadline: new Date(Date.now() - 121_000).toISOString() });
          expect((await sweep(scene)).code).toBe(0);
          process.kill(product.pid, 'SIGCONT');
          expect((await ended(product)).code).toBe(0);
          expect(scene.injectors).toEqual(['AKIAPOD1']);
          expect(writesOf(scene).filter(({ accessKey }) => accessKey === 'AKIAPOD1')).toHaveLength(1);
          expect(verdictOf(scene)).toBe('Error/Error');
        },
      ),

    'gives a run that was cut off before its first disable a verdict': () =>
      play({ mappings: 1, env: { RAMP_TIME: '30' } }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('ramp');
        product.kill('SIGKILL');
        await ended(product);
        await pause(20);
        expect((await sweep(scene)).code).toBe(0);
        expect(writesOf(scene)).toEqual([]);
        expect(verdictOf(scene)).toBe('Error/Error');
      }),

    'touches no journal that it can not read, finishes the others, and is not content': () =>
      play({ mappings: 1, env: LONG }, async (scene) => {
        await killInHold(scene.startPod().product);
        const strange = {
          name: `other-${EXPERIMENT}`,
          namespace: NAMESPACE,
          annotations: { [JOURNAL]: '{"version":99}' },
        };
        const { metadata } = scene.kube.create('chaosresults', { metadata: strange, spec: {} });
        const { code, output } = await sweep(scene);
        expect(code).toBe(70);
        expect(output).toMatch(/other-.* can't be read \(it has version 99/);
        expect(sweeperWrites(scene)).toHaveLength(1);
        expect(scene.kube.get('chaosresults', NAMESPACE, strange.name)?.metadata).toEqual(metadata);
      }),

    'touches no run whose ChaosResult has the name of another one': () =>
      play({ mappings: 1, env: LONG, exempt: ({ ids }) => ids }, async (scene) => {
        await killInHold(scene.startPod().product);
        const { annotations = {} } = scene.result?.metadata ?? {};
        scene.kube.create('chaosresults', { metadata: { name: 'copy', namespace: NAMESPACE, annotations } });
        scene.kube.delete('chaosresults', NAMESPACE, `${ENGINE}-${EXPERIMENT}`);
        const { code, output } = await sweep(scene);
        expect(code).toBe(70);
        expect(output).toMatch(
          /copy could not be finished: .*in namespace litmus, so it is a copy\. Delete it/,
        );
        expect(sweeperWrites(scene)).toEqual([]);
      }),

    'names what it may not look at, and is not content': () =>
      play({ mappings: 1, env: LONG, exempt: ({ ids }) => ids }, async (scene) => {
        await killInHold(scene.startPod().product);
        scene.kube.faults.forbid('list', 'jobs');
        const { code, output } = await sweep(scene);
        expect(code).toBe(70);
        expect(output).toContain('needs the verb \\"list\\" on jobs.batch');
        expect(sweeperWrites(scene)).toEqual([]);
      }),

    'that AWS does not let finish says what is off; the next sweep finishes': () =>
      play({ mappings: 2, env: LONG }, async (scene) => {
        await killInHold(scene.startPod().product);
        const refusal = { code: 'AccessDeniedException', message: 'not authorized' };
        scene.lambda.hook({
          match: { enabled: true, uuid: scene.ids[0] ?? '' },
          times: 'forever',
          effect: { kind: 'error', ...refusal },
        });
        const first = startSweep(scene, { REVERT_TIMEOUT: '2' });
        expect((await ended(first)).code).toBe(70);
        expect(first.output).toMatch(/IS STILL SWITCHED OFF.*AccessDenied/);
        expect(scene.lambda.mapping(scene.ids[1] ?? '').state).toBe('Enabled');
        expect(reasonOf(scene)).toContain('Still switched off');
        scene.lambda.unhook();
        expect((await sweep(scene)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
      }),

    'goes on although its own pod is asked to stop': () =>
      play({ mappings: 1, env: LONG, lagMs: 1500 }, async (scene) => {
        await killInHold(scene.startPod().product);
        const product = startSweep(scene);
        await until('the enable', () => sweeperWrites(scene).length === 1);
        product.kill('SIGTERM');
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
      }),

    'in an empty namespace is content': () =>
      play({ mappings: 1 }, async (scene) => {
        const { code, output } = await sweep(scene);
        expect(code).toBe(0);
        expect(output).toContain('0 journals');
        expect(scene.lambda.requests).toEqual([]);
      }),

    'together with --engine is refused, because it could mean two things': () =>
      play({ mappings: 1 }, async (scene) => {
        const product = scene.start(['revert', '--overdue', '--engine', ENGINE]);
        expect((await ended(product)).code).toBe(2);
        expect(product.output).toContain('--overdue or --engine NAME, not both');
        expect(warningsOf(product)).toEqual([]);
      }),
  });
});
