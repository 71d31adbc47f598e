import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent } from 'undici';

/** What one attempt needs: the pool and the headers that prove who we are. */
export interface Link {
  readonly dispatcher: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than the pauses of a hold's watch, shorter than a load balancer's idle limit of 60 s. */
const KEEP_ALIVE_MS = 30_000;

/**
 * One pool of connections for as long as the TLS material stays the same. client-node would open
 * a connection for each request: a handshake a call, and hundreds of sockets in a long run.
 */
export class Connection {
  readonly #load: () => KubeConfig;
  #config: KubeConfig;
  #agent: Agent | undefined;
  #material = '';

  /** @throws KubeError of kind `config` when `load` finds nothing usable. */
  constructor(load: () => KubeConfig) {
    this.#load = load;
    this.#config = load();
  }

  get server(): string {
    return this.#config.getCurrentCluster()?.server ?? '';
  }

  /** The current pool and credentials; files of a mounted token and CA are looked at again each time they may have changed. */
  async link(): Promise<Link> {
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    return { dispatcher: this.#agentFor(options), headers: textHeaders(options.headers) };
  }

  /** Forgets cached credentials: a token that was refused has usually been rotated on disk. */
  reload(): void {
    try {
      this.#config = this.#load();
    } catch {
      // The configuration that is in memory may still work; a half-written file must not end the run.
    }
  }

  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.destroy();
  }

  #agentFor(options: RequestOptions): Agent {
    const { ca, cert, key, rejectUnauthorized } = options;
    const { servername } = options as { servername?: string };
    const tls = { ca, cert, key, rejectUnauthorized, servername };
    const material = JSON.stringify(tls, (_key, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString('base64') : value,
    );
    if (this.#agent !== undefined && material === this.#material) return this.#agent;
    const old = this.#agent;
    this.#material = material;
    this.#agent = new Agent({
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { ...defined(tls), timeout: CONNECT_TIMEOUT_MS },
    });
    // Requests that are under way on the old pool end in their own time.
    old?.close().catch(() => undefined);
    return this.#agent;
  }
}

const defined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

const textHeaders = (headers: RequestOptions['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
