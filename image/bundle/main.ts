import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { getProjectLicenses } from 'generate-license-file';
import { notices } from './notices.ts';
import { bundledPackages } from './packages.ts';
import { writeSbom } from './sbom.ts';

/** What build.ts makes, as its metafile calls it. */
const PROGRAM = 'dist/main.cjs';
const METAFILE = 'dist/meta.json';

const OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
};

/**
 * Writes into `folder` what the later stages of the Dockerfile copy: `image/`, which becomes part of the image's root,
 * and `warm-up.cjs`, which fills the cache and stays behind. Needs the program and its metafile in dist/.
 */
async function main(folder: string): Promise<void> {
  const app = join(folder, 'image', 'app');
  const licences = join(folder, 'image', 'licenses');
  for (const made of [app, licences]) mkdirSync(made, { recursive: true });
  copyFileSync(PROGRAM, join(app, 'program.cjs'));
  await build({ ...OPTIONS, entryPoints: ['image/start.ts'], outfile: join(app, 'main.cjs') });
  await build({ ...OPTIONS, entryPoints: ['image/warm-up/main.ts'], outfile: join(folder, 'warm-up.cjs') });
  copyFileSync('LICENSE', join(licences, 'LICENSE'));
  writeFileSync(join(licences, 'THIRD-PARTY.txt'), await thirdParty());
  writeSbom(METAFILE, join(licences, 'sbom.cdx.json'));
}

async function thirdParty(): Promise<string> {
  const metafile = JSON.parse(readFileSync(METAFILE, 'utf8')) as Metafile;
  const packages = bundledPackages(metafile, PROGRAM);
  const apache = readFileSync('LICENSE', 'utf8');
  const texts = notices(packages, await getProjectLicenses('package.json'), apache);
  return `/app/program.cjs holds parts of these ${packages.length} packages, each under the licence that follows its name.\n\n${texts}`;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('no folder; wanted is: node image/bundle/main.ts FOLDER');
await main(folder);
