import { describe, expect, test } from '@jest/globals';
import { identityOfRun, readIdentity } from '../../../src/litmus/identity.ts';

describe("a run's identity", () => {
  test('comes from what chaos-runner puts into the environment', () => {
    const env = {
      CHAOSENGINE: 'esm-chaos',
      CHAOS_UID: 'uid-1',
      CHAOS_NAMESPACE: 'shop',
      EXPERIMENT_NAME: 'lambda-toggle-event-mapping-state',
      INSTANCE_ID: 'blue',
      POD_NAME: 'a-pod',
    };
    expect(readIdentity(env)).toEqual({
      engine: 'esm-chaos',
      engineUid: 'uid-1',
      namespace: 'shop',
      experiment: 'lambda-toggle-event-mapping-state',
      instanceId: 'blue',
      podName: 'a-pod',
      resultName: 'esm-chaos-lambda-toggle-event-mapping-state-blue',
    });
  });

  test('takes an empty value for an unset one, because charts ship empty values', () => {
    expect(readIdentity({ CHAOS_NAMESPACE: '', EXPERIMENT_NAME: ' ', INSTANCE_ID: '' })).toMatchObject({
      namespace: 'litmus',
      experiment: 'lambda-toggle-event-mapping-state',
      resultName: 'lambda-toggle-event-mapping-state',
    });
  });

  test.each([
    [{ CHAOSENGINE: 'e', EXPERIMENT_NAME: 'x' }, 'e-x'],
    [{ CHAOSENGINE: 'e', EXPERIMENT_NAME: 'x', INSTANCE_ID: 'i' }, 'e-x-i'],
    [{ EXPERIMENT_NAME: 'x', INSTANCE_ID: 'i' }, 'x-i'],
    [{ EXPERIMENT_NAME: 'x' }, 'x'],
  ])('%j names the ChaosResult %s', (env, name) => {
    expect(readIdentity(env).resultName).toBe(name);
  });
});

describe('the identity of a run in its ChaosResult', () => {
  const run = { engine: 'e', engineUid: 'u', experiment: 'x' };

  test.each([
    ['e-x', ''],
    ['e-x-blue', 'blue'],
    ['e-x-blue-green', 'blue-green'],
  ])('of the name %s has the instance %p', (resultName, instanceId) => {
    expect(identityOfRun(run, { namespace: 'shop', resultName })).toEqual({
      ...run,
      namespace: 'shop',
      instanceId,
      podName: '',
      resultName,
    });
  });

  test('is none in another namespace than the run was in', () => {
    const of = (namespace: string): unknown =>
      identityOfRun({ ...run, namespace: 'shop' }, { namespace, resultName: 'e-x' });
    expect(of('shop')).toBeDefined();
    expect(of('copy')).toBeUndefined();
  });

  test.each(['other-x', 'e-y', 'e', 'e-xblue', ''])('is none where the name is %p', (resultName) => {
    expect(identityOfRun(run, { namespace: 'shop', resultName })).toBeUndefined();
  });
});
