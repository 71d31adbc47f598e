import { spawnSync, type SpawnSyncReturns } from 'node:child_process';

/** What the client answered, beside its output on this process' stderr. */
interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws Error that says what to do where there is no client, or no engine answers it. */
export function requireEngine(): void {
  const { code, stderr } = ask(['version', '--format', '{{.Server.Version}}']);
  if (code === 0) return;
  const where = process.env.DOCKER_HOST ?? '';
  throw new Error(
    `No container engine answers the docker client (${where === '' ? 'DOCKER_HOST is not set' : `DOCKER_HOST is ${where}`}): ` +
      `${stderr.trim()}\nStart it, or say where it is, for example DOCKER_HOST=unix:///var/run/docker.sock`,
  );
}

/** Runs the client and returns what it printed. @throws Error with its own words when it fails. */
export function docker(args: readonly string[], input?: string): string {
  const { code, stdout, stderr } = ask(args, input);
  if (code !== 0) throw new Error(`docker ${args.slice(0, 2).join(' ')} failed: ${stderr.trim()}`);
  return stdout;
}

/** Runs the client and shows what it prints. @throws Error when it fails. */
export function showDocker(args: readonly string[]): void {
  const { status } = checked(spawnSync('docker', args, { stdio: ['ignore', 'inherit', 'inherit'] }));
  if (status !== 0) throw new Error(`docker ${args[0] ?? ''} failed; its own words are above`);
}

function ask(args: readonly string[], input?: string): Answer {
  const { status, stdout, stderr } = checked(
    spawnSync('docker', args, { encoding: 'utf8', maxBuffer: Infinity, input: input ?? '' }),
  );
  return { code: status ?? 1, stdout, stderr };
}

function checked<T>(result: SpawnSyncReturns<T>): SpawnSyncReturns<T> {
  if (result.error === undefined) return result;
  const { code } = result.error as NodeJS.ErrnoException;
  if (code !== 'ENOENT') throw result.error;
  throw new Error(
    'There is no docker client: `docker` is not in PATH. Install one, for example the package docker-cli, or podman-docker',
  );
}
