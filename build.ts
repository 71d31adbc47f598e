import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

const LEFT_OUT = resolve('src/kube/left-out.ts');

/** Of what client-node's KubeConfig imports, what stays out of the bundle; `src/kube/left-out.ts` says why that is safe. */
const UNUSED = /^(undici|hpagent|socks|socks-proxy-agent|\.\/gen\/index\.js)$/;

const kubeConfigAlone: Plugin = {
  name: 'kube-config-alone',
  setup(building) {
    building.onResolve({ filter: UNUSED }, ({ importer }) =>
      importer.endsWith('/@kubernetes/client-node/dist/config.js') ? { path: LEFT_OUT } : undefined,
    );
  },
};

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
  plugins: [kubeConfigAlone],
});
writeFileSync('dist/meta.json', JSON.stringify(result.metafile));
const bytes = result.metafile.outputs['dist/main.cjs']?.bytes ?? 0;
process.stdout.write(`dist/main.cjs: ${(bytes / 1e6).toFixed(2)} MB\n`);
