import { describe, expect, test } from '@jest/globals';
import { template } from '../support/chart/objects.ts';
import { engine, refusal } from '../support/chart/values.ts';

const runProperties = { probeTimeout: '5s', interval: '2s' };
const comparator = { criteria: '>=', value: '1' };
const typed = { type: 'int', ...comparator };
const get = { criteria: '==', responseCode: '200' };

/** Inputs that Litmus takes, by the probe's type. */
const TAKEN: readonly [string, object][] = [
  ['httpProbe', { url: 'http://shop/health', insecureSkipVerify: false, method: { get } }],
  ['httpProbe', { url: 'http://shop', method: { post: { contentType: 'text/plain', body: 'x', ...get } } }],
  ['cmdProbe', { command: 'ls | wc -l', comparator: typed }],
  [
    'cmdProbe',
    {
      command: 'psql -c "select 1"',
      comparator: typed,
      source: {
        image: 'postgres:17',
        inheritInputs: true,
        env: [{ name: 'PGHOST', value: 'db' }],
        volumes: [{ name: 'x', emptyDir: {} }],
        volumeMount: [{ name: 'x', mountPath: '/x' }],
      },
    },
  ],
  [
    'k8sProbe',
    { group: 'apps', version: 'v1', resource: 'deployments', labelSelector: 'a=b', operation: 'present' },
  ],
  ['promProbe', { endpoint: 'http://prometheus:9090', query: 'up', comparator }],
];

/** What nobody would read: Kubernetes drops it without a word, or refuses the whole engine. */
const REFUSED: readonly [string, string, object, string][] = [
  [
    'httpProbe',
    'a time-out of its own',
    { url: 'x', method: { get }, responseTimeout: 5 },
    'responseTimeout',
  ],
  ['httpProbe', 'a method that there is not', { url: 'x', method: { put: get } }, "'put' not allowed"],
  [
    'httpProbe',
    'a code that is a number',
    { url: 'x', method: { get: { ...get, responseCode: 200 } } },
    'want string',
  ],
  ['httpProbe', 'no method', { url: 'x' }, "missing property 'method'"],
  [
    'cmdProbe',
    'a source that is a word',
    { command: 'ls', comparator: typed, source: 'inline' },
    'want object',
  ],
  [
    'cmdProbe',
    'volumeMounts',
    { command: 'ls', comparator: typed, source: { image: 'x', volumeMounts: [] } },
    'volumeMounts',
  ],
  ['cmdProbe', 'no type to compare as', { command: 'ls', comparator }, "missing property 'type'"],
  [
    'k8sProbe',
    'an operation that there is not',
    { version: 'v1', resource: 'pods', operation: 'get' },
    'operation',
  ],
  ['promProbe', 'headers', { endpoint: 'x', comparator, headers: {} }, "'headers' not allowed"],
];

const withInputs = (type: string, inputs: object): object =>
  engine({ probes: [{ name: 'x', type, mode: 'Edge', runProperties, [`${type}/inputs`]: inputs }] });

describe('the inputs of a probe', () => {
  test.each(TAKEN)('of type %s are taken as Litmus knows them: %j', async (type, inputs) => {
    expect(await template({ json: withInputs(type, inputs) })).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(REFUSED)('of type %s are refused with %s', async (type, _what, inputs, said) => {
    const text = await refusal(withInputs(type, inputs));
    expect(text).toContain(`'/engines/orders/probes/0/${type}~1inputs`);
    expect(text).toContain(said);
  });
});
