import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spool } from './spool.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One process of the product, as the image would run it. */
export class Product {
  readonly #child: ChildProcess;
  #output = '';
  /** How it ended. */
  readonly exited: Promise<Exit>;
  alive = true;

  constructor(child: ChildProcess) {
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.exited = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.alive = false;
        spool(this.#output);
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything on stdout and stderr so far. */
  get output(): string {
    return this.#output;
  }

  /** The log's events by name, in order. */
  get events(): string[] {
    return this.#output.split('\n').flatMap((line) => {
      const found = /"event":"([a-z-]+)"/.exec(line)?.[1];
      return found === undefined ? [] : [found];
    });
  }

  kill(signal: NodeJS.Signals): void {
    if (this.alive) this.#child.kill(signal);
  }

  /** Resolves when `event` has been logged. Fails when the process ends without it. */
  async logged(event: string): Promise<void> {
    while (!this.events.includes(event)) {
      if (!this.alive) throw new Error(`the product ended without logging ${event}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const BUNDLE = join(process.cwd(), 'dist', 'main.cjs');

/** Starts the bundle with exactly `env`, beside what a process needs to run at all. */
export function startProduct(args: readonly string[], env: Readonly<Record<string, string>>): Product {
  if (!existsSync(BUNDLE)) throw new Error('dist/main.cjs is missing: run `make build` first');
  const base = {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: join(process.cwd(), '.work', 'compile-cache'),
  };
  return new Product(
    spawn(process.execPath, [BUNDLE, ...args], {
      env: { ...base, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}
