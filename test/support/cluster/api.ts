import { Connection } from '../../../src/kube/connection.ts';
import { loadKubeConfig } from '../../../src/kube/config.ts';
import { exchange } from '../../../src/kube/exchange.ts';

/** An answer outside 2xx. */
export class ApiError extends Error {
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`${what}: ${status} ${text.slice(0, 300)}`);
    this.status = status;
  }
}

/** JSON calls to the API server of the kubeconfig, or of the pod's own account. */
export class Api {
  readonly #connection: Connection;

  constructor(load: () => ReturnType<typeof loadKubeConfig> = loadKubeConfig) {
    this.#connection = new Connection(load);
  }

  /** `path` is below the server, with its query. @throws ApiError */
  async call<T>(method: string, path: string, body?: object, contentType = 'application/json'): Promise<T> {
    const outgoing = {
      method,
      url: `${this.#connection.server}/${path}`,
      headers: { accept: 'application/json', 'content-type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const { status, text } = await exchange(
      outgoing,
      await this.#connection.link(),
      AbortSignal.timeout(10_000),
    );
    if (status < 200 || status > 299) throw new ApiError(`${method} ${path}`, status, text);
    return JSON.parse(text) as T;
  }

  /** What `path` names, or undefined where there is nothing. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.call<T>('GET', path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  close(): void {
    this.#connection.close();
  }
}

export const core = (namespace: string, plural: string, name = ''): string =>
  `api/v1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;

export const litmus = (namespace: string, plural: string, name = ''): string =>
  `apis/litmuschaos.io/v1alpha1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;

export const batch = (namespace: string, plural: string, name = ''): string =>
  `apis/batch/v1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
