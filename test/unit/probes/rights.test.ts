import { describe, expect, test } from '@jest/globals';
import { rightsOfProbes } from '../../../src/litmus/probes/rights.ts';
import { resourceOf } from '../../../src/litmus/rights.ts';
import { entry, usable } from './pieces.ts';

const COMPARATOR = { type: 'string', criteria: 'equal', value: 'x' };
const command = (name: string, more: object): object =>
  entry(
    name,
    'EOT',
    {},
    { type: 'cmdProbe', 'cmdProbe/inputs': { command: 'true', comparator: COMPARATOR, ...more } },
  );
const k8s = (name: string, inputs: object): object =>
  entry(
    name,
    'EOT',
    {},
    {
      type: 'k8sProbe',
      data: 'kind: Pod',
      'k8sProbe/inputs': {
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        namespace: 'shop',
        ...inputs,
      },
    },
  );
const rights = (...entries: readonly object[]): string[] =>
  rightsOfProbes(usable(...entries)).map(
    (right) => `${right.verb} ${resourceOf(right)} ${right.namespace ?? '(own)'}`,
  );

describe('the rights that probes need', () => {
  test('are none for what asks nothing of Kubernetes', () => {
    expect(rights(entry('a', 'SOT'), command('b', {}))).toEqual([]);
  });

  test('are those of its pod for a command in source mode, once however many there are', () => {
    const source = { source: { image: 'i' } };
    expect(rights(command('a', source), command('b', source))).toEqual([
      'create pods (own)',
      'get pods (own)',
      'delete pods (own)',
      'get pods/exec (own)',
      'create pods/exec (own)',
    ]);
  });

  test.each([
    ['present', { resourceNames: 'orders' }, ['get']],
    ['present', { labelSelector: 'a=b' }, ['list']],
    ['absent', { resourceNames: 'orders' }, ['get']],
    ['create', {}, ['create']],
    ['delete', { resourceNames: 'orders' }, ['delete']],
    ['delete', { labelSelector: 'a=b' }, ['list', 'delete']],
  ])('%s of %j takes %j in its own namespace', (operation, inputs, verbs) => {
    expect(rights(k8s('a', { operation, ...inputs }))).toEqual(
      verbs.map((verb) => `${verb} deployments.apps shop`),
    );
  });
});
