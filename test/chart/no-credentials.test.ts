import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { engine, refusal, variable } from '../support/chart/values.ts';
import { PLANTED_SECRETS } from '../support/product/spool.ts';

const KEY_ID = 'AKIAIOSFODNN7PLANTED';
const SECRET_KEY = PLANTED_SECRETS[0];

/** Every text in the values, as a path, and one in each kind of list and map that is empty by default. */
function textPaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  // The first of a list stands for all of them.
  if (Array.isArray(value)) return textPaths(value[0], [...path, 0]);
  return Object.entries(value).flatMap(([key, item]) => textPaths(item, [...path, key]));
}

/** `{a: {b: [value]}}` for the path a, b, 0. */
const at = (path: readonly (string | number)[], value: unknown): unknown =>
  path.reduceRight((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);

describe('no value can carry a credential', () => {
  const values = parse(
    readFileSync(join(process.cwd(), 'charts/lambda-chaos/values.yaml'), 'utf8'),
  ) as object;
  const paths = [
    ...textPaths(values),
    ['commonLabels', 'x'],
    ['imagePullSecrets', 0, 'name'],
    ['serviceAccount', 'annotations', 'x'],
    ['rbac', 'secretNames', 0],
    ['target', 'eventUuids', 0],
    ['engines', 'orders', 'functionName'],
    ['engines', 'orders', 'annotations', 'x'],
    ['engines', 'orders', 'podAnnotations', 'x'],
    ['engines', 'orders', 'labels', 'x'],
    ['engines', 'orders', 'runner', 'image'],
    ['sweeper', 'podAnnotations', 'x'],
    ['plan', 'podAnnotations', 'x'],
  ];

  test.each(paths.map((path) => [path.join('.'), path] as const))(
    '%s refuses an access key id',
    async (_name, path) => {
      expect(await refusal(at(path, KEY_ID) as object)).toContain(`'/${path.join('/')}'`);
    },
  );

  test.each([
    ['a variable', variable({ name: 'X', value: SECRET_KEY })],
    ['a variable of an engine', engine({ env: [{ name: 'X', value: SECRET_KEY }] })],
    ['an annotation', { serviceAccount: { annotations: { x: SECRET_KEY } } }],
    [
      'a credentials file',
      variable({ name: 'X', value: `[default]\naws_secret_access_key = ${SECRET_KEY}` }),
    ],
    ['a session token', variable({ name: 'X', value: `IQoJb3JpZ2luX2Vj${'x'.repeat(200)}` })],
  ])(
    '%s refuses what may be a secret key, says where it belongs, and does not repeat it',
    async (_what, json) => {
      const said = await refusal(json);
      expect(said).toContain('a credential belongs into a Secret, see credentials.existingSecret');
      expect(said).not.toContain(SECRET_KEY);
    },
  );
});
