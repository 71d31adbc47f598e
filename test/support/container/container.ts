import type { Readable } from 'node:stream';
import { GenericContainer, getContainerRuntimeClient, PullPolicy, type WaitStrategy } from 'testcontainers';
import { spool } from '../product/spool.ts';
import type { Mount } from './mounts.ts';
import { HOST } from './relay.ts';

export interface ContainerOptions {
  readonly args?: readonly string[];
  /** Other than the image's own. */
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** By the path in the container. */
  readonly mounts?: Readonly<Record<string, Mount>>;
  readonly user?: string;
  /** The root file system; read-only where nothing is said. */
  readonly writable?: boolean;
  readonly network?: 'none';
  readonly memoryMegabytes?: number;
}

type Handle = Awaited<ReturnType<typeof engineContainer>>;

/** A container of an image; `exited` resolves with its code, and by then its output is complete. */
export class Container {
  readonly exited: Promise<number>;
  readonly #handle: Handle;
  #output = '';
  #alive = true;

  constructor(handle: Handle, log: Readable) {
    this.#handle = handle;
    const logEnded = new Promise((resolve) => log.on('end', resolve).on('close', resolve));
    log.on('data', (chunk: Buffer | string) => {
      this.#output += chunk.toString();
    });
    this.exited = handle.wait().then(async ({ StatusCode }: { StatusCode: number }) => {
      await logEnded;
      this.#alive = false;
      spool(this.#output);
      return StatusCode;
    });
  }

  get output(): string {
    return this.#output;
  }

  /** The log's events by name, in order. */
  get events(): string[] {
    return [...this.#output.matchAll(/"event":"([a-z-]+)"/g)].map((match) => match[1] ?? '');
  }

  /** Resolves when `event` has been logged. Fails when the container ends without it. */
  async logged(event: string): Promise<void> {
    while (!this.events.includes(event)) {
      if (!this.#alive) throw new Error(`the container ended without logging ${event}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.#handle.kill({ signal });
  }

  /** As `docker stop` does it: SIGTERM, and SIGKILL after the grace period. */
  async stop(graceSeconds: number): Promise<void> {
    await this.#handle.stop({ t: graceSeconds });
  }

  /** What differs from the image by now. */
  async changes(): Promise<string[]> {
    // The engine answers null where nothing does.
    const changes = (await this.#handle.changes()) as { readonly Path: string }[] | null;
    return (changes ?? []).map(({ Path }) => Path);
  }

  async remove(): Promise<void> {
    await this.#handle.remove({ force: true, v: true });
    await this.exited.catch(() => undefined);
  }
}

const engineContainer = async (id: string) => (await getContainerRuntimeClient()).container.getById(id);

/** Starts a container, and does not wait for anything in it. */
export async function startContainer(image: string, options: ContainerOptions = {}): Promise<Container> {
  const log = Promise.withResolvers<Readable>();
  const container = new Isolated(image).withLogConsumer((stream) => log.resolve(stream));
  const started = await container.shaped(options).start();
  return new Container(await engineContainer(started.getId()), await log.promise);
}

/** What testcontainers has no word for, and what it must not do to a container that ends by itself. */
class Isolated extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.withPullPolicy(PullPolicy.neverPull())
      .withAutoCleanup(false)
      .withWaitStrategy(AT_ONCE)
      .withExtraHosts([{ host: HOST, ipAddress: 'host-gateway' }]);
    this.hostConfig.CapDrop = ['ALL'];
    this.hostConfig.SecurityOpt = ['no-new-privileges'];
  }

  shaped({ args, entrypoint, env = {}, mounts = {}, user, ...how }: ContainerOptions): this {
    if (args !== undefined) this.withCommand([...args]);
    if (entrypoint !== undefined) this.withEntrypoint([...entrypoint]);
    if (user !== undefined) this.withUser(user);
    if (how.network !== undefined) this.withNetworkMode(how.network);
    if (how.memoryMegabytes !== undefined) {
      this.hostConfig.Memory = how.memoryMegabytes * 2 ** 20;
      this.hostConfig.MemorySwap = this.hostConfig.Memory;
    }
    this.hostConfig.ReadonlyRootfs = how.writable !== true;
    return this.withEnvironment({ ...env }).withBindMounts(
      Object.entries(mounts).map(([target, { source, writable }]) => ({
        source,
        target,
        mode: writable === true ? 'rw' : 'ro',
      })),
    );
  }
}

/** A container of a program that runs and ends is as ready as it gets. */
const AT_ONCE: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => AT_ONCE,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};
