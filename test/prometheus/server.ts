import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/web/free-port.ts';

/** The program that is asked for, the one that install.sh unpacked, or the one on the PATH. */
export function findPrometheus(): string | undefined {
  const { PROMETHEUS_BIN = '', PATH = '' } = process.env;
  if (PROMETHEUS_BIN !== '') return existsSync(PROMETHEUS_BIN) ? resolve(PROMETHEUS_BIN) : undefined;
  const folders = [join('.work', 'prometheus', 'usr', 'bin'), ...PATH.split(delimiter)];
  return folders.map((folder) => resolve(folder, 'prometheus')).find((path) => existsSync(path));
}

const START_DEADLINE_MS = 30_000;
/** Prometheus takes up a changed list of targets every five seconds. */
const SCRAPE_DEADLINE_MS = 20_000;

const CONFIG = `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: stand-in
    file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }]
`;

/** A running Prometheus that listens on 127.0.0.1 alone and keeps everything in a folder of its own. */
export class Prometheus {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #targets: string[] = [];

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  /** @throws Error with what it printed where it does not come up. */
  static async start(program: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    writeFileSync(join(folder, 'prometheus.yml'), CONFIG);
    const port = await freePort();
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    const keep = (chunk: Buffer): void => void (printed = (printed + chunk.toString()).slice(-4000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => void (printed += error.message));
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, child, folder);
    // A test run that is cut off must not leave a daemon behind.
    process.once('exit', prometheus.#kill);
    if (await prometheus.#isReady()) return prometheus;
    await prometheus.stop();
    throw new Error(`Prometheus did not come up: ${printed}`);
  }

  /** Adds a page to those that it looks at. Resolves once `ready`, a query, gives something. Returns the instance. */
  async scrape(url: string, ready: (instance: string) => string): Promise<string> {
    const instance = new URL(url).host;
    this.#targets.push(instance);
    const path = join(this.#folder, 'targets.json');
    // In one go: half a list would be read as no list.
    writeFileSync(`${path}.new`, JSON.stringify([{ targets: this.#targets }]));
    renameSync(`${path}.new`, path);
    const end = performance.now() + SCRAPE_DEADLINE_MS;
    while ((await this.#count(ready(instance))) === 0) {
      if (performance.now() > end) throw new Error(`nothing of ${instance} after ${SCRAPE_DEADLINE_MS} ms`);
      await sleep(200);
    }
    return instance;
  }

  async stop(): Promise<void> {
    process.off('exit', this.#kill);
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.#kill();
      await exit;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  readonly #kill = (): void => void this.#child.kill('SIGKILL');

  async #count(query: string): Promise<number> {
    const answer = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(query)}`, {
      signal: AbortSignal.timeout(5000),
    });
    const { data } = (await answer.json()) as { readonly data: { readonly result: readonly unknown[] } };
    return data.result.length;
  }

  async #isReady(): Promise<boolean> {
    const end = performance.now() + START_DEADLINE_MS;
    while (performance.now() < end && this.#child.exitCode === null && this.#child.pid !== undefined) {
      const answer = await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(2000) }).catch(
        () => undefined,
      );
      if (answer?.ok === true) return true;
      await sleep(100);
    }
    return false;
  }
}
