import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildSpec {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Told of each line on stdout and stderr. */
  readonly onLine: (line: string) => void;
}

/** One Node process of the demo. */
export class Child {
  /** Resolves when it has ended and all its lines are read. Never rejects. */
  readonly exited: Promise<Exit>;
  readonly pid: number;
  #alive = true;
  readonly #process: ChildProcess;

  constructor({ args, env, onLine }: ChildSpec) {
    // In a process group of its own: Ctrl-C in a terminal must reach the demo alone, which decides what comes next.
    this.#process = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.pid = this.#process.pid ?? 0;
    const { stdout, stderr, stdin } = this.#process;
    stdin?.on('error', () => undefined);
    for (const stream of [stdout, stderr]) if (stream !== null) createInterface(stream).on('line', onLine);
    // A demo that ends in an unforeseen way must not leave a process behind.
    const lastResort = (): void => this.kill('SIGKILL');
    process.once('exit', lastResort);
    this.exited = new Promise((resolve) => {
      const end = (exit: Exit): void => {
        this.#alive = false;
        process.off('exit', lastResort);
        resolve(exit);
      };
      this.#process.on('close', (code, signal) => end({ code, signal }));
      this.#process.on('error', (error) => {
        onLine(error.message);
        end({ code: null, signal: null });
      });
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#alive) this.#process.kill(signal);
  }

  /** Resolves with false when it has not ended within `ms`. */
  async endedWithin(ms: number): Promise<boolean> {
    const late = new AbortController();
    const expired = sleep(ms, false, { signal: late.signal }).catch(() => false);
    const ended = await Promise.race([this.exited.then(() => true), expired]);
    late.abort();
    return ended;
  }

  /** Asks it to end, gives it `graceMs` for that and kills it then. */
  async stop(graceMs: number): Promise<void> {
    this.kill('SIGTERM');
    if (!(await this.endedWithin(graceMs))) this.kill('SIGKILL');
    await this.exited;
  }
}
