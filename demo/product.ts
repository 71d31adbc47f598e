import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Child, type Exit } from './child.ts';
import { readLogLine, type LogLine } from './log-line.ts';
import { FUNCTION_NAME, REGION, TARGETS } from './world.ts';

export const BUNDLE = join('dist', 'main.cjs');

const run = promisify(execFile);

/** Bundles the product as the image has it, when the bundle is missing or older than the source. */
export async function buildIfStale(): Promise<void> {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => join('src', name));
  const newest = Math.max(...sources.map((name) => statSync(name).mtimeMs));
  if (existsSync(BUNDLE) && statSync(BUNDLE).mtimeMs >= newest) return;
  await run(process.execPath, ['build.ts']);
}

export interface PodSpec {
  readonly lambdaUrl: string;
  readonly holdSeconds: number;
  readonly rampSeconds: number;
  /** A folder that is this demo's alone: the journal is there. */
  readonly folder: string;
  /** The file with the probes of the run. */
  readonly probesPath?: string;
}

/** The whole environment of the process, as the container would get it. */
export function podEnv(spec: PodSpec, name: string): Record<string, string> {
  return {
    FUNCTION_NAME,
    REGION,
    EVENT_UUIDS: TARGETS.join(','),
    TOTAL_CHAOS_DURATION: String(spec.holdSeconds),
    CHAOS_INTERVAL: String(spec.holdSeconds),
    RAMP_TIME: String(spec.rampSeconds),
    STATUS_CHECK_DELAY: '1',
    REVERT_TIMEOUT: '30',
    // A command of a probe finds Node there.
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    AWS_ENDPOINT_URL: spec.lambdaUrl,
    // A key for each pod tells in the stand-in's log who asked for what.
    AWS_ACCESS_KEY_ID: accessKeyOf(name),
    AWS_SECRET_ACCESS_KEY: 'demo-secret-access-key',
    // Nobody's ~/.aws may have a say.
    HOME: spec.folder,
    NODE_COMPILE_CACHE: join(process.cwd(), '.work', 'compile-cache'),
  };
}

export const accessKeyOf = (name: string): string => `AKIADEMO${name.toUpperCase().replace(/\W/g, '')}`;

export const journalOf = ({ folder }: PodSpec): string => join(folder, 'journal.json');

const probesFlag = ({ probesPath }: PodSpec): string[] =>
  probesPath === undefined ? [] : ['--probes', probesPath];

const PLAN_MS = 20_000;

/** What the product would do, in its own words. @throws Error with them when it says that a run would not start. */
export async function printedPlan(spec: PodSpec): Promise<string> {
  const lines: string[] = [];
  const plan = new Child({
    args: [BUNDLE, 'plan', ...probesFlag(spec)],
    env: podEnv(spec, 'plan'),
    onLine: (line) => lines.push(line),
  });
  if (!(await plan.endedWithin(PLAN_MS))) await plan.stop(0);
  const { code } = await plan.exited;
  if (code !== 0) throw new Error(`the plan was refused:\n${lines.join('\n')}`);
  return lines.join('\n');
}

/** One process of the product, as the Job's pod would run it. */
export class Pod {
  readonly name: string;
  readonly startedAtMs = Date.now();
  readonly lines: LogLine[] = [];
  readonly child: Child;
  readonly #waiting: (() => void)[] = [];

  constructor(name: string, spec: PodSpec, onLine: (line: LogLine, raw: string) => void) {
    this.name = name;
    this.child = new Child({
      args: [BUNDLE, 'run', '--journal', journalOf(spec), ...probesFlag(spec)],
      env: podEnv(spec, name),
      onLine: (raw) => {
        const line = readLogLine(raw, Date.now());
        this.lines.push(line);
        onLine(line, raw);
        for (const look of this.#waiting.splice(0)) look();
      },
    });
  }

  get exited(): Promise<Exit> {
    return this.child.exited;
  }

  /** Resolves with true when `event` has been logged, with false when the process ended without it. */
  async logged(event: string): Promise<boolean> {
    while (!this.lines.some((line) => line.event === event)) {
      if (!this.child.alive) return false;
      await Promise.race([this.exited, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
    }
    return true;
  }
}
