import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** A program that ended with another code than 0; the message holds all that it printed. */
export class ProgramFailed extends Error {}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

const BIN = join(process.cwd(), 'tools', 'bin');
const LONGEST_MS = 180_000;

/** stdout of `program`, found among the pinned tools first. @throws ProgramFailed */
export function run(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const env = { ...process.env, PATH: `${BIN}:${process.env.PATH ?? ''}`, ...options.env };
  const settings = { env, cwd: options.cwd, timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 };
  const child = execFile(program, [...args], settings, (error, stdout, stderr) => {
    if (error === null) resolve(stdout);
    else reject(new ProgramFailed(`${program} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`));
  });
  child.stdin?.end(options.input ?? '');
  return promise;
}

export const kubectl = (...args: readonly string[]): Promise<string> => run('kubectl', args);

export const apply = (namespace: string, object: object): Promise<string> =>
  run('kubectl', ['-n', namespace, 'apply', '-f', '-'], { input: JSON.stringify(object) });

export const helm = (...args: readonly string[]): Promise<string> => run('helm', args);
