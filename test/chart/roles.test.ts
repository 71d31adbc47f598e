import { describe, expect, test } from '@jest/globals';
import { POD_RIGHTS } from '../../src/litmus/probes/rights.ts';
import { RIGHTS } from '../../src/litmus/rights.ts';
import { ofKind, only, render } from '../support/chart/objects.ts';
import { rightsOf } from '../support/chart/rights.ts';

describe('the Roles', () => {
  const role = async (suffix: string, variant = 'default'): Promise<string[]> =>
    rightsOf(only(await render({ variant }), 'Role', `lambda-chaos-${suffix}`).rules ?? []);

  test('grant the experiment what the program asks for, and no more', async () => {
    const used = RIGHTS.map(({ group, resource, verb }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [verb],
    }));
    expect(await role('experiment')).toEqual(rightsOf(used));
  });

  test('grant the experiment what probes need, where that is asked for', async () => {
    const probeRules = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }];
    const json = { rbac: { probePods: true, probeRules } };
    const { rules = [] } = only(
      await render({ variant: 'default', json }),
      'Role',
      'lambda-chaos-experiment',
    );
    const more = [...RIGHTS, ...POD_RIGHTS].map(({ group, resource, subresource, verb }) => ({
      apiGroups: [group],
      resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
      verbs: [verb],
    }));
    expect(rightsOf(rules)).toEqual(rightsOf([...more, ...probeRules]));
  });

  test('grant chaos-runner what it does, and no Secret', async () => {
    expect(await role('runner')).toEqual([
      'chaosengines.litmuschaos.io: get update',
      'chaosexperiments.litmuschaos.io: get',
      'chaosresults.litmuschaos.io: get',
      'events: create get update',
      'jobs.batch: create delete get',
      'pods: get list',
    ]);
  });

  test('let chaos-runner see the Secrets and ConfigMaps that are mounted, by name', async () => {
    const { rules = [] } = only(await render({ variant: 'everything' }), 'Role', 'orders-chaos-runner');
    expect(rightsOf(rules).filter((right) => /^(secrets|configmaps)/.test(right))).toEqual([
      'configmaps/probe-settings: get',
      'configmaps/team-settings: get',
      'secrets/aws-credentials: get',
      'secrets/probe-secret: get',
      'secrets/team-secret: get',
    ]);
  });

  test('are three with the sweeper, all bound to the one account', async () => {
    expect(await role('sweeper', 'sweeper')).toEqual([
      'chaosresults.litmuschaos.io: get list patch',
      'jobs.batch: list',
      'pods: list',
    ]);
    const bindings = ofKind(await render({ variant: 'sweeper' }), 'RoleBinding');
    expect(bindings.map(({ subjects }) => subjects)).toEqual(
      Array.from({ length: 3 }, () => [{ kind: 'ServiceAccount', name: 'lambda-chaos', namespace: 'chaos' }]),
    );
  });

  test('and the account are left to somebody else on request', async () => {
    const json = { rbac: { create: false }, serviceAccount: { create: false, name: 'litmus-admin' } };
    const objects = await render({ variant: 'irsa', json });
    for (const kind of ['Role', 'RoleBinding', 'ServiceAccount']) expect(ofKind(objects, kind)).toEqual([]);
    expect(only(objects, 'ChaosEngine').spec).toMatchObject({ chaosServiceAccount: 'litmus-admin' });
  });
});
