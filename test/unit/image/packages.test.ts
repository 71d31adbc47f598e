import { describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundledPackages } from '../../../image/bundle/packages.ts';
import { readFileSync } from 'node:fs';

const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(`node_modules/${folder}/package.json`, 'utf8')) as { readonly version: string })
    .version;

/** A metafile with these bytes of each file in the output. */
const metafile = (bytes: Readonly<Record<string, number>>): Metafile => ({
  inputs: {},
  outputs: {
    'dist/main.cjs': {
      bytes: 0,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(
        Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
      ),
    },
  },
});

describe('the packages of a bundle', () => {
  test('are those of which a byte is in it, each once, with the version that is installed', () => {
    const found = bundledPackages(
      metafile({
        'src/main.ts': 100,
        'node_modules/pino/pino.js': 10,
        'node_modules/pino/lib/tools.js': 10,
        'node_modules/@aws-sdk/client-sts/dist-cjs/index.js': 10,
        'node_modules/yaml/dist/index.js': 0,
      }),
      'dist/main.cjs',
    );
    expect(found).toEqual([
      { name: '@aws-sdk/client-sts', version: versionOf('@aws-sdk/client-sts') },
      { name: 'pino', version: versionOf('pino') },
    ]);
  });

  test('are told apart where one has its own copy of another', () => {
    const nested = 'envalid/node_modules/tslib';
    const found = bundledPackages(metafile({ [`node_modules/${nested}/tslib.js`]: 1 }), 'dist/main.cjs');
    expect(found).toEqual([{ name: 'tslib', version: versionOf(nested) }]);
  });

  test('are not guessed where the metafile tells nothing', () => {
    expect(() => bundledPackages(metafile({}), 'dist/other.cjs')).toThrow('tells nothing of dist/other.cjs');
  });
});
