import { describe, expect } from '@jest/globals';
import { RIGHTS } from '../../src/litmus/rights.ts';
import { ENGINE, EXPERIMENT, NAMESPACE, type Scene } from '../support/product/scene.ts';
import { disablesOf, ended, play, runPod } from './play.ts';
import { command } from './probe-pieces.ts';
import { reasonOf, statusOf, verdictOf } from './records.ts';
import { story, storyForEach } from '../support/product/together.ts';

const RESULT = `${ENGINE}-${EXPERIMENT}`;
const JOURNAL = 'chaos.lambda-chaos-runner.io/journal';
const KIND = 'lambda-event-source-mapping';

/** Somebody else writes the ChaosResult, again and again, for as long as `work` lasts. */
async function amidWrites(scene: Scene, work: () => Promise<unknown>): Promise<number> {
  let writes = 0;
  const write = (): void => {
    if (scene.result === undefined) return;
    writes += 1;
    scene.kube.patch('chaosresults', NAMESPACE, RESULT, {
      metadata: { annotations: { 'example.com/writer': String(writes) } },
    });
  };
  const writer = setInterval(write, 20);
  await work();
  clearInterval(writer);
  return writes;
}

const patchesOf = (scene: Scene): number =>
  scene.kube.requests.filter(({ resource, verb }) => resource === 'chaosresults' && verb === 'patch').length;

describe('the ChaosResult', () => {
  story(
    'that somebody else writes all the time: conflicts are resolved, nothing is lost or counted twice',
    () =>
      play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '1' } }, async (scene) => {
        const writes = await amidWrites(scene, () => runPod(scene));
        expect(writes).toBeGreaterThan(20);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(statusOf(scene).history.passedRuns).toBe(1);
        expect(scene.result?.metadata.annotations?.['example.com/writer']).toBe(String(writes));
        expect(patchesOf(scene)).toBeGreaterThan(5);
      }),
  );

  story('that meets a 409 at every other patch is written all the same', () =>
    play({ mappings: 2 }, async (scene) => {
      const match = { verb: 'patch', resource: 'chaosresults' };
      let seen = 0;
      // Armed again after each patch that got through.
      const arm = setInterval(() => {
        if (patchesOf(scene) <= seen) return;
        seen = patchesOf(scene) + 1;
        scene.kube.faults.add({ act: 409, match, times: 1 });
      }, 1);
      scene.kube.faults.add({ act: 409, match, times: 1 });
      expect(await runPod(scene)).toBe(0);
      clearInterval(arm);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(statusOf(scene).history.passedRuns).toBe(1);
    }),
  );

  story('that somebody deletes in the hold is there again with the verdict', () =>
    play({ mappings: 2 }, async (scene) => {
      const { product } = scene.startPod();
      await product.logged('hold');
      const before = scene.result?.metadata.uid;
      scene.kube.delete('chaosresults', NAMESPACE, RESULT);
      expect((await ended(product)).code).toBe(0);
      expect(scene.result?.metadata.uid).not.toBe(before);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(statusOf(scene).history).toMatchObject({
        passedRuns: 1,
        targets: [{ chaosStatus: 'reverted' }, { chaosStatus: 'reverted' }],
      });
      expect(scene.result?.metadata.labels).toMatchObject({
        chaosUID: scene.engineUid,
        'app.kubernetes.io/part-of': 'litmus',
      });
      expect(scene.result?.spec).toEqual({ engine: ENGINE, experiment: EXPERIMENT });
    }),
  );

  story('of an older run is adopted with its counters, its error and labels are gone', () =>
    play({ mappings: 1 }, async (scene) => {
      const lost = { name: 'lost-by-litmus-go', kind: KIND, chaosStatus: 'injected' };
      const errorOutput = { errorCode: 'CHAOS_INJECT_ERROR', reason: '{}' };
      const old = scene.kube.create('chaosresults', {
        metadata: {
          name: RESULT,
          namespace: NAMESPACE,
          labels: { chaosUID: 'an-older-engine', stale: 'yes' },
        },
        spec: { engine: ENGINE, experiment: EXPERIMENT },
        status: {
          experimentStatus: { phase: 'Error', verdict: 'Error', probeSuccessPercentage: '0', errorOutput },
          history: {
            passedRuns: 3,
            failedRuns: 1,
            stoppedRuns: 2,
            targets: [lost, { ...lost, name: 'back', chaosStatus: 'reverted' }],
          },
        },
      });
      expect(await runPod(scene)).toBe(0);
      expect(scene.result?.metadata.uid).toBe(old.metadata.uid);
      const { experimentStatus, history } = statusOf(scene);
      expect(experimentStatus).toEqual({
        phase: 'Completed',
        verdict: 'Pass',
        probeSuccessPercentage: '100',
      });
      expect(history).toMatchObject({ passedRuns: 4, failedRuns: 1, stoppedRuns: 2 });
      // What nobody has brought back stays listed, as off; it is not ours to enable.
      expect(history.targets).toEqual([{ name: scene.ids[0], kind: KIND, chaosStatus: 'reverted' }, lost]);
      expect(scene.result?.metadata.labels?.chaosUID).toBe(scene.engineUid);
      expect(scene.result?.metadata.labels).not.toHaveProperty('stale');
    }),
  );

  story('without a status, as a person may have made it, gets its counters', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.kube.create('chaosresults', { metadata: { name: RESULT, namespace: NAMESPACE } });
      expect(await runPod(scene)).toBe(0);
      expect(statusOf(scene).history).toMatchObject({ passedRuns: 1, failedRuns: 0, stoppedRuns: 0 });
    }),
  );

  story('counts a second run of the engine on top of the first', () =>
    play({ mappings: 1 }, async (scene) => {
      await runPod(scene);
      const { product } = { product: scene.start(['run'], { POD_NAME: scene.addPod('job-uid-2') }) };
      expect((await ended(product)).code).toBe(0);
      expect(statusOf(scene).history.passedRuns).toBe(2);
      expect(disablesOf(scene)).toHaveLength(2);
    }),
  );

  storyForEach(['{"version":99,"run":{},"targets":{}}', 'not json'])(
    'with the journal %s: nothing is touched, the journal stays, the exit is not 0',
    (journal) =>
      play({ mappings: 1 }, async (scene) => {
        scene.kube.create('chaosresults', {
          metadata: { name: RESULT, namespace: NAMESPACE, annotations: { [JOURNAL]: journal } },
        });
        expect(await runPod(scene)).toBe(70);
        expect(scene.lambda.requests).toEqual([]);
        expect(scene.result?.metadata.annotations?.[JOURNAL]).toBe(journal);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(reasonOf(scene)).toMatch(/journal of an earlier run can't be read .*nothing was touched/);
      }),
  );
});

const STOPS = command('stops', 'Continuous', 'echo no', { stopOnFailure: true });

describe('the API server', () => {
  story('is asked for exactly what the documented rights are', () =>
    // The command fails, which stops the run and its engine.
    play({ mappings: 1, probes: [STOPS] }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      scene.kube.patch('chaosengines', NAMESPACE, ENGINE, { spec: { engineState: 'active' } });
      // A second run of the engine meets its events of the first one.
      const again = scene.start(['run'], { POD_NAME: scene.addPod('job-uid-2') });
      expect((await ended(again)).code).toBe(0);
      const asked = scene.kube.requests.map(({ verb, resource }) => `${verb} ${resource}`);
      const rights = RIGHTS.map(({ verb, resource }) => `${verb} ${resource}`);
      expect([...new Set(asked)].sort()).toEqual([...rights].sort());
    }),
  );
});
