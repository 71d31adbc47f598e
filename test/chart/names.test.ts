import { describe, expect, test } from '@jest/globals';
import { ofKind, render, type KubeObject, type Labels } from '../support/chart/objects.ts';

/** Helm allows no longer one. */
const LONG = `a${'b'.repeat(44)}-c-d-e-f`;
const LABEL = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

const PART = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const NAME = new RegExp(`^${PART}(\\.${PART})*$`);

const TARGET = { functionName: 'orders', region: 'eu-west-1', eventUuids: ['a1b2c3d4'] };
/** Names that are names, and numbers or nothing for whoever reads YAML without quotes. */
const NUMBERS = {
  namespaceOverride: '2024',
  serviceAccount: { name: '42' },
  credentials: { existingSecret: '007' },
  imagePullSecrets: [{ name: '1.5' }],
  image: { repository: '12', tag: '30' },
  engines: { '123': TARGET, null: TARGET, true: TARGET, '1e6': TARGET },
};

/** Every map of labels in an object, templates and selectors among them. */
function labelsIn(value: unknown): Labels[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'labels' || key === 'matchLabels' ? [item as Labels] : labelsIn(item),
  );
}

const everything = (release: string, json: object = {}): Promise<KubeObject[]> =>
  render({ release, variant: 'everything', json: { fullnameOverride: '', nameOverride: '', ...json } });

/** The fields that hold a name or an image and are no text. */
const unquoted = (value: unknown, path = ''): string[] => {
  if (typeof value !== 'object' || value === null)
    return /(name|namespace|account|image|release)$/i.test(path) && typeof value !== 'string'
      ? [`${path}: ${String(value)}`]
      : [];
  return Object.entries(value).flatMap(([key, item]) => unquoted(item, `${path}/${key}`));
};

describe.each([
  ['the longest release name', LONG, {}],
  ['a release name that contains the chart’s', 'my-lambda-chaos', {}],
  ['the longest full name', 'x', { fullnameOverride: `${'y'.repeat(42)}-${'z'.repeat(20)}` }],
  ['the longest chart name', LONG, { nameOverride: `n${'m'.repeat(61)}o` }],
  ['a release name with a dot where a name is cut', `${'a'.repeat(43)}.b-c`, {}],
  ['names that YAML takes for something else', '1e3', { nameOverride: '0', ...NUMBERS }],
])('with %s', (_what, release, json) => {
  test('no name and no label is longer than Kubernetes allows', async () => {
    const objects = await everything(release, json);
    for (const { kind, metadata } of objects) {
      expect(metadata.name).toMatch(NAME);
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

test('a name that looks like a number stays a text, also where it is referred to', async () => {
  const objects = await everything('1e3', { nameOverride: '0', ...NUMBERS });
  expect(unquoted(objects)).toEqual([]);
  const labels = labelsIn(objects).flatMap((map) => Object.values<unknown>(map));
  expect(labels.filter((value) => typeof value !== 'string')).toEqual([]);
  expect(ofKind(objects, 'ChaosEngine').map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(['123', 'null', 'true', '1e6']),
  );
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
