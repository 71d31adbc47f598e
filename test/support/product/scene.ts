import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionSpec } from '../../../demo/lambda/model/functions.ts';
import type { MappingSpec } from '../../../demo/lambda/model/world.ts';
import { startLambda, type LambdaOptions, type LambdaStandIn } from '../../../demo/lambda/server.ts';
import type { StoredObject } from '../kube-api/store.ts';
import { startKubeApi, type KubeApi } from '../kube-api/server.ts';
import { startProduct, type Product } from './product.ts';
import { PLANTED_SECRETS, spool } from './spool.ts';

export const EXPERIMENT = 'lambda-toggle-event-mapping-state';
export const NAMESPACE = 'litmus';
export const ENGINE = 'esm-chaos';
export const JOB = `${EXPERIMENT}-ab12cd`;

export interface SceneOptions {
  readonly mappings: number;
  readonly lagMs?: number;
  /** Tunables of the run. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the Lambda stand-in. */
  readonly lambda?: LambdaOptions;
  /** The probes of the engine. */
  readonly probes?: readonly object[];
  /** What is special about the function. */
  readonly fn?: Partial<FunctionSpec>;
  /** What is special about the first mapping, the second, and so on. */
  readonly specs?: readonly Partial<MappingSpec>[];
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
  /** For files of this scene alone. */
  readonly folder: string = mkdtempSync(join(tmpdir(), 'scene-'));
  readonly engineUid: string;
  readonly #products: Product[] = [];
  #pods = 0;

  private constructor(lambda: LambdaStandIn, kube: KubeApi, options: SceneOptions) {
    this.lambda = lambda;
    this.kube = kube;
    this.#env = options.env ?? {};
    this.ids = furnish(lambda, options);
    const engine = kube.create('chaosengines', {
      metadata: { name: ENGINE, namespace: NAMESPACE },
      spec: {
        engineState: 'active',
        experiments: [{ name: EXPERIMENT, spec: { probe: options.probes ?? [] } }],
      },
    });
    this.engineUid = engine.metadata.uid ?? '';
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const [lambda, kube] = await Promise.all([
      startLambda({ rateLimit: false, ...options.lambda }),
      startKubeApi(),
    ]);
    return new Scene(lambda, kube, options);
  }

  /** The Job starts a pod. */
  startPod(routes?: Routes, env: Readonly<Record<string, string>> = {}): Pod {
    const name = this.addPod();
    const product = this.#start(['run'], { ...this.#podEnv(name, routes), ...env });
    product.exited.then(
      ({ code }) =>
        this.kube.patch('pods', NAMESPACE, name, { status: { phase: code === 0 ? 'Succeeded' : 'Failed' } }),
      () => undefined,
    );
    return { name, product };
  }

  /** A pod of the Job `job` that runs elsewhere, or whose process is started by the caller. */
  addPod(job = 'job-uid-1', phase = 'Running'): string {
    const name = `${JOB}-pod${(this.#pods += 1)}`;
    const labels = {
      'batch.kubernetes.io/controller-uid': job,
      'job-name': JOB,
      'app.kubernetes.io/part-of': 'litmus',
    };
    this.kube.create('pods', { metadata: { name, namespace: NAMESPACE, labels }, status: { phase } });
    return name;
  }

  /** The program with `args` in the environment of a pod; an empty value takes a variable away. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Product {
    const all = { ...this.#podEnv(`${JOB}-hand`, undefined), ...env };
    return this.#start(args, Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')));
  }

  /** The program on somebody's machine: no engine, no cluster, the journal in a file of this scene. */
  startStandalone(args: readonly string[], env: Readonly<Record<string, string>> = {}): Product {
    const none = { CHAOSENGINE: '', CHAOS_UID: '', CHAOS_NAMESPACE: '', POD_NAME: '', KUBECONFIG: '' };
    return this.start([...args, '--journal', this.journalPath], { ...none, ...env });
  }

  get journalPath(): string {
    return join(this.folder, 'journal.json');
  }

  /** Every process that was started here. */
  get products(): readonly Product[] {
    return this.#products;
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
    for (const product of this.#products) product.kill('SIGKILL');
    await Promise.all(this.#products.map(({ exited }) => exited));
    spool(JSON.stringify([this.kube.list('chaosresults', NAMESPACE), this.kube.list('events', NAMESPACE)]));
    await Promise.all([this.lambda.close(), this.kube.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(args: readonly string[], env: Readonly<Record<string, string>>): Product {
    const product = startProduct(args, env);
    this.#products.push(product);
    return product;
  }

  #podEnv(name: string, routes: Routes | undefined): Record<string, string> {
    return {
      CHAOSENGINE: ENGINE,
      CHAOS_UID: this.engineUid,
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
    const path = join(this.folder, `${name}.kubeconfig`);
    writeFileSync(path, readFileSync(this.kube.kubeconfigPath, 'utf8').replace(this.kube.url, url));
    return path;
  }
}

export const OFF_BEFORE = '00000000-0000-4000-8000-00000000000f';
export const FOREIGN = '00000000-0000-4000-8000-0000000000ff';

/** The function, its mappings, one that its owner has switched off, and one of another function. */
function furnish(lambda: LambdaStandIn, { mappings, lagMs = 30, fn, specs = [] }: SceneOptions): string[] {
  const lags = { disablingLagMs: lagMs, enablingLagMs: lagMs, pollStopLagMs: 0 };
  lambda.addFunction({ name: 'orders', ...fn });
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
      ...specs[index],
    }),
  );
}
