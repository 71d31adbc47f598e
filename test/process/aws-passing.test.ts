import { describe, expect } from '@jest/globals';
import type { Effect, RequestFault } from '../../demo/lambda/model/faults.ts';
import { disablesOf, enablesOf, holdsOf, play, runPod } from './play.ts';
import { verdictOf } from './records.ts';
import { together } from '../support/product/together.ts';

const error = (code: string, rest: object = {}): Effect => ({ kind: 'error', code, ...rest });
const status = (code: number, rest: object = {}): Effect => ({ kind: 'status', status: code, ...rest });

/** Trouble that passes: each request in turn meets the next of these. */
const PASSING: Readonly<Record<string, readonly Effect[]>> = {
  'ResourceInUse 400 and ResourceConflict 409': [
    error('ResourceInUseException'),
    error('ResourceConflictException'),
    error('ResourceInUseException'),
  ],
  'a 500, a 502 with a page of HTML and a 503': [
    error('ServiceException'),
    status(502, { html: true }),
    status(503),
  ],
  'a reset before the request arrives': [{ kind: 'reset', phase: 'before' }],
  'a reset after it took effect': [{ kind: 'reset', phase: 'after' }],
  'a 500 after it took effect': [status(500, { phase: 'after' })],
  'a token that has expired, twice': [error('ExpiredTokenException'), error('ExpiredTokenException')],
  'no answer at all': [{ kind: 'hang' }],
};

const passes =
  (faults: readonly RequestFault[]): (() => Promise<void>) =>
  () =>
    play({ mappings: 2 }, async (scene) => {
      for (const fault of faults) scene.lambda.hook(fault);
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      for (const id of scene.ids) expect(holdsOf(scene, id)[0]).toBeGreaterThanOrEqual(1000);
      expect(scene.lambda.state().hooks).toEqual([]);
    });

const at = (enabled: boolean): Record<string, () => Promise<void>> =>
  Object.fromEntries(
    Object.entries(PASSING).map(([name, effects]) => [
      `${name}, at the ${enabled ? 'enable' : 'disable'}`,
      passes(effects.map((effect) => ({ match: { enabled }, effect }))),
    ]),
  );

const heeds =
  (enabled: boolean): (() => Promise<void>) =>
  () =>
    play({ mappings: 1 }, async (scene) => {
      scene.lambda.hook({
        match: { enabled },
        effect: error('TooManyRequestsException', { retryAfterSeconds: 2 }),
      });
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      const [refused, granted] = enabled ? enablesOf(scene) : disablesOf(scene);
      expect((granted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2000);
    });

describe('a run goes on and passes, with every mapping back, through', () => {
  together({
    // Those that take longest come first: after a lost answer the way back watches for a late disable.
    ...at(false),
    ...at(true),
    'a 429 at the disable, whose Retry-After it heeds': heeds(false),
    'a 429 at the enable, whose Retry-After it heeds': heeds(true),
    'a GetFunction that is unavailable': passes([
      { match: { operation: 'GetFunction' }, times: 2, effect: status(503) },
    ]),
    'throttling while it checks the mappings': passes([
      { match: { operation: 'GetEventSourceMapping' }, times: 3, effect: error('TooManyRequestsException') },
    ]),
    'resets while it waits for Disabled': passes([
      { match: { operation: 'GetEventSourceMapping' }, skip: 2, times: 4, effect: { kind: 'reset' } },
    ]),
    'an STS that is unavailable': passes([
      { match: { operation: 'GetCallerIdentity' }, times: 2, effect: status(500) },
    ]),
    'an execution role that Lambda refuses for some time when it enables': passes([
      { match: { enabled: true }, times: 6, effect: error('InvalidParameterValueException') },
    ]),
    'a permission to enable that is missing for some time': passes([
      { match: { enabled: true }, times: 3, effect: error('AccessDeniedException') },
    ]),
    'a mapping that is slow to become Enabled': () =>
      play({ mappings: 2, specs: [{ enablingLagMs: 2500 }] }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(enablesOf(scene)).toHaveLength(2);
      }),
  });
});
