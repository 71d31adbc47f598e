import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Bundles the product into one CommonJS file, as the image runs it. `dist/meta.json` says what is in it. */
const result = await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.cjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  sourcemap: 'external',
  legalComments: 'none',
  metafile: true,
});
writeFileSync('dist/meta.json', JSON.stringify(result.metafile));
const bytes = result.metafile.outputs['dist/main.cjs']?.bytes ?? 0;
process.stdout.write(`dist/main.cjs: ${(bytes / 1e6).toFixed(2)} MB\n`);
