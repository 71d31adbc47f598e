import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { BUDGET_BYTES } from '../../../image/report/measure.ts';

const page = readFileSync('docs/reference/image.md', 'utf8');
const dockerfile = readFileSync('Dockerfile', 'utf8');

/** Rows of the table of build arguments: name and default. */
const documented = [...page.matchAll(/^\| `([A-Z_]+)` +\| ([^|]*?) +\|/gm)].map(
  ([, name = '', value = '']) => [name, value.replaceAll('`', '')],
);

const args = [...dockerfile.matchAll(/^ARG ([A-Z_]+)(?:=(.*))?$/gm)].map(([, name = '', value]) => ({
  name,
  value,
}));

describe('docs/reference/image.md', () => {
  test('has the build arguments of the Dockerfile, and no other', () => {
    const names = new Set(args.map(({ name }) => name));
    expect(documented.map(([name]) => name).sort()).toEqual([...names].sort());
  });

  test('has their defaults', () => {
    const defaults = args.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
    expect(defaults.length).toBeGreaterThan(0);
    expect(documented).toEqual(expect.arrayContaining(defaults));
  });

  test('has the budget', () => {
    expect(page).toContain(`over ${BUDGET_BYTES / 1e6} MB`);
  });

  test('has the paths of the Dockerfile', () => {
    for (const path of ['/app/main.cjs', '/app/experiments', '/nodejs/bin/node']) {
      expect(dockerfile).toContain(path);
      expect(page).toContain(path);
    }
  });
});
