import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** Who may import whom (docs/explanation/design.md). A folder may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  runtime: [],
  aws: ['runtime'],
  kube: ['runtime'],
  litmus: ['runtime', 'kube'],
  faults: ['runtime', 'aws'],
  telemetry: ['runtime'],
  commands: ['runtime', 'aws', 'kube', 'litmus', 'faults', 'telemetry', 'version.ts'],
  'main.ts': ['runtime', 'commands', 'version.ts'],
  'version.ts': [],
};

/** Only these may be loaded by the vendor-free heart. */
const RUNTIME_PACKAGES = ['envalid'];

const SRC = join(process.cwd(), 'src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const layerOf = (file: string): string => file.split(sep)[0] ?? '';

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].flatMap((match) => match[1] ?? []);
}

describe('the layers', () => {
  test.each(files)('%s imports only what its layer may', (file) => {
    const layer = layerOf(file);
    const allowed = ALLOWED[layer];
    expect(allowed).toBeDefined();
    const targets = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => layerOf(relative(SRC, join(SRC, dirname(file), name))));
    expect(targets.filter((target) => target !== layer && !(allowed ?? []).includes(target))).toEqual([]);
  });

  test('runtime knows no vendor', () => {
    const packages = files
      .filter((file) => layerOf(file) === 'runtime')
      .flatMap(importsOf)
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    expect(packages.filter((name) => !RUNTIME_PACKAGES.includes(name))).toEqual([]);
  });

  test('a fault imports no other fault', () => {
    for (const file of files.filter((name) => layerOf(name) === 'faults' && name.split(sep).length > 2)) {
      const own = join('faults', file.split(sep)[1] ?? '');
      const strangers = importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(SRC, join(SRC, dirname(file), name)))
        .filter(
          (name) =>
            name.startsWith('faults') && !name.startsWith(own) && name !== join('faults', 'definition.ts'),
        );
      expect(strangers).toEqual([]);
    }
  });
});
