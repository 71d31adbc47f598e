import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { compile } from '../../../image/program.ts';

const PROGRAM = `const { basename } = require('node:path');
import('node:os').then(({ EOL }) => {
  const parts = [basename(__filename), basename(__dirname).slice(0, 8), typeof module.exports, ...process.argv.slice(2)];
  process.stdout.write(parts.join(' ') + EOL);
});`;

describe("the image's entry point", () => {
  let folder: string;
  const cachePath = (): string => compile(folder).cachePath;
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [join(folder, 'main.cjs'), ...args], { encoding: 'utf8', stdio: 'pipe' });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'program-'));
    const outfile = join(folder, 'main.cjs');
    await build({ entryPoints: ['image/start.ts'], outfile, bundle: true, platform: 'node', format: 'cjs' });
  });

  beforeEach(() => {
    writeFileSync(join(folder, 'program.cjs'), PROGRAM);
    rmSync(cachePath(), { recursive: true, force: true });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const said = 'program.cjs program- object run --x\n';

  test('gives the program what Node gives a file: arguments, require, import, its own name', () => {
    expect(run('run', '--x')).toBe(said);
  });

  test('gives the same with a cache', () => {
    const made = compile(folder);
    writeFileSync(made.cachePath, made.script.createCachedData());
    expect(compile(folder).script.cachedDataRejected).toBe(false);
    expect(run('run', '--x')).toBe(said);
  });

  test('runs with a cache that is broken, cut off, empty, or a folder', () => {
    const good = compile(folder).script.createCachedData();
    for (const bad of [Buffer.from('no cache at all'), good.subarray(0, good.length / 2), Buffer.alloc(0)]) {
      writeFileSync(cachePath(), bad);
      expect(run('run', '--x')).toBe(said);
    }
    rmSync(cachePath());
    mkdirSync(cachePath());
    expect(run('run', '--x')).toBe(said);
  });

  test('takes no cache of another program, even of the same length', () => {
    const first = compile(folder);
    writeFileSync(first.cachePath, first.script.createCachedData());
    writeFileSync(join(folder, 'program.cjs'), PROGRAM.replace('object', 'abcdef').replace("' '", "'-'"));
    expect(run('run', '--x')).toBe(said.replaceAll(' ', '-'));
    expect(compile(folder).script.cachedDataRejected).toBeUndefined();
  });
});
