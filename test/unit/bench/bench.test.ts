import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIGURES = [
  'node -e 0, start to exit',
  'start to first request, under a ChaosEngine, warm compile cache',
  'start to first request, under a ChaosEngine, no compile cache',
  'start to first request, standalone, warm compile cache',
  'start to first request, standalone, no compile cache',
  ...['1 mapping', '10 mappings', '50 mappings'].flatMap((mappings) => [
    `SIGTERM to first enable, ${mappings}`,
    `SIGTERM to last enable, ${mappings}`,
    `hold error, ${mappings}`,
    ...(process.platform === 'linux' ? [`peak memory, ${mappings}`] : []),
  ]),
];

test('the bench measures and prints every figure, and keeps the raw samples', async () => {
  const json = join(folder, 'bench.json');
  const { stdout } = await promisify(execFile)(process.execPath, [
    'bench/main.ts',
    '--quick',
    '--json',
    json,
  ]);
  const lines = stdout.split('\n');
  for (const name of FIGURES)
    expect(lines.find((line) => line.trim().startsWith(name))).toMatch(/\d (ms|MB) /);
  for (const call of ['AWS UpdateEventSourceMapping', 'Kubernetes patch chaosresults', 'total'])
    expect(lines.find((line) => line.trim().startsWith(call))).toMatch(/ \d+ +\d+ +\d+$/);
  const kept = JSON.parse(readFileSync(json, 'utf8')) as {
    machine: object;
    figures: { name: string; median: number; samples: { value: number; bareMs: number }[] }[];
    calls: Record<string, Record<string, number[]>>;
  };
  expect(kept.machine).toMatchObject({ node: process.version });
  for (const { samples, median } of kept.figures) {
    expect(samples.length).toBeGreaterThan(0);
    expect(Number.isFinite(median)).toBe(true);
    for (const { bareMs } of samples) expect(bareMs).toBeGreaterThan(0);
  }
  // One disable and one enable for each mapping, and no redundant write.
  expect(kept.calls['50']?.['AWS UpdateEventSourceMapping']).toEqual([100]);
}, 120_000);
