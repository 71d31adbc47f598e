import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';

/** What one attempt needs: the pool, whom to trust, and what proves who we are. */
export interface Link {
  readonly agent: HttpAgent;
  readonly tls: RequestOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/** Longer than the pauses of a hold's watch, shorter than a load balancer's idle limit of 60 s. */
const KEEP_ALIVE_MS = 30_000;

/**
 * One pool of connections for the whole run. client-node would open a connection for each request:
 * a handshake a call, and hundreds of sockets in a long run.
 */
export class Connection {
  /** Without a slash at its end; it may have a path, as where one gateway serves many clusters. */
  readonly server: string;
  readonly #load: () => KubeConfig;
  readonly #agent: HttpAgent;
  #config: KubeConfig;

  /** @throws KubeError of kind `config` when `load` finds nothing usable. */
  constructor(load: () => KubeConfig) {
    this.#load = load;
    this.#config = load();
    this.server = (this.#config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
    const pool = { keepAlive: true, timeout: KEEP_ALIVE_MS };
    this.#agent = /^https:/i.test(this.server) ? new HttpsAgent(pool) : new HttpAgent(pool);
  }

  /** The pool and the current credentials; files of a mounted token and CA are looked at again each time they may have changed. */
  async link(): Promise<Link> {
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    return { agent: this.#agent, tls: tlsMaterial(options), headers: textHeaders(options.headers) };
  }

  /** Forgets cached credentials: a token that was refused has usually been rotated on disk. */
  reload(): void {
    try {
      this.#config = this.#load();
    } catch {
      // The configuration that is in memory may still work; a half-written file must not end the run.
    }
  }

  /** Ends idle connections and requests under way. */
  close(): void {
    this.#agent.destroy();
  }
}

/**
 * Given to each request and not to the pool, which keeps connections of different material apart:
 * after a rotation nothing more is sent over a connection that the old certificates opened.
 */
function tlsMaterial({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): RequestOptions {
  const material = { ca, cert, key, rejectUnauthorized, servername };
  // An undefined `rejectUnauthorized` would take the place of Node's own default.
  return Object.fromEntries(Object.entries(material).filter(([, value]) => value !== undefined));
}

const textHeaders = (headers: RequestOptions['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
