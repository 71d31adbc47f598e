import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { align } from '../../bench/table.ts';
import { requireEngine } from '../docker.ts';
import { imageNames } from '../names.ts';
import { BUDGET_BYTES, report, type Report, type StartUp } from './measure.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const orNone = (mb: number | undefined): string => (mb === undefined ? 'unknown' : `${mb.toFixed(0)} MB`);

const started = ({ firstRequestMs, ratio }: StartUp): string =>
  `${firstRequestMs.toFixed(0)} ms (× ${ratio.toFixed(1)})`;

const ROWS: Readonly<Record<string, (report: Report) => string>> = {
  platform: ({ platform }) => platform,
  user: ({ user }) => user,
  'size, compressed': ({ whole }) => megabytes(whole.compressedBytes),
  'size, unpacked': ({ whole }) => megabytes(whole.unpackedBytes),
  'ours on top of the base, compressed': ({ ours }) => megabytes(ours.compressedBytes),
  'ours on top of the base, unpacked': ({ ours }) => megabytes(ours.unpackedBytes),
  'layers, ours': ({ whole, ours }) => `${whole.layers}, ${ours.layers}`,
  'files, ours': ({ whole, ours }) => `${whole.files}, ${ours.files}`,
  'start to first request': ({ start }) => started(start),
  "the same without V8's cache": ({ uncachedStart }) => started(uncachedStart),
  'node -e 0, start to exit': ({ start }) => `${start.bareNodeMs.toFixed(0)} ms`,
  'peak memory of a run': ({ memory }) => orNone(memory.peakMb),
  'peak memory of node -e 0': ({ memory }) => orNone(memory.bareMb),
};

function table(reports: readonly Report[]): string {
  const head = ['', ...reports.map(({ image }) => image), ''];
  return align([head, ...Object.entries(ROWS).map(([name, cell]) => [name, ...reports.map(cell), ''])]);
}

/** Prints what both images weigh and cost. Only a broken budget of the default image is a failure. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'string' } } });
  requireEngine();
  const { image, shell } = imageNames();
  const reports = [await report(image), await report(shell)];
  process.stdout.write(`${table(reports)}\n`);
  if (values.json !== undefined) {
    mkdirSync(dirname(values.json), { recursive: true });
    writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
  }
  const ours = reports[0]?.ours.unpackedBytes ?? 0;
  const budget = `Budget of ours in ${image}: ${megabytes(BUDGET_BYTES)} unpacked`;
  if (ours > BUDGET_BYTES) throw new Error(`${budget}; BROKEN with ${megabytes(ours)}`);
  process.stdout.write(`\n× is the ratio to node -e 0 in the same container.\n${budget}; kept.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
