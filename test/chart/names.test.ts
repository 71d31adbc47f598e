import { describe, expect, test } from '@jest/globals';
import { ofKind, render, type KubeObject, type Labels } from '../support/chart/objects.ts';

/** Helm allows no longer one. */
const LONG = `a${'b'.repeat(44)}-c-d-e-f`;
const LABEL = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Every map of labels in an object, templates and selectors among them. */
function labelsIn(value: unknown): Labels[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'labels' || key === 'matchLabels' ? [item as Labels] : labelsIn(item),
  );
}

const everything = (release: string, json: object = {}): Promise<KubeObject[]> =>
  render({ release, variant: 'everything', json: { fullnameOverride: '', nameOverride: '', ...json } });

describe.each([
  ['the longest release name', LONG, {}],
  ['a release name that contains the chart’s', 'my-lambda-chaos', {}],
  ['the longest full name', 'x', { fullnameOverride: `${'y'.repeat(42)}-${'z'.repeat(20)}` }],
  ['the longest chart name', LONG, { nameOverride: `n${'m'.repeat(61)}o` }],
])('with %s', (_what, release, json) => {
  test('no name and no label is longer than Kubernetes allows', async () => {
    const objects = await everything(release, json);
    for (const { kind, metadata } of objects) {
      expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      expect([kind, metadata.name.length > (kind === 'CronJob' ? 52 : 63)]).toEqual([kind, false]);
    }
    const labels = labelsIn(objects);
    expect(labels.length).toBeGreaterThan(objects.length);
    for (const value of labels.flatMap((map) => Object.values(map))) expect(value).toMatch(LABEL);
  });

  test('everything that refers to an object refers to one that is there', async () => {
    const objects = await everything(release, json);
    const names = (kind: string): string[] => ofKind(objects, kind).map(({ metadata }) => metadata.name);
    for (const binding of ofKind(objects, 'RoleBinding')) {
      const { roleRef, subjects = [] } = binding as KubeObject & { roleRef: { name: string } };
      expect(names('Role')).toContain(roleRef.name);
      expect(names('ServiceAccount')).toEqual(subjects.map(({ name }) => name));
    }
  });
});

describe('two releases', () => {
  test('share no object, except the ChaosExperiment and the ChaosEngines of one name', async () => {
    const [first, second] = await Promise.all([everything('one', unnamed), everything('two', unnamed)]);
    const names = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`;
    const both = first.map(names).filter((name) => second.map(names).includes(name));
    expect(both.map((name) => name.replace(/\/.*/, ''))).toEqual([
      'ChaosEngine',
      'ChaosEngine',
      'ChaosExperiment',
    ]);
  });
});

const unnamed = { serviceAccount: { name: '' } };

test('namespaceOverride moves everything, subjects too', async () => {
  const objects = await render({ variant: 'sweeper', json: { namespaceOverride: 'elsewhere' } });
  expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['elsewhere']));
  const subjects = objects.flatMap((object) => object.subjects ?? []);
  expect(new Set(subjects.map(({ namespace }) => namespace))).toEqual(new Set(['elsewhere']));
});

test('commonLabels are on every object and, over ours, on the pods', async () => {
  const objects = await everything('x');
  for (const { metadata } of objects) {
    expect(metadata.labels).toMatchObject({ team: 'shop', 'app.kubernetes.io/part-of': 'shop' });
  }
});
