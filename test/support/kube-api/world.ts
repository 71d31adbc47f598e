import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { KubeClient } from '../../../src/kube/client.ts';
import { Connection } from '../../../src/kube/connection.ts';
import { exchange } from '../../../src/kube/exchange.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { LITMUS_CRDS } from './crds.ts';
import { startKubeApi, type KubeApi } from './server.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A namespace on some API server, the stand-in or a real one, with what a suite needs to set a scene. */
export interface KubeWorld {
  readonly namespace: string;
  readonly client: KubeClient;
  /** One request past the client, to the path below `/`. */
  raw(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawAnswer>;
  /** A pod that no node will ever run. */
  createPod(name: string, labels: Readonly<Record<string, string>>): Promise<void>;
  /** A client whom RBAC allows nothing. */
  clientWithoutRights(): KubeClient;
  close(): Promise<void>;
}

export const litmusPath = (namespace: string, plural: string, name = ''): string =>
  `apis/litmuschaos.io/v1alpha1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;

export const corePath = (namespace: string, plural: string, name = ''): string =>
  `api/v1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;

export function configFrom(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return config;
}

export async function openStandIn(): Promise<KubeWorld & { readonly api: KubeApi }> {
  const api = await startKubeApi();
  const world = new World('chaos-test', () => configFrom(api.kubeconfigPath), {
    clientWithoutRights: (load) => {
      for (const verb of ['get', 'list', 'create', 'patch']) {
        for (const resource of ['chaosresults', 'chaosengines', 'pods', 'events', 'jobs'])
          api.faults.forbid(verb, resource);
      }
      return new KubeClient({ clock: systemClock, load });
    },
    end: () => api.close(),
  });
  api.addNamespace(world.namespace);
  return Object.assign(world, { api });
}

/** A namespace of its own on the cluster of `kubeconfig`, with the Litmus CRDs; deleted by `close`. */
export async function openCluster(kubeconfig: string): Promise<KubeWorld> {
  const name = `chaos-test-${randomBytes(4).toString('hex')}`;
  const world = new World(name, () => configFrom(kubeconfig), {
    clientWithoutRights: (load) =>
      new KubeClient({ clock: systemClock, load: () => impersonate(load(), name) }),
    end: async () => {
      await world.raw('DELETE', `api/v1/namespaces/${name}`);
    },
  });
  for (const crd of LITMUS_CRDS) {
    await world.raw('POST', 'apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
  }
  await world.raw('POST', 'api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await until(async () => (await world.raw('GET', litmusPath(name, 'chaosresults'))).status === 200);
  await until(async () => (await world.raw('GET', litmusPath(name, 'chaosengines'))).status === 200);
  return world;
}

interface Parts {
  readonly clientWithoutRights: (load: () => KubeConfig) => KubeClient;
  readonly end: () => Promise<void>;
}

class World implements KubeWorld {
  readonly namespace: string;
  readonly client: KubeClient;
  readonly #load: () => KubeConfig;
  readonly #connection: Connection;
  readonly #parts: Parts;
  readonly #others: KubeClient[] = [];

  constructor(namespace: string, load: () => KubeConfig, parts: Parts) {
    this.namespace = namespace;
    this.#load = load;
    this.#parts = parts;
    this.client = new KubeClient({ clock: systemClock, load });
    this.#connection = new Connection(load);
  }

  async raw(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawAnswer> {
    const outgoing = {
      method,
      url: `${this.#connection.server}/${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const { status, text } = await exchange(
      outgoing,
      await this.#connection.link(),
      AbortSignal.timeout(10_000),
    );
    return { status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  }

  async createPod(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const spec = {
      schedulerName: 'nobody',
      automountServiceAccountToken: false,
      containers: [{ name: 'main', image: 'none.invalid/none' }],
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec };
    // A new namespace gets its default service account, which every pod needs, a moment later.
    await until(async () => (await this.raw('POST', corePath(this.namespace, 'pods'), pod)).status === 201);
  }

  clientWithoutRights(): KubeClient {
    const client = this.#parts.clientWithoutRights(this.#load);
    this.#others.push(client);
    return client;
  }

  async close(): Promise<void> {
    await this.#parts.end();
    this.#connection.close();
    await Promise.all([...this.#others, this.client].map((client) => client.close()));
  }
}

function impersonate(config: KubeConfig, namespace: string): KubeConfig {
  const user = config.getCurrentUser();
  const cluster = config.getCurrentCluster();
  if (user === null || cluster === null) throw new Error('the kubeconfig names no user or no cluster');
  config.loadFromClusterAndUser(cluster, {
    ...user,
    impersonateUser: `system:serviceaccount:${namespace}:nobody`,
  });
  return config;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await condition()) return;
    await delay(100);
  }
  throw new Error('the cluster did not get ready in 10 s');
}
