import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/web/free-port.ts';

const START_DEADLINE_MS = 60_000;

/** A running MiniStack that listens on 127.0.0.1 alone. */
export class MiniStack {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** @throws Error with what it printed where it does not come up. */
  static async start(venv: string): Promise<MiniStack> {
    const port = await freePort();
    const child = spawn(join(venv, 'bin', 'ministack'), [], {
      env: {
        ...process.env,
        PATH: `${join(venv, 'bin')}:${process.env['PATH'] ?? ''}`,
        GATEWAY_PORT: String(port),
        BIND_HOST: '127.0.0.1',
        // Otherwise it also binds port 8883 on every address.
        IOT_MTLS_ENABLED: '0',
        LAMBDA_EXECUTOR: 'local',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its function runtimes are children of its own: the group is ended with it.
      detached: true,
    });
    let printed = '';
    const keep = (chunk: Buffer): void => void (printed = (printed + chunk.toString()).slice(-4000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stack = new MiniStack(`http://127.0.0.1:${port}`, child);
    if (await stack.#listens()) return stack;
    await stack.stop();
    throw new Error(`MiniStack did not come up: ${printed}`);
  }

  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || !this.#running) return;
    const exit = once(this.#child, 'exit');
    process.kill(-pid, 'SIGKILL');
    await exit;
  }

  get #running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #listens(): Promise<boolean> {
    const end = performance.now() + START_DEADLINE_MS;
    while (this.#running && performance.now() < end) {
      try {
        const answer = await fetch(`${this.url}/_ministack/health`, { signal: AbortSignal.timeout(1000) });
        if (answer.ok) return true;
      } catch {
        // Not yet.
      }
      await sleep(100);
    }
    return false;
  }
}
