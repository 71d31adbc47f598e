import { readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

/** An npm package of which at least one byte is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
}

/** `node_modules/a/node_modules/@b/c/` of a path into package `@b/c`. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The packages that esbuild put into `output`, by name, read from the manifests of exactly those folders. */
export function bundledPackages(metafile: Metafile, output: string): BundledPackage[] {
  const inputs = metafile.outputs[output]?.inputs;
  if (inputs === undefined) throw new Error(`the metafile tells nothing of ${output}`);
  const folders = Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput === 0 ? [] : (PACKAGE_FOLDER.exec(path)?.[0] ?? []),
  );
  const found = [...new Set(folders)].map(manifestOf);
  return found.toSorted((a, b) => idOf(a).localeCompare(idOf(b), 'en'));
}

/** `name@version`. */
export const idOf = ({ name, version }: BundledPackage): string => `${name}@${version}`;

function manifestOf(folder: string): BundledPackage {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as BundledPackage;
  return { name, version };
}
