import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const GENERATOR = join('node_modules', '.bin', 'cyclonedx-esbuild');

/**
 * Writes into `file` which packages `metafile` has put into the program, as CycloneDX. A scanner can't find them by
 * itself: they are one minified file. The same metafile gives the same bytes: no time, no random serial number.
 * @throws Error when the document does not keep to CycloneDX' schema.
 */
export function writeSbom(metafile: string, file: string): void {
  const args = [
    '--spec-version',
    '1.6',
    '--output-reproducible',
    '--validate',
    '--output-file',
    file,
    metafile,
  ];
  execFileSync(process.execPath, [GENERATOR, ...args], { stdio: 'pipe' });
}
