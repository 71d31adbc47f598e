import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bareNodeMemory, bareNodeMs } from './bare.ts';
import { medianOf, ratioOf, type Calls, type Figure, type Sample } from './figures.ts';
import { measureSigterm } from './sigterm.ts';
import { FULL, MAPPINGS, QUICK, type Size } from './size.ts';
import { measureStartUp } from './start-up.ts';
import { callTable, figureTable } from './table.ts';
import { LAG_MS, measureWholeRuns } from './whole-runs.ts';

interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly size: Size;
  readonly figures: readonly Figure[];
  readonly calls: ReadonlyMap<number, Calls>;
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** Prints figures and judges none: it fails when a run breaks, and never because one was slow. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const report = await measure(values.quick ? QUICK : FULL, values.quick);
  print(report);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(plain(report), null, 2)}\n`);
}

async function measure(size: Size, atOnce: boolean): Promise<Report> {
  const bare = await bareFigures(size);
  const starts = await measureStartUp(size.starts, tell);
  const sigterm = each(atOnce, (mappings) => measureSigterm(mappings, size.runs, tell));
  if (!atOnce) await sigterm;
  const whole = each(atOnce, (mappings) => {
    tell(`${size.runs} whole run(s) with ${mappings} mapping(s)`);
    return measureWholeRuns(mappings, size);
  });
  const [sigterms, wholes] = await Promise.all([sigterm, whole]);
  const figures = [...bare, ...starts, ...sigterms.flat(), ...wholes.flatMap((one) => one.figures)];
  const calls = new Map(MAPPINGS.map((mappings, index) => [mappings, wholes[index]?.calls ?? {}]));
  return { machine: machine(), size, figures, calls };
}

/** One size after the other, or all at once where figures matter less than time. */
async function each<T>(atOnce: boolean, work: (mappings: number) => Promise<T>): Promise<T[]> {
  if (atOnce) return Promise.all(MAPPINGS.map(work));
  const results: T[] = [];
  for (const mappings of MAPPINGS) results.push(await work(mappings));
  return results;
}

async function bareFigures({ starts }: Size): Promise<Figure[]> {
  const times: Sample[] = [];
  const peaks: Sample[] = [];
  for (let round = 0; round < starts; round += 1) {
    const bareMs = await bareNodeMs();
    times.push({ value: await bareNodeMs(), bareMs });
    const value = bareNodeMemory();
    if (value !== undefined) peaks.push({ value, bareMs });
  }
  const figures: Figure[] = [{ name: 'node -e 0, start to exit', unit: 'ms', samples: times }];
  if (peaks.length > 0) figures.push({ name: 'node -e 0, peak memory', unit: 'MB', samples: peaks });
  return figures;
}

const machine = (): Report['machine'] => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});

function print({ machine: facts, size, figures, calls }: Report): void {
  const { node, cores, cpu, platform } = facts;
  const lines = [
    `Node ${node ?? ''} on ${cores ?? ''} core(s) of ${cpu ?? ''}, ${platform ?? ''}`,
    '',
    figureTable(figures),
    '',
    `Requests of one run of one cycle of ${size.holdSeconds} s, transitions of ${LAG_MS} ms (median)`,
    callTable(calls),
    '',
    ...NOTES,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const NOTES = [
  'The ratio is the median of each sample divided by the `node -e 0` that ran just before it.',
  'First request: from spawn until a server has read it; Kubernetes under a ChaosEngine, AWS standalone.',
  'SIGTERM: sent in the hold; the Lambda stand-in refuses what exceeds 15 requests a second after a burst of 15.',
  'Hold error: time in Disabled by the stand-in’s clock, less TOTAL_CHAOS_DURATION; above 0 is longer than asked.',
  'Peak memory: VmHWM of the process, MB of 10^6 bytes, the pages of the Node binary among them.',
];

const plain = ({ machine: facts, size, figures, calls }: Report): object => ({
  machine: facts,
  size,
  figures: figures.map((figure) => ({ ...figure, median: medianOf(figure), ratio: ratioOf(figure) })),
  calls: Object.fromEntries(calls),
});

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
