import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const VALUES = 'charts/lambda-chaos/values.yaml';
const CHART = 'charts/lambda-chaos/Chart.yaml';
const DIGEST = `sha256:${'0'.repeat(64)}`;

interface Values {
  readonly image: object;
}

interface Chart {
  readonly annotations: Readonly<Record<string, string>>;
}

describe('tools/name-image.ts', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'name-image-'));
    cpSync('charts', join(folder, 'charts'), { recursive: true });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const name = (...args: readonly string[]) =>
    spawnSync(process.execPath, [resolve('tools/name-image.ts'), ...args], { cwd: folder, encoding: 'utf8' });
  const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const original = (file: string): string => readFileSync(file, 'utf8');

  test('names the image in the values, and changes no other value and no comment', () => {
    expect(name('ghcr.io/team/runner', '1.2.3', DIGEST)).toMatchObject({ status: 0, stderr: '' });
    const before = parse(original(VALUES)) as Values;
    const image = { ...before.image, repository: 'ghcr.io/team/runner', digest: DIGEST };
    expect(parse(text(VALUES))).toEqual({ ...before, image });
    const comments = (yaml: string): string[] => yaml.match(/^ *#.*$/gm) ?? [];
    expect(comments(text(VALUES))).toEqual(comments(original(VALUES)));
  });

  test('names the image that Artifact Hub shows, and changes nothing else of the chart', () => {
    name('ghcr.io/team/runner', '1.2.3', DIGEST);
    const { annotations: before, ...others } = parse(original(CHART)) as Chart;
    const { annotations: after, ...kept } = parse(text(CHART)) as Chart;
    const { 'artifacthub.io/images': images = '', ...sameAnnotations } = after;
    expect(parse(images)).toEqual([
      { name: 'lambda-chaos-runner', image: `ghcr.io/team/runner:1.2.3@${DIGEST}` },
    ]);
    expect(kept).toEqual(others);
    expect({ ...sameAnnotations, 'artifacthub.io/images': before['artifacthub.io/images'] }).toEqual(before);
  });

  test.each([
    { args: [] },
    { args: ['ghcr.io/team/runner', '1.2.3', ''] },
    { args: ['ghcr.io/team/runner', '1.2.3', 'sha256:'] },
  ])('changes nothing without a digest: $args', ({ args }) => {
    const { status, stderr } = name(...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining('wanted is: node tools/name-image.ts')]);
    for (const file of [VALUES, CHART]) expect(text(file)).toBe(original(file));
  });
});
