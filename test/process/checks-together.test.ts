import { describe, expect } from '@jest/globals';
import { FOREIGN, OFF_BEFORE } from '../support/product/scene.ts';
import { ended, play, runPod, writesOf } from './play.ts';
import { linesOf, reasonOf, reasonsOf, statusOf, verdictOf, warningsOf } from './records.ts';
import { story } from '../support/product/together.ts';

const UNKNOWN = '00000000-0000-4000-8000-00000000dead';

describe('what is wrong is said all at once, before any write', () => {
  story('by the checks: unknown, of another function, switched off by its owner, keeping no record', () =>
    play(
      {
        mappings: 2,
        specs: [{}, { attributes: { MaximumRecordAgeInSeconds: 60 } }],
        fn: { state: 'Inactive' },
        env: { TOTAL_CHAOS_DURATION: '90' },
      },
      async (scene) => {
        const [good = '', forgetful = ''] = scene.ids;
        const { product } = scene.startPod(undefined, {
          EVENT_UUIDS: [good, forgetful, UNKNOWN, FOREIGN, OFF_BEFORE].join(','),
        });
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(statusOf(scene).experimentStatus).toMatchObject({
          probeSuccessPercentage: '0',
          errorOutput: { errorCode: 'TARGET_SELECTION_ERROR' },
        });
        const reason = reasonOf(scene);
        expect(reason).toContain('5 problems');
        expect(reason).toContain(`${UNKNOWN}: no such event source mapping in Region us-east-1`);
        expect(reason).toContain(
          `${FOREIGN}: belongs to arn:aws:lambda:us-east-1:123456789012:function:other and not to orders`,
        );
        expect(reason).toMatch(new RegExp(`${OFF_BEFORE}: is Disabled .*wanted is Enabled`));
        expect(reason).toMatch(new RegExp(`${forgetful}: discards records older than 60 s`));
        expect(reason).toContain('FUNCTION_NAME: the function is Inactive');
        expect(reason).not.toContain(`${good}:`);
        expect(writesOf(scene)).toEqual([]);
        expect(scene.lambda.mapping(OFF_BEFORE).state).toBe('Disabled');
        // Somebody who mistyped a UUID sees what the function does have.
        expect(reason).toMatch(
          new RegExp(`orders has these event source mappings:.*${good} \\(.*orders, Enabled\\)`),
        );
        expect(statusOf(scene).history).toEqual({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0 });
        expect(reasonsOf(scene).sort()).toEqual(['Awaited', 'Error', 'PreChaosCheck', 'Summary']);
      },
    ),
  );

  story('by the environment: each variable with what came, what is wanted and an example', () =>
    play({ mappings: 1 }, async (scene) => {
      const { product } = scene.startPod(undefined, {
        TOTAL_CHAOS_DURATION: '90s',
        CHAOS_INTERVAL: '-5',
        SEQUENCE: 'random',
        REGION: 'eu-west-1a',
        FUNCTION_NAME: 'bad name!',
        EVENT_UUIDS: 'x y',
        FORCE: 'everything',
      });
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Error/Error');
      const reason = reasonOf(scene);
      expect(reason).toContain('7 problems');
      for (const [name, came] of [
        ['TOTAL_CHAOS_DURATION', '"90s"'],
        ['CHAOS_INTERVAL', '"-5"'],
        ['SEQUENCE', '"random"'],
        ['REGION', '"eu-west-1a"'],
        ['FUNCTION_NAME', '"bad name!"'],
        ['EVENT_UUIDS', '"x y"'],
        ['FORCE', '"everything"'],
      ] as const) {
        const part = reason.split(' | ').find((text) => text.includes(`${name}:`));
        expect(part).toContain(came);
        expect(part).toMatch(/wanted (is|are)/);
        expect(part).toMatch(/e\.g\. |for example /);
      }
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('a missing FUNCTION_NAME, REGION and EVENT_UUIDS is three problems and no call to AWS', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.startPod(undefined, { FUNCTION_NAME: '', REGION: ' ', EVENT_UUIDS: '' });
      await Promise.all(scene.products.map(ended));
      const reason = reasonOf(scene);
      expect(reason).toContain('3 problems');
      expect(reason).toMatch(/FUNCTION_NAME: is required and not set.*e\.g\. orders/);
      expect(reason).toMatch(/EVENT_UUIDS: is required and not set/);
      expect(reason).toMatch(/REGION: is (required|empty)/);
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('an empty item in EVENT_UUIDS is refused, for Lambda would list the account instead', () =>
    play({ mappings: 2 }, async (scene) => {
      scene.startPod(undefined, { EVENT_UUIDS: `${scene.ids[0] ?? ''},,${scene.ids[1] ?? ''}` });
      await Promise.all(scene.products.map(ended));
      expect(reasonOf(scene)).toMatch(/EVENT_UUIDS: item 2: is empty \(a stray comma\?\)/);
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('a misspelt tunable is warned about and the run goes on', () =>
    play({ mappings: 1 }, async (scene) => {
      const { product } = scene.startPod(undefined, { TOTAL_CHAOS_DURATON: '900', RAMPTIME: '60' });
      expect((await ended(product)).code).toBe(0);
      const warnings = warningsOf(product).join();
      expect(warnings).toMatch(
        /TOTAL_CHAOS_DURATON is not a tunable.*TOTAL_CHAOS_DURATION was probably meant/,
      );
      expect(warnings).toMatch(/RAMPTIME is not a tunable.*RAMP_TIME was probably meant/);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );

  story('a UUID that is named twice, in capitals or as an ARN is one mapping, switched once', () =>
    play({ mappings: 1, specs: [{ uuid: '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11' }] }, async (scene) => {
      const [id = ''] = scene.ids;
      const uuids = ` ${id.toUpperCase()} , ${scene.lambda.mapping(id).arn},${id}`;
      const { product } = scene.startPod(undefined, { EVENT_UUIDS: uuids });
      expect((await ended(product)).code).toBe(0);
      expect(writesOf(scene).map(({ label }) => label)).toEqual([id, id]);
      expect(warningsOf(product).filter((text) => text.includes('more than once'))).toHaveLength(2);
    }),
  );

  story('an unknown EXPERIMENT_NAME is an Error that names the known ones', () =>
    play({ mappings: 1 }, async (scene) => {
      const { product } = scene.startPod(undefined, { EXPERIMENT_NAME: 'ec2-stop-by-id' });
      expect((await ended(product)).code).toBe(0);
      expect(
        linesOf(product).some(({ msg }) =>
          /EXPERIMENT_NAME: got "ec2-stop-by-id".*lambda-toggle-event-mapping-state/.test(msg),
        ),
      ).toBe(true);
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('probes, which this version does not run, are refused instead of passed over', () =>
    play({ mappings: 1 }, async (scene) => {
      const probe = { name: 'queue-ok', type: 'httpProbe', mode: 'EOT' };
      scene.kube.patch('chaosengines', 'litmus', 'esm-chaos', {
        spec: { experiments: [{ name: 'lambda-toggle-event-mapping-state', spec: { probe: [probe] } }] },
      });
      expect(await runPod(scene)).toBe(0);
      expect(reasonOf(scene)).toContain('queue-ok');
      expect(scene.lambda.requests).toEqual([]);
    }),
  );
});
