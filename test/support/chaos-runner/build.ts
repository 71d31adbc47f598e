import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { requireEngine, showDocker } from '../../../image/docker.ts';
import { setting } from '../../../image/names.ts';

/** Builds the image that chaos-operator starts for each engine in the tests: `build.ts NAME`. */
const [name] = process.argv.slice(2);
if (name === undefined) throw new Error('wanted: build.ts NAME, e.g. localhost/chaos-runner:test');

requireEngine();
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
const base = setting('BASE_IMAGE');
const args = base === undefined ? [] : ['--build-arg', `BASE_IMAGE=${base}`];
showDocker(['build', '--quiet', '--tag', name, ...args, folder]);
