import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundledPackages, idOf } from '../../../image/bundle/packages.ts';
import { writeSbom } from '../../../image/bundle/sbom.ts';
import { packageVersion } from '../../../image/names.ts';

const METAFILE = 'dist/meta.json';

/** What is read here of a CycloneDX document. */
interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

interface Component {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** `excluded`: imported, and then not a byte of it was put in. */
  readonly scope?: string;
  readonly licenses: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[];
}

describe('the bill of materials', () => {
  let folder: string;
  let text: string;
  let sbom: Sbom;
  let bundled: readonly Component[];

  const write = (name: string): string => {
    writeSbom(METAFILE, join(folder, name));
    return readFileSync(join(folder, name), 'utf8');
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sbom-'));
    text = write('first.json');
    sbom = JSON.parse(text) as Sbom;
    bundled = sbom.components.filter(({ scope }) => scope !== 'excluded');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('is CycloneDX 1.6, about this program in this version', () => {
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: {
        component: { type: 'application', name: 'lambda-chaos-runner', version: packageVersion() },
      },
    });
  });

  test('has every package that is in the bundle once, and no other', () => {
    const metafile = JSON.parse(readFileSync(METAFILE, 'utf8')) as Metafile;
    const wanted = bundledPackages(metafile, 'dist/main.cjs').map(idOf);
    const ids = bundled.map(
      ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`,
    );
    expect(wanted.length).toBeGreaterThan(10);
    expect(ids.sort()).toEqual(wanted.sort());
  });

  test('names each as scanners look it up, the at sign of a scope encoded', () => {
    for (const { group, name, version, purl } of bundled) {
      const scope = group === undefined ? '' : `${group.replace('@', '%40')}/`;
      expect(purl.replace(/\?.*/, '')).toBe(`pkg:npm/${scope}${name}@${version}`);
    }
    expect(bundled.filter(({ group }) => group !== undefined)).not.toEqual([]);
  });

  test('says the licence of each by its SPDX identifier', () => {
    for (const { name, licenses } of bundled) {
      const ids = licenses.map(({ license, expression }) => license?.id ?? expression);
      expect([name, ids]).toEqual([name, [expect.stringMatching(/^[\w.()+ -]+$/)]]);
    }
  });

  test('is the same each time, so that the image is', () => {
    expect(text).not.toMatch(/timestamp|serialNumber/);
    expect(write('second.json')).toBe(text);
  });
});
