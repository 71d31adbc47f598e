import { startLambda, type LambdaStandIn } from '../../demo/lambda/server.ts';
import { startKubeApi, type KubeApi } from '../../test/support/kube-api/server.ts';

const NAMESPACE = 'litmus';
const ENGINE = 'engine';
const POD = 'pod';
const EXPERIMENT = 'lambda-toggle-event-mapping-state';
const LAG_MS = 50;

/** Both APIs that the program calls, in this process: a ChaosEngine, its Job's pod, and a function with two mappings. */
export interface StandIns {
  readonly lambda: LambdaStandIn;
  readonly kube: KubeApi;
  /** The environment of the pod, with the hold that is asked for. */
  readonly podEnv: (holdSeconds: number) => Readonly<Record<string, string>>;
  /** The mappings that are not Enabled. */
  readonly off: () => string[];
  readonly close: () => Promise<void>;
}

/** Opens them on free ports of 127.0.0.1. The Kubernetes stand-in needs a folder for temporary files. */
export async function openStandIns(): Promise<StandIns> {
  const [lambda, kube] = await Promise.all([startLambda({ rateLimit: false }), startKubeApi()]);
  lambda.addFunction({ name: 'orders' });
  const ids = (['sqs', 'kinesis'] as const).map((source) =>
    lambda.addMapping({ functionName: 'orders', source, disablingLagMs: LAG_MS, enablingLagMs: LAG_MS }),
  );
  const engine = kube.create('chaosengines', {
    metadata: { name: ENGINE, namespace: NAMESPACE },
    spec: { engineState: 'active', experiments: [{ name: EXPERIMENT, spec: {} }] },
  });
  const labels = { 'batch.kubernetes.io/controller-uid': 'job', 'job-name': 'job' };
  kube.create('pods', {
    metadata: { name: POD, namespace: NAMESPACE, labels },
    status: { phase: 'Running' },
  });
  const podEnv = (holdSeconds: number): Record<string, string> => ({
    CHAOSENGINE: ENGINE,
    CHAOS_UID: engine.metadata.uid ?? '',
    CHAOS_NAMESPACE: NAMESPACE,
    EXPERIMENT_NAME: EXPERIMENT,
    POD_NAME: POD,
    KUBECONFIG: kube.kubeconfigPath,
    AWS_ENDPOINT_URL: lambda.url,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    REGION: 'us-east-1',
    FUNCTION_NAME: 'orders',
    EVENT_UUIDS: ids.join(','),
    TOTAL_CHAOS_DURATION: String(holdSeconds),
    STATUS_CHECK_DELAY: '1',
  });
  const off = (): string[] => ids.filter((id) => lambda.mapping(id).state !== 'Enabled');
  const close = async (): Promise<void> => {
    await Promise.all([lambda.close(), kube.close()]);
  };
  return { lambda, kube, podEnv, off, close };
}
