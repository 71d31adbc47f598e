// Makes the table of parameters in the chart's README from the comments in its values.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, writeOrCheck } from './generated.ts';

const CHART = 'charts/lambda-chaos';
const GENERATOR = join(ROOT, 'node_modules/@bitnami/readme-generator-for-helm/bin/index.js');

/** The README with the table that the values make. It is made in a copy, for the generator writes in place. */
function readme(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chart-readme-'));
  const copy = join(folder, 'README.md');
  try {
    copyFileSync(join(ROOT, CHART, 'README.md'), copy);
    const args = ['--values', join(ROOT, CHART, 'values.yaml'), '--readme', copy];
    execFileSync(process.execPath, [GENERATOR, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(copy, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await writeOrCheck(new Map([[`${CHART}/README.md`, readme()]]), 'node tools/chart-readme.ts');
