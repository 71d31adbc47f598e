import { describe, expect } from '@jest/globals';
import { ended, play, runPod, writesOf } from './play.ts';
import { reasonOf, verdictOf, warningsOf } from './records.ts';
import { story, storyForEach } from '../support/product/together.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:orders';

describe('the function', () => {
  story('that does not exist is said so, with Region', () =>
    play({ mappings: 1, env: { FUNCTION_NAME: 'ordres' } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expect(reasonOf(scene)).toMatch(
        /FUNCTION_NAME: the function ordres does not exist in Region us-east-1/,
      );
      expect(writesOf(scene)).toEqual([]);
    }),
  );

  story('that is not Active is refused with its reason', () =>
    play(
      { mappings: 1, fn: { state: 'Pending', stateReason: 'The function is being created.' } },
      async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(reasonOf(scene)).toMatch(
          /the function is Pending \(The function is being created\.\) and wanted is Active.*FORCE=function-state/,
        );
        expect(writesOf(scene)).toEqual([]);
      },
    ),
  );

  story('that is Inactive is taken with FORCE=function-state', () =>
    play({ mappings: 1, fn: { state: 'Inactive' }, env: { FORCE: 'function-state' } }, async (scene) => {
      const { product } = scene.startPod();
      await ended(product);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(warningsOf(product).join()).toMatch(/the function is Inactive.*switched off by FORCE/);
    }),
  );

  story('under deployment, or with no concurrency at all, is warned about', () =>
    play({ mappings: 1, fn: { lastUpdateStatus: 'InProgress', reservedConcurrency: 0 } }, async (scene) => {
      const { product } = scene.startPod();
      await ended(product);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(warningsOf(product).join()).toMatch(
        /update of the function is in progress.*reserved concurrency of the function is 0/s,
      );
    }),
  );

  storyForEach([ARN, '123456789012:function:orders', `${ARN}:$LATEST`, 'orders:$LATEST'])(
    'may be named %s',
    (name) =>
      play({ mappings: 1, env: { FUNCTION_NAME: name } }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(reasonOf(scene)).toBe('');
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),
  );
});

const alias = { versions: ['7'], aliases: { live: '7', next: '7' } };

describe('the qualifier', () => {
  story('of a mapping on an alias is fine when FUNCTION_NAME has none', () =>
    play({ mappings: 1, fn: alias, specs: [{ functionName: 'orders:live' }] }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );

  story('that FUNCTION_NAME asks for must be the one of the mapping', () =>
    play(
      {
        mappings: 2,
        fn: alias,
        specs: [{ functionName: 'orders:live' }, { functionName: 'orders:next' }],
        env: { FUNCTION_NAME: 'orders:live' },
      },
      async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(reasonOf(scene)).toContain('1 problem');
        expect(reasonOf(scene)).toContain(
          `${scene.ids[1] ?? ''}: belongs to ${ARN}:next, while FUNCTION_NAME asks for the qualifier live`,
        );
        expect(writesOf(scene)).toEqual([]);
      },
    ),
  );

  story('that is the same on both sides is fine', () =>
    play(
      {
        mappings: 1,
        fn: alias,
        specs: [{ functionName: 'orders:live' }],
        env: { FUNCTION_NAME: `${ARN}:live` },
      },
      async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
      },
    ),
  );

  story('that does not exist is said so', () =>
    play({ mappings: 1, env: { FUNCTION_NAME: 'orders:live' } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expect(reasonOf(scene)).toMatch(/the function orders:live does not exist/);
      expect(writesOf(scene)).toEqual([]);
    }),
  );
});

describe('the Region', () => {
  story('of an ARN in FUNCTION_NAME or EVENT_UUIDS must be REGION', () =>
    play({ mappings: 1, env: { REGION: 'eu-west-1', FUNCTION_NAME: ARN } }, async (scene) => {
      const { product } = scene.startPod(undefined, {
        EVENT_UUIDS: scene.lambda.mapping(scene.ids[0] ?? '').arn,
      });
      await ended(product);
      const reason = reasonOf(scene);
      expect(reason).toMatch(
        /FUNCTION_NAME: got .*which is in Region us-east-1, while REGION is "eu-west-1"/,
      );
      expect(reason).toMatch(
        /EVENT_UUIDS: item 1: got .*which is in Region us-east-1, while REGION is "eu-west-1"/,
      );
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('that is the wrong one shows as a function and a mapping that are not there', () =>
    play({ mappings: 1, env: { REGION: 'eu-west-1' } }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expect(reasonOf(scene)).toMatch(
        /2 problems.*orders does not exist in Region eu-west-1.*check the UUID and REGION/,
      );
      expect(writesOf(scene)).toEqual([]);
    }),
  );
});
