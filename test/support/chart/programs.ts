import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export const CHART = join(process.cwd(), 'charts', 'lambda-chaos');
/** Where `make tools` puts the pinned programs. */
export const BIN = join(process.cwd(), 'tools', 'bin');

/** Runs a program to its end; never rejects for what it answers. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const env = { ...process.env, ...options.env };
  const child = spawn(program, args, {
    env,
    stdio: 'pipe',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => (output[name] += chunk.toString()));
  // A program that reads nothing may be gone before its input is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, ...output });
    });
  });
}

function pinned(name: string): string {
  const path = join(BIN, name);
  if (!existsSync(path)) throw new Error(`tools/bin/${name} is missing: run \`make tools\` first`);
  return path;
}

// Nothing of the machine's own Helm: its plug-ins and repositories are not part of what is tested.
const HELM_HOME = join(process.cwd(), '.work', 'helm');
const HELM_ENV = { HELM_CONFIG_HOME: HELM_HOME, HELM_CACHE_HOME: HELM_HOME, HELM_DATA_HOME: HELM_HOME };

/** The pinned helm, or the one that HELM names: the chart is for version 3 as well. */
export const helm = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
  run(process.env.HELM ?? pinned('helm'), args, { ...options, env: { ...HELM_ENV, ...options.env } });

/** The pinned kubectl. */
export const kubectl = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
  run(pinned('kubectl'), args, options);

/** What a program printed. @throws Error with what it said where it failed. */
export async function mustSucceed(ended: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}${stdout}`);
  return stdout;
}
