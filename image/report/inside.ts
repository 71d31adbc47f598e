import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bareNodeMemory, bareNodeMs, peakIn } from '../../bench/bare.ts';
import { openStandIns, type StandIns } from '../warm-up/stand-ins.ts';

/** What is measured in the container. */
export interface Inside {
  /** Start to first request under a ChaosEngine. */
  readonly starts: readonly Start[];
  /** The same where V8 refuses its cache. */
  readonly uncachedStarts: readonly Start[];
  /** MB of 10^6 bytes; undefined without /proc. */
  readonly peakMb: number | undefined;
  readonly bareMb: number | undefined;
}

/** Milliseconds, and those of the bare Node that ran just before it. */
export interface Start {
  readonly value: number;
  readonly bareMs: number;
}

/** A flag that changes nothing for us, and with which V8 takes no cache that was made without it. */
const WITHOUT_CACHE = ['--stack-size=983'];

const PROGRAM = '/app/main.cjs';
const LONGEST_MS = 30_000;
const LOOK_MS = 10;

const start = (env: Readonly<Record<string, string>>, flags: readonly string[] = []): ChildProcess =>
  spawn(process.execPath, [...flags, PROGRAM, 'run'], {
    env,
    stdio: 'ignore',
    timeout: LONGEST_MS,
  });

async function firstRequestMs(standIns: StandIns, flags: readonly string[]): Promise<number> {
  const asked = Promise.withResolvers<number>();
  const server = createServer((request) => {
    asked.resolve(performance.now());
    request.socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { kubeconfigPath, url } = standIns.kube;
  const path = `${kubeconfigPath}-watched`;
  writeFileSync(path, readFileSync(kubeconfigPath, 'utf8').replace(url, `http://127.0.0.1:${port}`));
  const startedAt = performance.now();
  const child = start({ ...standIns.podEnv(1), KUBECONFIG: path }, flags);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the program asked nothing')));
  try {
    return (await Promise.race([asked.promise, ended])) - startedAt;
  } finally {
    ended.catch(() => undefined);
    child.kill('SIGKILL');
    server.close();
  }
}

/** The peak of a whole run of a second; it has to pass. */
async function peakOfRun(standIns: StandIns): Promise<number | undefined> {
  const child = start(standIns.podEnv(1));
  let peak: number | undefined;
  const look = setInterval(() => {
    peak = peakOf(child.pid) ?? peak;
  }, LOOK_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(look);
  if (code !== 0 || standIns.off().length > 0) throw new Error(`the run ended with code ${code ?? 'none'}`);
  return peak;
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    return peakIn(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
  } catch {
    return undefined;
  }
}

async function measure(rounds: number): Promise<Inside> {
  const standIns = await openStandIns();
  const sample = async (flags: readonly string[]): Promise<Start> => {
    const bareMs = await bareNodeMs();
    return { value: await firstRequestMs(standIns, flags), bareMs };
  };
  const starts: Start[] = [];
  const uncachedStarts: Start[] = [];
  for (let round = 0; round < rounds; round += 1) {
    starts.push(await sample([]));
    uncachedStarts.push(await sample(WITHOUT_CACHE));
  }
  return { starts, uncachedStarts, peakMb: await peakOfRun(standIns), bareMb: bareNodeMemory() };
}

measure(Number(process.argv[2])).then(
  (inside) => {
    process.stdout.write(JSON.stringify(inside), () => process.exit(0));
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
