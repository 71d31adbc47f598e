import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startLambda, type LambdaStandIn } from '../../demo/lambda/server.ts';
import { withCluster } from '../support/kube-api/cluster.ts';
import { corePath, litmusPath, openCluster, type KubeWorld } from '../support/kube-api/world.ts';
import { startProduct, type Product } from '../support/product/product.ts';
import { PLANTED_SECRETS } from '../support/product/spool.ts';

const EXPERIMENT = 'lambda-toggle-event-mapping-state';
const ENGINE = 'esm-chaos';
const RESULT = `${ENGINE}-${EXPERIMENT}`;
const IDS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const LAG_MS = 100;

/** What these tests read of a ChaosResult, a ChaosEngine or an Event. */
interface Seen {
  readonly metadata: {
    readonly uid: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly status?: {
    readonly experimentStatus: {
      readonly phase: string;
      readonly verdict: string;
      readonly errorOutput?: { readonly errorCode: string };
    };
    readonly history: {
      readonly passedRuns: number;
      readonly stoppedRuns: number;
      readonly targets: { chaosStatus: string }[];
    };
  };
  readonly items?: readonly { readonly reason: string }[];
}

withCluster((kubeconfig) => {
  describe('the program on a real Kubernetes API server', () => {
    let world: KubeWorld;
    let lambda: LambdaStandIn;
    let engineUid: string;
    let pods = 0;

    beforeEach(async () => {
      world = await openCluster(kubeconfig);
      lambda = await startLambda({ rateLimit: false });
      lambda.addFunction({ name: 'orders' });
      for (const uuid of IDS) {
        lambda.addMapping({ uuid, functionName: 'orders', disablingLagMs: LAG_MS, enablingLagMs: LAG_MS });
      }
      const engine = {
        apiVersion: 'litmuschaos.io/v1alpha1',
        kind: 'ChaosEngine',
        metadata: { name: ENGINE },
        spec: { engineState: 'active', experiments: [{ name: EXPERIMENT, spec: {} }] },
      };
      const created = await world.raw('POST', litmusPath(world.namespace, 'chaosengines'), engine);
      engineUid = (created.body as Seen).metadata.uid;
    });

    afterEach(async () => {
      await Promise.all([world.close(), lambda.close()]);
    });

    const get = async (path: string): Promise<Seen> => (await world.raw('GET', path)).body as Seen;
    const result = (): Promise<Seen> => get(litmusPath(world.namespace, 'chaosresults', RESULT));
    const states = (): string[] => IDS.map((id) => lambda.mapping(id).state);

    /** A pod of the Job, whose container is a process of this machine. */
    async function startPod(duration: string): Promise<{ name: string; product: Product }> {
      const name = `${EXPERIMENT}-ab12cd-${(pods += 1)}`;
      const labels = { 'batch.kubernetes.io/controller-uid': 'job-1', 'app.kubernetes.io/part-of': 'litmus' };
      await world.createPod(name, labels);
      const product = startProduct(['run'], {
        CHAOSENGINE: ENGINE,
        CHAOS_UID: engineUid,
        CHAOS_NAMESPACE: world.namespace,
        EXPERIMENT_NAME: EXPERIMENT,
        POD_NAME: name,
        KUBECONFIG: kubeconfig,
        AWS_ENDPOINT_URL: lambda.url,
        AWS_ACCESS_KEY_ID: `AKIAPOD${pods}`,
        AWS_SECRET_ACCESS_KEY: PLANTED_SECRETS[0],
        REGION: 'us-east-1',
        FUNCTION_NAME: 'orders',
        EVENT_UUIDS: IDS.join(','),
        TOTAL_CHAOS_DURATION: duration,
      });
      return { name, product };
    }

    /** What a kubelet says of a pod whose container has ended. */
    const ended = (name: string): Promise<unknown> =>
      world.raw(
        'PATCH',
        `${corePath(world.namespace, 'pods', name)}/status`,
        { status: { phase: 'Failed' } },
        { 'content-type': 'application/merge-patch+json' },
      );

    test('runs, records Pass with its targets reverted, and tells it in events', async () => {
      const { product } = await startPod('2');
      expect(await product.exited).toEqual({ code: 0, signal: null });
      const { status, metadata } = await result();
      expect(status?.experimentStatus).toMatchObject({ phase: 'Completed', verdict: 'Pass' });
      expect(status?.history.passedRuns).toBe(1);
      expect(status?.history.targets.map(({ chaosStatus }) => chaosStatus)).toEqual(['reverted', 'reverted']);
      expect(metadata.labels).toMatchObject({ chaosUID: engineUid, 'app.kubernetes.io/part-of': 'litmus' });
      expect(states()).toEqual(['Enabled', 'Enabled']);
      const events = await get(corePath(world.namespace, 'events'));
      const reasons = (events.items ?? []).map(({ reason }) => reason);
      expect(reasons).toEqual(
        expect.arrayContaining([
          'Awaited',
          'PreChaosCheck',
          'ChaosInject',
          'PostChaosCheck',
          'Summary',
          'Pass',
        ]),
      );
    }, 60_000);

    test("killed in the hold, the Job's next pod brings the mappings back and injects nothing", async () => {
      const first = await startPod('60');
      await first.product.logged('hold');
      let annotations: Record<string, string> | undefined;
      const phaseOf = (id: string): string | undefined => annotations?.[`lambda-event-source-mapping/${id}`];
      // Completions are journaled behind the run's back, so a moment later.
      while (!IDS.every((id) => phaseOf(id) === 'injected'))
        annotations = (await result()).metadata.annotations;
      first.product.kill('SIGKILL');
      await first.product.exited;
      expect(states()).toEqual(['Disabled', 'Disabled']);
      await ended(first.name);
      const disables = lambda.writes.length;
      const { product } = await startPod('60');
      expect(await product.exited).toEqual({ code: 0, signal: null });
      expect(states()).toEqual(['Enabled', 'Enabled']);
      expect(lambda.writes.slice(disables).map(({ body }) => body)).toEqual([
        { Enabled: true },
        { Enabled: true },
      ]);
      expect((await result()).status?.experimentStatus).toMatchObject({
        verdict: 'Error',
        errorOutput: { errorCode: 'EXPERIMENT_ABORTED' },
      });
    }, 60_000);

    test('SIGTERM in the hold ends as Stopped, with everything back', async () => {
      const { product } = await startPod('60');
      await product.logged('hold');
      product.kill('SIGTERM');
      expect(await product.exited).toEqual({ code: 0, signal: null });
      expect(states()).toEqual(['Enabled', 'Enabled']);
      const { status } = await result();
      expect(status?.experimentStatus).toMatchObject({ phase: 'Stopped', verdict: 'Stopped' });
      expect(status?.history.stoppedRuns).toBe(1);
    }, 60_000);
  });
});
