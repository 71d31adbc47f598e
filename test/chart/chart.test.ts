import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { VERSION } from '../../src/version.ts';
import { CHART, helm, run } from '../support/chart/programs.ts';
import { VARIANTS } from '../support/chart/objects.ts';

const read = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8');

describe('charts/lambda-chaos', () => {
  const chart = parse(read('charts/lambda-chaos/Chart.yaml')) as {
    readonly version: string;
    readonly appVersion: string;
    readonly icon: string;
    readonly annotations: Readonly<Record<string, string>>;
  };

  test.each(VARIANTS)('passes helm lint --strict with the values of ci/%s', async (variant) => {
    const values = join(CHART, 'ci', `${variant}-values.yaml`);
    const { code, stdout } = await helm(['lint', '--strict', CHART, '--values', values]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 chart(s) linted, 0 chart(s) failed')]);
    expect(stdout).not.toMatch(/\[(INFO|WARNING|ERROR)\]/);
  });

  test('has the version of the program, as chart, as program and in its image', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: VERSION });
    expect([chart.version, chart.appVersion]).toEqual([VERSION, VERSION]);
    const images = parse(chart.annotations['artifacthub.io/images'] ?? '') as { image: string }[];
    expect(images.map(({ image }) => image)).toEqual([`lambda-chaos-runner:${VERSION}`]);
  });

  test('shows the icon of the hub folder', () => {
    const [head, body = ''] = chart.icon.split(',');
    expect(head).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(body, 'base64').toString()).toBe(read('manifests/hub/icon.svg'));
  });

  test('has a README whose parameters are those of values.yaml', async () => {
    const { code, stderr } = await run(process.execPath, ['tools/chart-readme.ts', '--check']);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('has a README that names every field of a ChaosEngine, and no other', () => {
    const schema = JSON.parse(read('charts/lambda-chaos/values.schema.json')) as {
      definitions: { engine: { properties: object } };
    };
    const rows = read('charts/lambda-chaos/README.md').match(/## Fields[\s\S]*?## Parameters/)?.[0] ?? '';
    const named = [...rows.matchAll(/^\| (`[^|]+?) *\|/gm)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/`(\w+)`/g)].map((name) => name[1]),
    );
    expect(named.sort()).toEqual(Object.keys(schema.definitions.engine.properties).sort());
  });

  test('packs what an installation needs and no more', async () => {
    const folder = join(process.cwd(), '.work', 'chart-package');
    const { code, stdout } = await helm(['package', CHART, '--destination', folder]);
    expect(code).toBe(0);
    const file = stdout.trim().replace(/^.*: /, '');
    const listed = await run('tar', ['tzf', file]);
    const names = listed.stdout.split('\n');
    expect(names).toEqual(
      expect.arrayContaining(['lambda-chaos/values.schema.json', 'lambda-chaos/README.md']),
    );
    expect(names.filter((name) => name.includes('/ci/'))).toEqual([]);
  });
});
