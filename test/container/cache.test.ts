import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { layersOf } from '../../image/report/saved.ts';
import { verdictOf } from '../process/records.ts';
import type { ContainerOptions } from '../support/container/container.ts';
import { withEngine } from '../support/container/engine.ts';
import { secretLike, type Mount } from '../support/container/mounts.ts';
import { inContainers, type Pods } from '../support/container/pods.ts';
import type { Scene } from '../support/product/scene.ts';
import { story, together } from '../support/product/together.ts';

const PROBE = 'cache-probe.mjs';
const LOADED = { NODE_OPTIONS: `--import file:///probe/${PROBE}` };
const ARBITRARY = '123456:0';

const HIT = 'CACHE [{"filename":"/app/program.cjs","given":true,"rejected":false}]';
const REFUSED = 'CACHE [{"filename":"/app/program.cjs","given":true,"rejected":true}]';
const NONE = 'CACHE [{"filename":"/app/program.cjs","given":false,"rejected":false}]';

interface Said {
  readonly version: string;
  readonly cache: string;
}

/** What a container of `version` says, watched. */
async function version(scene: Scene, pods: Pods, options: ContainerOptions): Promise<Said> {
  const container = await pods.start({
    args: ['version'],
    env: LOADED,
    ...options,
    mounts: { ...probe(scene), ...options.mounts },
  });
  expect(await container.exited).toBe(0);
  const lines = container.output.trim().split('\n');
  const cache = lines.find((line) => line.startsWith('CACHE')) ?? '';
  return { version: lines.filter((line) => line !== cache).join('\n'), cache };
}

const probe = (scene: Scene): Readonly<Record<string, Mount>> => ({
  '/probe': secretLike(join(scene.folder, 'probe'), {
    [PROBE]: readFileSync(join('test/support/container', PROBE)),
  }),
});

withEngine(({ image, shell }) => {
  const current: unknown = expect.stringMatching(/^\d+\.\d+\.\d+$/);

  describe("V8's cache in the image", () => {
    story('is taken by a whole run under a ChaosEngine', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const pod = await pods.startPod({ env: LOADED, mounts: probe(scene) });
        expect(await pod.exited).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(pod.output).toContain(HIT);
      }),
    );

    const taken = (name: string, options: ContainerOptions = {}) =>
      inContainers(name, { mappings: 1 }, async (scene, pods) => {
        expect(await version(scene, pods, options)).toEqual({ version: current, cache: HIT });
      });

    together({
      'is taken under the user of the image': () => taken(image),
      'is taken under a user that the image does not know': () => taken(image, { user: ARBITRARY }),
      'is taken in the image with a shell': () => taken(shell),
      'is taken where memory is limited by NODE_OPTIONS': () =>
        taken(image, { env: { NODE_OPTIONS: `${LOADED.NODE_OPTIONS} --max-old-space-size=96` } }),
    });

    story('is refused where V8 runs with other flags, and the program runs all the same', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const entrypoint = ['/nodejs/bin/node', '--stack-size=900', '/app/main.cjs'];
        const said = await version(scene, pods, { entrypoint });
        expect(said).toEqual({ version: current, cache: REFUSED });
      }),
    );

    story('is left alone by a program of the same length that is not the one it was made of', () =>
      inContainers(image, { mappings: 1 }, async (scene, pods) => {
        const program = layersOf(image)
          .flatMap(({ entries }) => entries)
          .find(({ name }) => name === 'app/program.cjs');
        const { version: known } = await version(scene, pods, {});
        const other = known.replace(/\d/g, '9');
        const changed = String(program?.content).replaceAll(`"${known}"`, `"${other}"`);
        const { source } = secretLike(join(scene.folder, 'changed'), { 'program.cjs': changed });
        const said = await version(scene, pods, {
          mounts: { '/app/program.cjs': { source: join(source, 'program.cjs') } },
        });
        expect(said).toEqual({ version: other, cache: NONE });
      }),
    );
  });
});
