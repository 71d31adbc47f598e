import { readFileSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import type { Product } from '../support/product/product.ts';
import type { Scene } from '../support/product/scene.ts';
import { together } from '../support/product/together.ts';
import { enablesOf, ended, killInHold, play } from './play.ts';

/** More than ten: a run looks into List from there on. */
const MAPPINGS = 12;

/** Its own key, so that the stand-in tells its requests from the run's; and nothing of the run's configuration. */
const ANOTHER = {
  AWS_ACCESS_KEY_ID: 'AKIAREVERT',
  CHAOSENGINE: '',
  CHAOS_UID: '',
  EXPERIMENT_NAME: '',
  FUNCTION_NAME: '',
  EVENT_UUIDS: '',
  REGION: '',
  POD_NAME: '',
};

const allowed = (): readonly string[] => {
  const policy = JSON.parse(readFileSync('manifests/iam/policy-revert-only.json', 'utf8')) as {
    readonly Statement: readonly { readonly Effect: string; readonly Action: readonly string[] }[];
  };
  expect(policy.Statement.map(({ Effect }) => Effect)).toEqual(['Allow']);
  return policy.Statement.flatMap(({ Action }) => Action);
};

/** Kills a run in its hold and compares what the other process sends with the policy. */
const compare = (run: (scene: Scene) => Product, revert: (scene: Scene) => Product) => (): Promise<void> =>
  play({ mappings: MAPPINGS, env: { TOTAL_CHAOS_DURATION: '40' } }, async (scene) => {
    await killInHold(run(scene));
    expect((await ended(revert(scene))).code).toBe(0);
    expect(enablesOf(scene)).toHaveLength(MAPPINGS);
    const asked = scene.lambda.requests.filter(({ accessKey }) => accessKey === ANOTHER.AWS_ACCESS_KEY_ID);
    const sent = new Set(asked.map(({ operation }) => `lambda:${operation}`));
    expect([...sent].sort()).toEqual([...allowed()].sort());
  });

const pod = (scene: Scene): Product => scene.startPod().product;

describe('policy-revert-only.json allows exactly what is sent by', () => {
  together({
    'revert --engine': compare(pod, (scene) => scene.start(['revert', '--engine', 'esm-chaos'], ANOTHER)),
    'revert --overdue': compare(pod, (scene) => scene.start(['revert', '--overdue'], ANOTHER)),
    'revert --journal': compare(
      (scene) => scene.startStandalone(['run']),
      (scene) => scene.startStandalone(['revert'], ANOTHER),
    ),
  });
});
