import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLambda, type LambdaStandIn } from '../../../demo/lambda/server.ts';
import type { StoredObject } from '../kube-api/store.ts';
import { startKubeApi, type KubeApi } from '../kube-api/server.ts';
import { Product, startProduct } from './product.ts';
import { PLANTED_SECRETS, spool } from './spool.ts';

export const EXPERIMENT = 'lambda-toggle-event-mapping-state';
const NAMESPACE = 'litmus';
const ENGINE = 'esm-chaos';
const JOB = `${EXPERIMENT}-ab12cd`;

export interface SceneOptions {
  readonly mappings: number;
  readonly lagMs?: number;
  /** Tunables of the run. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Pod {
  readonly name: string;
  readonly product: Product;
}

/** Where a pod sends its requests, when not straight to the stand-ins. */
export interface Routes {
  readonly lambda: string;
  readonly kube: string;
}

/** A cluster with a ChaosEngine and its Job, and a Lambda function with mappings; pods are real processes. */
export class Scene {
  readonly lambda: LambdaStandIn;
  readonly kube: KubeApi;
  readonly ids: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'scene-'));
  readonly #engineUid: string;
  #pods = 0;

  private constructor(lambda: LambdaStandIn, kube: KubeApi, options: SceneOptions) {
    this.lambda = lambda;
    this.kube = kube;
    this.#env = options.env ?? {};
    this.ids = furnish(lambda, options);
    const engine = kube.create('chaosengines', {
      metadata: { name: ENGINE, namespace: NAMESPACE },
      spec: { engineState: 'active', experiments: [{ name: EXPERIMENT, spec: {} }] },
    });
    this.#engineUid = engine.metadata.uid ?? '';
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const [lambda, kube] = await Promise.all([startLambda({ rateLimit: false }), startKubeApi()]);
    return new Scene(lambda, kube, options);
  }

  /** The Job starts a pod. */
  startPod(routes?: Routes): Pod {
    const name = `${JOB}-pod${(this.#pods += 1)}`;
    const labels = { 'batch.kubernetes.io/controller-uid': 'job-uid-1', 'job-name': JOB, 'app.kubernetes.io/part-of': 'litmus' };
    this.kube.create('pods', { metadata: { name, namespace: NAMESPACE, labels }, status: { phase: 'Running' } });
    const product = startProduct(['run'], this.#podEnv(name, routes));
    product.exited.then(
      ({ code }) => this.kube.patch('pods', NAMESPACE, name, { status: { phase: code === 0 ? 'Succeeded' : 'Failed' } }),
      () => undefined,
    );
    return { name, product };
  }

  get result(): StoredObject | undefined {
    return this.kube.get('chaosresults', NAMESPACE, `${ENGINE}-${EXPERIMENT}`);
  }

  /** The pods (by their number) that sent a disable. */
  get injectors(): string[] {
    const disables = this.lambda.writes.filter(({ body }) => JSON.stringify(body) === '{"Enabled":false}');
    return [...new Set(disables.map(({ accessKey }) => accessKey ?? ''))];
  }

  async close(): Promise<void> {
    spool(JSON.stringify([this.result, this.kube.list('events', NAMESPACE)]));
    await Promise.all([this.lambda.close(), this.kube.close()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #podEnv(name: string, routes: Routes | undefined): Record<string, string> {
    return {
      CHAOSENGINE: ENGINE,
      CHAOS_UID: this.#engineUid,
      CHAOS_NAMESPACE: NAMESPACE,
      EXPERIMENT_NAME: EXPERIMENT,
      POD_NAME: name,
      KUBECONFIG: routes === undefined ? this.kube.kubeconfigPath : this.#kubeconfig(name, routes.kube),
      AWS_ENDPOINT_URL: routes?.lambda ?? this.lambda.url,
      // Tells the pods apart in the stand-in's log.
      AWS_ACCESS_KEY_ID: `AKIAPOD${this.#pods}`,
      AWS_SECRET_ACCESS_KEY: PLANTED_SECRETS[0],
      REGION: 'us-east-1',
      FUNCTION_NAME: 'orders',
      EVENT_UUIDS: this.ids.join(','),
      TOTAL_CHAOS_DURATION: '1',
      STATUS_CHECK_DELAY: '1',
      ...this.#env,
    };
  }

  #kubeconfig(name: string, url: string): string {
    const path = join(this.#folder, `${name}.kubeconfig`);
    writeFileSync(path, readFileSync(this.kube.kubeconfigPath, 'utf8').replace(this.kube.url, url));
    return path;
  }
}

export const OFF_BEFORE = '00000000-0000-4000-8000-00000000000f';
export const FOREIGN = '00000000-0000-4000-8000-0000000000ff';

/** The function, its mappings, one that its owner has switched off, and one of another function. */
function furnish(lambda: LambdaStandIn, { mappings, lagMs = 30 }: SceneOptions): string[] {
  const lags = { disablingLagMs: lagMs, enablingLagMs: lagMs, pollStopLagMs: 0 };
  lambda.addFunction({ name: 'orders' });
  lambda.addFunction({ name: 'other' });
  lambda.addMapping({ uuid: OFF_BEFORE, functionName: 'orders', source: 'sqs', state: 'Disabled', ...lags });
  lambda.addMapping({ uuid: FOREIGN, functionName: 'other', source: 'sqs', ...lags });
  const sources = ['sqs', 'kinesis', 'dynamodb', 'kafka'] as const;
  return Array.from({ length: mappings }, (_, index) =>
    lambda.addMapping({
      uuid: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
      functionName: 'orders',
      source: sources[index % sources.length] ?? 'sqs',
      lastProcessingResult: 'OK',
      ...lags,
    }),
  );
}
