import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { play, type PlayOptions } from '../../process/play.ts';
import { ENGINE, EXPERIMENT, NAMESPACE, type Scene } from '../product/scene.ts';
import { PLANTED_SECRETS } from '../product/spool.ts';
import { startContainer, type Container, type ContainerOptions } from './container.ts';
import { openToAll, secretLike, type Mount } from './mounts.ts';
import { relayTo, type Relay } from './relay.ts';

/** Where the pods of these tests find kubeconfig and token. */
const KUBE_FOLDER = '/etc/chaos';
const JOURNAL_FOLDER = '/journal';

/** Starts containers that reach the stand-ins of a scene. */
export class Pods {
  readonly all: Container[] = [];
  readonly #scene: Scene;
  readonly #image: string;
  readonly #relays: { readonly lambda: Relay; readonly kube: Relay };

  private constructor(scene: Scene, image: string, relays: { lambda: Relay; kube: Relay }) {
    this.#scene = scene;
    this.#image = image;
    this.#relays = relays;
  }

  static async open(scene: Scene, image: string): Promise<Pods> {
    const [lambda, kube] = await Promise.all([relayTo(scene.lambda.url), relayTo(scene.kube.url)]);
    return new Pods(scene, image, { lambda, kube });
  }

  /** The Job starts a pod; when it ends, the cluster says so. */
  async startPod(options: ContainerOptions = {}): Promise<Container> {
    const { kube } = this.#scene;
    const name = this.#scene.addPod();
    const identity = {
      CHAOSENGINE: ENGINE,
      CHAOS_UID: this.#scene.engineUid,
      CHAOS_NAMESPACE: NAMESPACE,
      EXPERIMENT_NAME: EXPERIMENT,
      POD_NAME: name,
      KUBECONFIG: `${KUBE_FOLDER}/kubeconfig`,
    };
    const container = await this.start({
      ...options,
      env: { ...identity, ...options.env },
      mounts: { [KUBE_FOLDER]: this.#kubeconfig(), ...options.mounts },
    });
    container.exited.then(
      (code) =>
        kube.patch('pods', NAMESPACE, name, { status: { phase: code === 0 ? 'Succeeded' : 'Failed' } }),
      () => undefined,
    );
    return container;
  }

  /** No engine and no cluster: the journal is in a folder of this machine that any user may write to. */
  startStandalone(args: readonly string[], options: ContainerOptions = {}): Promise<Container> {
    return this.start({
      ...options,
      args: [...args, '--journal', `${JOURNAL_FOLDER}/journal.json`],
      mounts: { [JOURNAL_FOLDER]: openToAll(join(this.#scene.folder, 'journal')), ...options.mounts },
    });
  }

  /** A container that knows the function, its mappings and keys. An empty value takes a variable away. */
  async start(options: ContainerOptions): Promise<Container> {
    const env: Record<string, string> = {
      AWS_ENDPOINT_URL: this.#relays.lambda.url,
      AWS_ACCESS_KEY_ID: `AKIAPOD${this.all.length + 1}`,
      AWS_SECRET_ACCESS_KEY: PLANTED_SECRETS[0],
      REGION: 'us-east-1',
      FUNCTION_NAME: 'orders',
      EVENT_UUIDS: this.#scene.ids.join(','),
      TOTAL_CHAOS_DURATION: '1',
      STATUS_CHECK_DELAY: '1',
      ...options.env,
    };
    const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
    const container = await startContainer(this.#image, { ...options, env: set });
    this.all.push(container);
    return container;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((container) => container.remove()));
    await Promise.all([this.#relays.lambda.close(), this.#relays.kube.close()]);
  }

  /** The stand-in's kubeconfig, for paths and addresses of a container. */
  #kubeconfig(): Mount {
    const { kube, folder } = this.#scene;
    const config = JSON.parse(readFileSync(kube.kubeconfigPath, 'utf8')) as Kubeconfig;
    const [user] = config.users;
    const { tokenFile } = user.user['auth-provider'].config;
    const text = JSON.stringify(config).replaceAll(kube.url, this.#relays.kube.url);
    return secretLike(join(folder, 'kube'), {
      kubeconfig: text.replaceAll(tokenFile, `${KUBE_FOLDER}/token`),
      token: readFileSync(tokenFile),
    });
  }
}

interface Kubeconfig {
  readonly users: [
    { readonly user: { readonly 'auth-provider': { readonly config: { readonly tokenFile: string } } } },
  ];
}

/** Plays a story with containers of `image`, and checks on its way out what no run may ever break. */
export const inContainers = (
  image: string,
  options: PlayOptions,
  story: (scene: Scene, pods: Pods) => Promise<void>,
): Promise<void> =>
  play(options, async (scene) => {
    const pods = await Pods.open(scene, image);
    try {
      await story(scene, pods);
    } catch (error) {
      const outputs = pods.all.map(({ output }, index) => `--- container ${index + 1}\n${output}`);
      if (error instanceof Error) error.message = [error.message, ...outputs].join('\n');
      throw error;
    } finally {
      await pods.close();
    }
  });
