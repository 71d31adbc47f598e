import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LONGEST_OUTPUT, type Execution } from '../../../kube/execution.ts';
import type { Environment } from '../../../runtime/environment.ts';
import { compare, shortened, wanted, type Comparator } from '../comparator.ts';
import { failed, passed, unclear, type Finding } from '../judgement.ts';

const SHELL = '/bin/sh';
/** Until the output of a command that has ended is read; something that left its process group may hold it open. */
const LAST_OUTPUT_MS = 1_000;

/** Why a command can't be run in this process' own container; undefined where it can. */
export const flawOfInline = (): string | undefined =>
  existsSync(SHELL)
    ? undefined
    : `runs in this container, which has no ${SHELL}; wanted is the image whose tag ends with -shell, or cmdProbe/inputs.source with an image for it`;

/**
 * Runs `command` in a shell, in a process group of its own, so that everything it starts can be ended with it.
 * @throws the reason of `signal`, once the whole group has been killed.
 */
export async function runInline(command: string, env: Environment, signal: AbortSignal): Promise<Execution> {
  signal.throwIfAborted();
  const child = spawn(SHELL, ['-c', command], { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => killGroup(child);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const exitCode = exitOf(child);
    // Both may come in one go; who begins to listen after the exit waits for a close that was there.
    const closed = once(child, 'close').catch(() => undefined);
    const output = collect(child);
    const code = await exitCode;
    // What the command has left in the background would keep its output open.
    kill();
    await Promise.race([closed, delay(LAST_OUTPUT_MS, undefined, { ref: false })]);
    signal.throwIfAborted();
    return { exitCode: code, ...output };
  } finally {
    signal.removeEventListener('abort', kill);
    // Safety: a child process that outlives its probe would outlive the run.
    kill();
    for (const stream of outputsOf(child)) stream.destroy();
  }
}

/** A child that could not be started, for want of file handles, has none. */
const outputsOf = ({ stdout, stderr }: ChildProcess): Readable[] =>
  [stdout, stderr].filter(
    (stream) => stream !== null && (stream as Readable | undefined) !== undefined,
  ) as Readable[];

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  for (const [index, stream] of outputsOf(child).entries()) {
    const name = index === 0 ? 'stdout' : 'stderr';
    stream.setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(0, LONGEST_OUTPUT);
    });
  }
  return output;
}

/** Undefined when a signal ended it. @throws Error when it could not be started */
function exitOf(child: ChildProcess): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  child.on('error', reject);
  child.once('exit', (code) => resolve(code ?? undefined));
  return promise;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

/** What `result` says of the hypothesis: the trimmed output is compared, and kept for the templates of other probes. */
export function judgeCommand({ exitCode, stdout, stderr }: Execution, expected: Comparator): Finding {
  const complaint = stderr.trim() === '' ? '' : `; it says ${shortened(stderr.trim())}`;
  if (exitCode !== 0)
    return unclear(
      `the command ended with ${exitCode === undefined ? 'a signal' : `exit code ${exitCode}`}${complaint}`,
    );
  const output = stdout.trim();
  const comparison = compare(output, expected);
  if (typeof comparison === 'object') return unclear(`${comparison.unclear}${complaint}`);
  const told = `the command printed ${shortened(output)}; expected is ${wanted(expected)}`;
  return comparison === 'met' ? passed(told, output) : failed(`${told}${complaint}`);
}
