import { expect, test } from '@jest/globals';
import { play } from './play.ts';

const OTHER_ACCOUNT = { AWS_ACCESS_KEY_ID: '999999999999', REVERT_TIMEOUT: '3' };

// Every mapping reads as not found there, which must not be taken for deleted.
test(
  'with keys of another account nothing counts as deleted: the revert fails loudly, and works with the right ones',
  () =>
    play({ mappings: 1, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
      const run = scene.startStandalone(['run']);
      await run.logged('hold');
      run.kill('SIGKILL');
      await run.exited;
      const wrong = scene.startStandalone(['revert'], OTHER_ACCOUNT);
      expect((await wrong.exited).code).toBe(70);
      expect(wrong.output).toMatch(/STILL SWITCHED OFF: .*the mappings live in account 123456789012/);
      const right = scene.startStandalone(['revert']);
      expect((await right.exited).code).toBe(0);
    }),
  60_000,
);

test(
  "a next pod whose Secret holds keys of another account leaves the run to the Job's next one",
  () =>
    play({ mappings: 2, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
      const first = scene.startPod();
      await first.product.logged('hold');
      first.product.kill('SIGKILL');
      await first.product.exited;
      const wrong = scene.startPod(undefined, OTHER_ACCOUNT);
      expect((await wrong.product.exited).code).toBe(70);
      const right = scene.startPod();
      expect((await right.product.exited).code).toBe(0);
    }),
  60_000,
);

test(
  'a password in AWS_ENDPOINT_URL is refused and reaches no log',
  () =>
    play({ mappings: 1 }, async (scene) => {
      const url = scene.lambda.url.replace('http://', 'http://bob:planted-url-password@');
      const run = scene.startStandalone(['run'], { AWS_ENDPOINT_URL: url });
      expect((await run.exited).code).toBe(2);
      expect(run.output).toContain('AWS_ENDPOINT_URL');
      expect(run.output).not.toContain('planted-url-password');
    }),
  60_000,
);
