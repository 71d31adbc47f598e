import { describe, expect } from '@jest/globals';
import type { Effect } from '../../demo/lambda/model/faults.ts';
import { disablesOf, enablesOf, ended, play, runPod } from './play.ts';
import { reasonOf, statusOf, verdictOf } from './records.ts';
import { story, storyForEach } from '../support/product/together.ts';

const error = (code: string): Effect => ({ kind: 'error', code });

describe('a refusal of the disable', () => {
  story('AccessDenied on the first of four mappings: nothing else is tried, the action is named', () =>
    play({ mappings: 4 }, async (scene) => {
      scene.lambda.hook({
        match: { enabled: false },
        times: 'forever',
        effect: error('AccessDeniedException'),
      });
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Error/Error');
      expect(reasonOf(scene)).toMatch(/Allow lambda:UpdateEventSourceMapping on the mapping's ARN/);
      expect(reasonOf(scene)).toContain(scene.ids[0]);
      expect(disablesOf(scene)).toHaveLength(1);
      expect(enablesOf(scene)).toEqual([]);
      expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe('CHAOS_INJECT_ERROR');
      expect(statusOf(scene).history).toMatchObject({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0 });
    }),
  );

  story('AccessDenied on the third of four: exactly those that were switched off are reverted', () =>
    play({ mappings: 4 }, async (scene) => {
      const [, , third = ''] = scene.ids;
      scene.lambda.hook({
        match: { enabled: false, uuid: third },
        times: 'forever',
        effect: error('AccessDeniedException'),
      });
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Error/Error');
      expect(reasonOf(scene)).toContain(third);
      expect(reasonOf(scene)).toContain('lambda:UpdateEventSourceMapping');
      const off = disablesOf(scene).filter(({ applied }) => applied);
      expect(
        enablesOf(scene)
          .map(({ label }) => label)
          .sort(),
      ).toEqual(off.map(({ label }) => label).sort());
      expect(off.length).toBeGreaterThanOrEqual(2);
      expect(enablesOf(scene, third)).toEqual([]);
      const targets = statusOf(scene).history.targets ?? [];
      expect(targets.map(({ name, chaosStatus }) => [name, chaosStatus])).toEqual(
        scene.ids.map((id) => [id, 'reverted']),
      );
    }),
  );

  story('a validation error ends the forward path at once', () =>
    play({ mappings: 2 }, async (scene) => {
      scene.lambda.hook({
        match: { enabled: false },
        skip: 1,
        times: 'forever',
        effect: error('ValidationException'),
      });
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Error/Error');
      expect(disablesOf(scene)).toHaveLength(2);
      expect(enablesOf(scene)).toHaveLength(1);
    }),
  );

  story('a mapping that stays Disabling ends the run after STATUS_CHECK_TIMEOUT and comes back', () =>
    play({ mappings: 2, env: { STATUS_CHECK_TIMEOUT: '2' } }, async (scene) => {
      const [, stuck = ''] = scene.ids;
      scene.lambda.hook({ uuid: stuck, action: { kind: 'stick', state: 'Disabling' } });
      const { product } = scene.startPod();
      await product.logged('reverting');
      scene.lambda.hook({ uuid: stuck, action: { kind: 'release' } });
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Error/Error');
      expect(reasonOf(scene)).toMatch(new RegExp(`${stuck} is still Disabling after 2 s`));
      expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe('TIMEOUT');
    }),
  );
});

describe('a refusal of a read', () => {
  storyForEach(['GetFunction', 'GetEventSourceMapping'])(
    '%s: the missing action is named and nothing is written',
    (operation) =>
      play({ mappings: 1 }, async (scene) => {
        scene.lambda.hook({ match: { operation }, times: 'forever', effect: error('AccessDeniedException') });
        expect(await runPod(scene)).toBe(0);
        expect(reasonOf(scene)).toContain(`Allow lambda:${operation}`);
        expect(disablesOf(scene)).toEqual([]);
      }),
  );

  story('ListEventSourceMappings, which is optional: the run does without', () =>
    play({ mappings: 11 }, async (scene) => {
      scene.lambda.hook({
        match: { operation: 'ListEventSourceMappings' },
        times: 'forever',
        effect: error('AccessDeniedException'),
      });
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
    }),
  );
});

describe('a refusal of the enable that does not pass', () => {
  story('ends after REVERT_TIMEOUT with a non-zero exit, the mapping named and the command that helps', () =>
    play({ mappings: 2, env: { REVERT_TIMEOUT: '2' } }, async (scene) => {
      const [, lost = ''] = scene.ids;
      scene.lambda.hook({
        match: { enabled: true, uuid: lost },
        times: 'forever',
        effect: error('AccessDeniedException'),
      });
      const { product } = scene.startPod();
      expect((await ended(product)).code).toBe(70);
      expect(verdictOf(scene)).toBe('Error/Error');
      expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe('CHAOS_REVERT_ERROR');
      expect(reasonOf(scene)).toContain(`Still switched off: ${lost}`);
      expect(product.output).toContain(
        `Enable it by hand: aws lambda update-event-source-mapping --region us-east-1 --uuid ${lost} --enabled`,
      );
      const targets = statusOf(scene).history.targets ?? [];
      expect(targets.map(({ chaosStatus }) => chaosStatus)).toEqual(['reverted', 'injected']);
      // The Job starts the next pod, which brings the mapping back and injects nothing.
      scene.lambda.unhook();
      expect(await runPod(scene)).toBe(0);
      expect(scene.lambda.mapping(lost).state).toBe('Enabled');
      expect(scene.injectors).toHaveLength(1);
      expect(statusOf(scene).history.targets?.map(({ chaosStatus }) => chaosStatus)).toEqual([
        'reverted',
        'reverted',
      ]);
    }),
  );
});
