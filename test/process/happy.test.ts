import { describe, expect } from '@jest/globals';
import { ENGINE, EXPERIMENT, JOB, NAMESPACE } from '../support/product/scene.ts';
import { disablesOf, enablesOf, ended, holdsOf, play, runPod, writesOf } from './play.ts';
import { eventsOf, linesOf, statusIn, statusOf } from './records.ts';
import { story } from '../support/product/together.ts';

/** A hold may be longer than asked by a few round trips on a busy machine, never shorter. */
const SLACK_MS = 2000;

describe('a run that nothing disturbs', () => {
  story('holds all mappings off together for the whole duration and enables them again', () =>
    play({ mappings: 4 }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      for (const id of scene.ids) {
        expect(writesOf(scene, id).map(({ body }) => body)).toEqual([{ Enabled: false }, { Enabled: true }]);
        const [hold, ...more] = holdsOf(scene, id);
        expect(more).toEqual([]);
        expect(hold).toBeGreaterThanOrEqual(1000);
      }
      const off = disablesOf(scene).map(({ at }) => at);
      const on = enablesOf(scene).map(({ at }) => at);
      expect(Math.max(...off)).toBeLessThan(Math.min(...on));
    }),
  );

  story('records Pass, the counter and each target, and nothing else, in the ChaosResult', () =>
    play({ mappings: 2 }, async (scene) => {
      await runPod(scene);
      expect(statusOf(scene)).toEqual({
        experimentStatus: { phase: 'Completed', verdict: 'Pass', probeSuccessPercentage: '100' },
        history: {
          passedRuns: 1,
          failedRuns: 0,
          stoppedRuns: 0,
          targets: scene.ids.map((name) => ({
            name,
            kind: 'lambda-event-source-mapping',
            chaosStatus: 'reverted',
          })),
        },
      });
      expect(scene.result?.spec).toEqual({ engine: ENGINE, experiment: EXPERIMENT });
      expect(scene.result?.metadata.labels).toEqual({
        chaosUID: scene.engineUid,
        'batch.kubernetes.io/controller-uid': 'job-uid-1',
        'job-name': JOB,
        'app.kubernetes.io/part-of': 'litmus',
      });
      const annotations = Object.entries(scene.result?.metadata.annotations ?? {});
      const folded = annotations.filter(([, value]) => /^(targeted|injected|reverted)$/.test(value));
      expect(folded).toEqual(scene.ids.map((id) => [`lambda-event-source-mapping/${id}`, 'reverted']));
    }),
  );

  story('writes the ChaosResult as Running and Awaited before the first call to AWS', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.lambda.hook({ match: { operation: 'GetCallerIdentity' }, effect: { kind: 'hang' } });
      const { product } = scene.startPod();
      while (scene.lambda.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(statusOf(scene)).toEqual({
        experimentStatus: { phase: 'Running', verdict: 'Awaited', probeSuccessPercentage: 'Awaited' },
        history: { passedRuns: 0, failedRuns: 0, stoppedRuns: 0 },
      });
      product.kill('SIGTERM');
      await ended(product);
    }),
  );

  story('tells the engine and the result with the events that Litmus reads', () =>
    play({ mappings: 1 }, async (scene) => {
      const { name: pod } = scene.startPod();
      await Promise.all(scene.products.map(ended));
      const resultUid = scene.result?.metadata.uid;
      const seen = eventsOf(scene).map(({ name, reason, type, involvedObject }) => [
        name,
        reason,
        type,
        involvedObject.uid,
      ]);
      const engine = (reason: string): unknown[] => [
        `${reason}${EXPERIMENT}${scene.engineUid}`,
        reason,
        'Normal',
        scene.engineUid,
      ];
      const result = (reason: string): unknown[] => [`${reason}${pod}`, reason, 'Normal', resultUid];
      const expected = [
        result('Awaited'),
        ...['PreChaosCheck', 'ChaosInject', 'PostChaosCheck'].map(engine),
        result('Pass'),
        engine('Summary'),
      ];
      expect(seen).toHaveLength(expected.length);
      expect(seen).toEqual(expect.arrayContaining(expected));
      for (const event of eventsOf(scene)) {
        expect(Date.now() - Date.parse(event.lastTimestamp)).toBeLessThan(60_000);
        expect(event).toMatchObject({ count: 1, source: { component: pod } });
        expect(['ChaosEngine', 'ChaosResult']).toContain(event.involvedObject.kind);
      }
      const messages = Object.fromEntries(eventsOf(scene).map(({ reason, message }) => [reason, message]));
      expect(messages).toEqual({
        Awaited: `experiment: ${EXPERIMENT}, Result: Awaited`,
        PreChaosCheck: 'AUT: Running',
        ChaosInject: `Injecting ${EXPERIMENT} chaos on lambda event source mapping`,
        PostChaosCheck: 'AUT: Running',
        Pass: `experiment: ${EXPERIMENT}, Result: Pass`,
        Summary: `${EXPERIMENT} experiment has been Passed`,
      });
    }),
  );

  story('puts INSTANCE_ID into the name and the spec of the ChaosResult', () =>
    play({ mappings: 1, env: { INSTANCE_ID: 'i42' } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      const result = scene.kube.get('chaosresults', NAMESPACE, `${ENGINE}-${EXPERIMENT}-i42`);
      expect(statusIn(result).experimentStatus.verdict).toBe('Pass');
      expect(result?.spec).toEqual({ engine: ENGINE, experiment: EXPERIMENT, instance: 'i42' });
      expect(scene.kube.list('chaosresults', NAMESPACE)).toHaveLength(1);
    }),
  );

  story('prints, before the first disable, the command that undoes each mapping by hand', () =>
    play({ mappings: 2 }, async (scene) => {
      const { product } = scene.startPod();
      await ended(product);
      const firstDisable = Math.min(...disablesOf(scene).map(({ at }) => at));
      for (const id of scene.ids) {
        const command = `aws lambda update-event-source-mapping --region us-east-1 --uuid ${id} --enabled`;
        const line = linesOf(product).find(({ msg }) => msg.includes(command));
        expect(Date.parse(line?.time ?? '')).toBeLessThanOrEqual(firstDisable);
      }
    }),
  );

  story('reports the measured hold beside the asked one, as the stand-in saw it', () =>
    play({ mappings: 2, lagMs: 150 }, async (scene) => {
      const { product } = scene.startPod();
      await ended(product);
      for (const id of scene.ids) {
        const line = linesOf(product).find(({ msg }) => msg.includes(`${id} was held Disabled`));
        const reported = line as unknown as { readonly heldMs: number; readonly askedHoldMs: number };
        expect(reported.askedHoldMs).toBe(1000);
        const [real = 0] = holdsOf(scene, id);
        // Disabled is noticed a look later than it happened, so less is reported than there was.
        expect(reported.heldMs).toBeLessThanOrEqual(real + 50);
        expect(reported.heldMs).toBeGreaterThan(real - SLACK_MS);
        expect(reported.heldMs).toBeGreaterThanOrEqual(1000);
      }
    }),
  );
});
