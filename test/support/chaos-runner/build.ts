import { execFileSync } from 'node:child_process';
import { mkdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Builds the image that chaos-operator starts for each engine in the tests: `build.ts NAME BASE_IMAGE`. */
const [name, base] = process.argv.slice(2);
if (name === undefined || base === undefined) throw new Error('wanted: build.ts NAME BASE_IMAGE');

const folder = join('.work', 'chaos-runner');
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [join(import.meta.dirname, 'main.ts')],
  outfile: join(folder, 'runner.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  logLevel: 'warning',
});
copyFileSync(join(import.meta.dirname, 'Dockerfile'), join(folder, 'Dockerfile'));
execFileSync('docker', ['build', '--quiet', '--tag', name, '--build-arg', `BASE_IMAGE=${base}`, folder], {
  stdio: 'inherit',
});
