import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLambda, type LambdaOptions, type LambdaStandIn } from '../../../demo/lambda/server.ts';
import type { RequestRecord } from '../../../demo/lambda/model/request-log.ts';
import { PLANTED_SECRETS, spool } from '../product/spool.ts';
import { Api, core, litmus } from './api.ts';
import { hostAddress } from './host.ts';
import { EXPERIMENT, NamespaceView } from './namespace-view.ts';
import type { Items, PodSeen } from './objects.ts';
import { apply, helm, kubectl } from './programs.ts';
import { until } from './until.ts';

export const REGION = 'eu-west-1';
const RELEASE = 'lambda-chaos';
export const ACCOUNT = RELEASE;

export interface ChainOptions {
  readonly mappings?: number;
  readonly lagMs?: number;
  readonly lambda?: LambdaOptions;
  /** Merged over what every chain gives to the chart. */
  readonly values?: object;
  /** False where a story installs by other means. */
  readonly chart?: boolean;
}

/** What is special about one engine. */
export interface EngineParts {
  readonly env?: Readonly<Record<string, string | object>>;
  readonly spec?: object;
  readonly components?: object;
  readonly probes?: readonly object[];
}

/**
 * A namespace under the Pod Security standard *restricted* with the chart installed, and a Lambda function with
 * mappings that its pods reach on this machine. Everything in it goes the way of a real run: operator, runner, Job.
 */
export class Chain extends NamespaceView {
  readonly lambda: LambdaStandIn;
  readonly ids: readonly string[];
  /** One that its owner has switched off, and one of another function: nobody may touch them. */
  readonly bystanders: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'chain-'));
  readonly #url: string;

  private constructor(
    api: Api,
    lambda: LambdaStandIn,
    url: string,
    { mappings = 2, lagMs = 300 }: ChainOptions,
  ) {
    super(api, `chaos-e2e-${randomBytes(3).toString('hex')}`);
    this.lambda = lambda;
    this.#url = url;
    lambda.addFunction({ name: 'orders' });
    const lags = { disablingLagMs: lagMs, enablingLagMs: lagMs };
    lambda.addFunction({ name: 'other' });
    this.ids = Array.from({ length: mappings }, () => lambda.addMapping({ functionName: 'orders', ...lags }));
    this.bystanders = [
      lambda.addMapping({ functionName: 'orders', state: 'Disabled' }),
      lambda.addMapping({ functionName: 'other' }),
    ];
  }

  static async open(options: ChainOptions = {}): Promise<Chain> {
    const api = new Api();
    const host = hostAddress(await api.call('GET', 'api/v1/nodes'));
    const lambda = await startLambda({ host: '0.0.0.0', region: REGION, ...options.lambda });
    const chain = new Chain(api, lambda, `http://${host}:${lambda.port}`, options);
    await chain.#furnish();
    if (options.chart !== false) await chain.install(options.values);
    return chain;
  }

  /** Where pods reach the stand-in. */
  get url(): string {
    return this.#url;
  }

  async #furnish(): Promise<void> {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await apply('default', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.namespace, labels },
    });
    const file = `[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = ${PLANTED_SECRETS[0]}\n`;
    const metadata = { name: 'cloud-secret' };
    await apply(this.namespace, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { 'cloud_config.yml': file },
    });
  }

  /** Installs the chart, or upgrades it, with `values` over those of every chain. */
  async install(values: object = {}): Promise<void> {
    const path = join(this.#folder, 'values.json');
    const [repository, tag] = (process.env.IMAGE_UNDER_TEST ?? '').split(/:(?=[^/:]*$)/);
    const image = repository === undefined || repository === '' ? {} : { image: { repository, tag } };
    const target = { region: REGION, functionName: 'orders', eventUuids: this.ids };
    const env = [{ name: 'AWS_ENDPOINT_URL', value: this.#url }];
    const credentials = { existingSecret: 'cloud-secret' };
    writeFileSync(path, JSON.stringify({ ...image, target, env, credentials, ...values }));
    await helm('upgrade', '--install', RELEASE, 'charts/lambda-chaos', '-n', this.namespace, '-f', path);
  }

  /** Applies a ChaosEngine as a user would write it; the target comes from the chart. */
  async start(name: string, parts: EngineParts = {}): Promise<void> {
    const env = Object.entries(parts.env ?? {}).map(([key, value]) => ({
      name: key,
      ...(typeof value === 'string' ? { value } : { valueFrom: value }),
    }));
    await apply(this.namespace, {
      apiVersion: 'litmuschaos.io/v1alpha1',
      kind: 'ChaosEngine',
      metadata: { name },
      spec: {
        engineState: 'active',
        chaosServiceAccount: ACCOUNT,
        terminationGracePeriodSeconds: 660,
        experiments: [
          {
            name: EXPERIMENT,
            spec: { components: { env, ...parts.components }, probe: parts.probes ?? [] },
          },
        ],
        ...parts.spec,
      },
    });
  }

  async patchEngine(name: string, engineState: 'active' | 'stop'): Promise<void> {
    await this.kubectl(
      'patch',
      'chaosengine',
      name,
      '--type=merge',
      '-p',
      JSON.stringify({ spec: { engineState } }),
    );
  }

  /** Waits until every mapping is in `state`. */
  async all(state: string, ms?: number): Promise<void> {
    const states = (): string[] => this.ids.map((id) => this.lambda.mapping(id).state);
    await until(`every mapping ${state}`, () => states().every((seen) => seen === state), ms);
  }

  /** Waits for the hold, and until the journal says so: a pod that dies any sooner makes its successor watch for 18 s. */
  async held(name: string): Promise<void> {
    await this.all('Disabled');
    await until(`the journal of ${name} says injected`, async () => {
      const { annotations = {} } = (await this.result(name))?.metadata ?? {};
      return this.ids.every((id) => annotations[`lambda-event-source-mapping/${id}`] === 'injected');
    });
  }

  /** Every write that reached Lambda, by us. */
  get writes(): readonly RequestRecord[] {
    return this.lambda.writes.filter(({ by }) => by === 'request');
  }

  writesThat(enabled: boolean): readonly RequestRecord[] {
    return this.writes.filter(({ body }) => (body as { Enabled?: unknown }).Enabled === enabled);
  }

  /** All that the pods of this namespace have printed and recorded; also kept for the search for secrets. */
  async account(): Promise<string> {
    const pods = (await this.api.call<Items<PodSeen>>('GET', core(this.namespace, 'pods'))).items;
    const logs = await Promise.all(
      pods.map(async ({ metadata: { name } }) => `--- ${name}\n${await this.logs(name).catch(String)}`),
    );
    const objects = [...(await this.events()), await this.api.find(litmus(this.namespace, 'chaosresults'))];
    const text = [...logs, ...objects.map((object) => JSON.stringify(object))].join('\n');
    spool(text);
    return text;
  }

  async close(): Promise<void> {
    // The engines first: their finalizers need the operator, which needs what is in the namespace.
    await this.kubectl('delete', 'chaosengines', '--all', '--timeout=60s').catch(() => undefined);
    await helm('uninstall', RELEASE, '-n', this.namespace).catch(() => undefined);
    await kubectl('delete', 'namespace', this.namespace, '--wait=false').catch(() => undefined);
    await this.lambda.close();
    this.api.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
