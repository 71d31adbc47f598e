import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { docker } from '../../image/docker.ts';
import { layersOf } from '../../image/report/saved.ts';
import { withEngine } from '../support/container/engine.ts';

const KEPT = [
  'LICENSE',
  'build.ts',
  'demo/lambda/wire/call.ts',
  'image/warm-up/main.ts',
  'package-lock.json',
  'package.json',
  'src/aws/credentials/chain.ts',
  'test/support/kube-api/server.ts',
  'tsconfig.json',
];

/** Where secrets lie about, next to what a build needs and among it. */
const LEFT_OUT = [
  '.env',
  '.npmrc',
  '.git/config',
  '.aws/credentials',
  'cloud_config.yml',
  'id_rsa',
  'lambda-chaos-journal.json',
  'charts/lambda-chaos/my-values.yaml',
  'demo/secrets.json',
  'dist/main.cjs',
  'node_modules/left/over.js',
  'src/.env',
  'src/aws/.npmrc',
  'image/.netrc',
  'demo/lambda/.env.local',
  'test/fixtures/kubeconfig',
  'test/support/spool.log',
];

withEngine(() => {
  describe('.dockerignore', () => {
    const TAG = `lambda-chaos-runner-context:${process.pid}`;
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'context-'));
      for (const name of [...KEPT, ...LEFT_OUT]) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), 'planted');
      }
      copyFileSync('.dockerignore', join(folder, '.dockerignore'));
      writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
    });

    afterEach(() => {
      rmSync(folder, { recursive: true });
      docker(['image', 'rm', '--force', TAG]);
    });

    test('lets a build see what it needs, and no file that nobody thought of', () => {
      docker(['build', '--quiet', '--tag', TAG, folder]);
      const seen = layersOf(TAG).flatMap(({ entries }) =>
        entries.flatMap(({ name, type }) => (type === '0' ? [name] : [])),
      );
      expect(seen.sort()).toEqual(KEPT);
    });
  });
});
