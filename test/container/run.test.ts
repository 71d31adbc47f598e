import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { disablesOf, enablesOf, writesOf } from '../process/play.ts';
import { reasonOf, statusOf, verdictOf } from '../process/records.ts';
import { withEngine } from '../support/container/engine.ts';
import { secretLike } from '../support/container/mounts.ts';
import { inContainers } from '../support/container/pods.ts';
import { OFF_BEFORE } from '../support/product/scene.ts';
import { PLANTED_SECRETS } from '../support/product/spool.ts';
import { story, storyForEach } from '../support/product/together.ts';

/** Of a Kubernetes node's range for pods; no user of this name or number is in the image. */
const ARBITRARY = '123456:0';

withEngine(({ image, shell }) => {
  describe('a run under a ChaosEngine, with a read-only root file system and no capability', () => {
    storyForEach([image, shell])('of %s passes', (name) =>
      inContainers(name, { mappings: 2 }, async (scene, pods) => {
        const pod = await pods.startPod();
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(statusOf(scene).history.targets?.map(({ chaosStatus }) => chaosStatus)).toEqual([
          'reverted',
          'reverted',
        ]);
        expect(disablesOf(scene)).toHaveLength(2);
        expect(enablesOf(scene)).toHaveLength(2);
      }),
    );

    story('passes under a user id that the image does not know, in group 0', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const pod = await pods.startPod({ user: ARBITRARY });
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),
    );

    story('passes in 128 MiB', () =>
      inContainers(image, { mappings: 20 }, async (scene, pods) => {
        const pod = await pods.startPod({ memoryMegabytes: 128 });
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),
    );

    story('takes its keys from a Secret that is mounted at /tmp, which makes /tmp read-only', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const file = `[default]\naws_access_key_id = AKIASECRET\naws_secret_access_key = ${PLANTED_SECRETS[0]}\n`;
        const secret = secretLike(join(scene.folder, 'secret'), { 'cloud_config.yml': file });
        const keys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
        const pod = await pods.startPod({ env: keys, mounts: { '/tmp': secret } });
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect([...new Set(scene.lambda.requests.map(({ accessKey }) => accessKey))]).toEqual(['AKIASECRET']);
        expect(pod.output).toContain('/tmp/cloud_config.yml');
      }),
    );

    story('writes nothing, even where it could', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const pod = await pods.startPod({ writable: true });
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        // What the engine itself makes for a mount.
        expect((await pod.changes()).filter((path) => !/^\/etc(\/chaos)?$/.test(path))).toEqual([]);
      }),
    );

    story('with a bad environment ends as a recorded Error and exit code 0', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const pod = await pods.startPod({ env: { TOTAL_CHAOS_DURATION: '1m', REGION: '' } });
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(reasonOf(scene)).toMatch(/REGION.*TOTAL_CHAOS_DURATION: got "1m"/);
        expect(scene.lambda.requests).toEqual([]);
      }),
    );
  });

  describe('a standalone run', () => {
    story('exits 0 with verdict Pass, as process 1', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const run = await pods.startStandalone(['run']);
        expect(await run.exited).toBe(0);
        expect(run.output).toMatch(/"pod":"[0-9a-f]+\/1"/);
      }),
    );

    story('exits 2 with verdict Error', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const run = await pods.startStandalone(['run'], { env: { EVENT_UUIDS: OFF_BEFORE } });
        expect(await run.exited).toBe(2);
        expect(writesOf(scene)).toEqual([]);
      }),
    );

    story('exits 3 with verdict Stopped', () =>
      inContainers(image, { mappings: 1, env: {} }, async (scene, pods) => {
        const run = await pods.startStandalone(['run'], { env: { TOTAL_CHAOS_DURATION: '60' } });
        await run.logged('hold');
        await run.kill('SIGINT');
        expect(await run.exited).toBe(3);
        expect(enablesOf(scene)).toHaveLength(1);
      }),
    );

    story('without a place for its journal touches nothing, names the file and exits 71', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const run = await pods.start({ args: ['run'], writable: true });
        expect(await run.exited).toBe(71);
        expect(run.output).toMatch(/lambda-chaos-journal\.json can't be written: EACCES/);
        expect(scene.lambda.requests).toEqual([]);
      }),
    );
  });

  describe('the other commands', () => {
    story('version prints the version alone', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const version = await pods.start({ args: ['version'], user: ARBITRARY, network: 'none' });
        expect(await version.exited).toBe(0);
        expect(version.output).toMatch(/^\d+\.\d+\.\d+\n$/);
      }),
    );

    story('plan shows what a run would do and changes nothing', () =>
      inContainers(image, { mappings: 2 }, async (scene, pods) => {
        const plan = await pods.startPod({ args: ['plan'] });
        expect(await plan.exited).toBe(0);
        for (const id of scene.ids) expect(plan.output).toContain(id);
        expect(plan.output).toContain('Nothing was changed. A run would start.');
        expect(writesOf(scene)).toEqual([]);
      }),
    );

    story('revert of an engine that never ran says so and exits 70', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const revert = await pods.startPod({ args: ['revert', '--engine', 'nobody'] });
        expect(await revert.exited).toBe(70);
        expect(revert.output).toContain('there is no journal in ChaosResult litmus/nobody-');
      }),
    );

    story('./experiments of the image with a shell exits 2 without the flag that it knows', () =>
      inContainers(shell, { mappings: 1 }, async (scene, pods) => {
        const container = await pods.start({ entrypoint: ['/bin/sh', '-c', './experiments --nam x'] });
        expect(await container.exited).toBe(2);
        expect(container.output).toContain('got: ./experiments --nam x; wanted: ./experiments -name FAULT');
        expect(scene.lambda.requests).toEqual([]);
      }),
    );

    story('an unknown one exits 2 and shows the known ones', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const container = await pods.start({ args: ['injct'] });
        expect(await container.exited).toBe(2);
        expect(container.output).toMatch(/Unknown command "injct"[^]*run the experiment/);
      }),
    );
  });
});
