import { describe, expect } from '@jest/globals';
import type { Container } from '../support/container/container.ts';
import { withEngine } from '../support/container/engine.ts';
import { inContainers } from '../support/container/pods.ts';
import { story } from '../support/product/together.ts';

/** AWS' own endpoint, asked for a short while, by a container that has no network. */
const AWS = { AWS_ENDPOINT_URL: '', REGION: 'eu-west-1', STATUS_CHECK_TIMEOUT: '2' };

const NO_ADDRESS = /getaddrinfo \w+ sts\.eu-west-1\.amazonaws\.com/;

/** Nobody can act on a stack trace. */
function expectSentences({ output }: Container): void {
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

withEngine(({ image }) => {
  describe('without a network', () => {
    story('a standalone run ends with verdict Error, exit code 2 and the name that could not be found', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const run = await pods.startStandalone(['run'], { env: AWS, network: 'none' });
        expect(await run.exited).toBe(2);
        expect(run.output).toMatch(NO_ADDRESS);
        expectSentences(run);
      }),
    );

    story('plan exits 2 with the name that could not be found', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const plan = await pods.start({ args: ['plan'], env: AWS, network: 'none' });
        expect(await plan.exited).toBe(2);
        expect(plan.output).toMatch(NO_ADDRESS);
        expect(plan.output).toContain('Nothing was changed.');
        expectSentences(plan);
      }),
    );

    story('and without a service account a run under a ChaosEngine says so at once and exits 71', () =>
      inContainers(image, { mappings: 1 }, async (_scene, pods) => {
        const env = { ...AWS, CHAOSENGINE: 'esm-chaos', CHAOS_UID: '1' };
        const run = await pods.start({ env, network: 'none' });
        expect(await run.exited).toBe(71);
        expect(run.output).toContain('KUBECONFIG is not set and no service account token is mounted');
        expectSentences(run);
      }),
    );
  });
});
