import { describe, expect, test } from '@jest/globals';
import { engineProbes, readProbes } from '../../../src/litmus/probes/read.ts';
import { entry, PROPERTIES } from './pieces.ts';

const problemsOf = (...list: readonly unknown[]): string[] =>
  readProbes(list).problems.map(({ subject, message }) => `${subject}: ${message}`);

const http = (inputs: object): object => entry('p', 'SOT', {}, { 'httpProbe/inputs': inputs });
const of = (type: string, inputs: object, more: object = {}): object => ({
  name: 'p',
  mode: 'EOT',
  type,
  runProperties: PROPERTIES,
  [`${type}/inputs`]: inputs,
  ...more,
});
const GET = { get: { criteria: '==', responseCode: '200' } };
const COMPARATOR = { type: 'string', criteria: 'equal', value: 'x' };

describe('a list of probes', () => {
  test('is read with every field', () => {
    const post = {
      post: { criteria: 'oneOf', responseCode: '[200,201]', body: '{}', contentType: 'application/json' },
    };
    const run = { ...PROPERTIES, retry: 2, attempt: 3, initialDelay: '5s', stopOnFailure: true };
    const { probes, problems, named } = readProbes([
      entry('a', 'Continuous', run, {
        'httpProbe/inputs': { url: 'https://x/', insecureSkipVerify: true, method: post },
      }),
      of('cmdProbe', {
        command: 'true',
        comparator: COMPARATOR,
        source: { image: 'i', hostNetwork: true, args: ['a'] },
      }),
      of(
        'k8sProbe',
        {
          group: 'apps',
          version: 'v1',
          resource: 'deployments',
          namespace: 'n',
          labelSelector: 'a=b',
          operation: 'present',
        },
        { name: 'k' },
      ),
      of(
        'promProbe',
        { endpoint: 'http://p', query: 'up', comparator: { criteria: '>', value: '0' } },
        { name: 'm' },
      ),
    ]);
    expect(problems).toEqual([]);
    expect(named.map(({ name, type, mode }) => `${name} ${type} ${mode}`)).toEqual([
      'a httpProbe Continuous',
      'p cmdProbe EOT',
      'k k8sProbe EOT',
      'm promProbe EOT',
    ]);
    expect(probes).toMatchObject([
      {
        run: {
          timeoutMs: 5_000,
          intervalMs: 1_000,
          attempts: 3,
          pollingMs: 2_000,
          initialDelayMs: 5_000,
          stopOnFailure: true,
        },
        inputs: {
          method: 'POST',
          body: '{}',
          contentType: 'application/json',
          insecureSkipVerify: true,
          expected: { type: 'int', criteria: 'oneOf' },
        },
      },
      {
        inputs: {
          command: 'true',
          source: { image: 'i', hostNetwork: true, privileged: false, pod: { args: ['a'] } },
        },
      },
      { inputs: { group: 'apps', resource: 'deployments', operation: 'present', labelSelector: 'a=b' } },
      { inputs: { endpoint: 'http://p', query: 'up', expected: { type: 'float' } } },
    ]);
  });

  test('is that of this experiment alone', () => {
    const spec = {
      experiments: [
        { name: 'other', spec: { probe: [{ name: 'not-mine' }] } },
        { name: 'esm', spec: { probe: [{ name: 'mine' }] } },
      ],
    };
    const engine = { apiVersion: 'v1', kind: 'ChaosEngine', metadata: { name: 'e' } };
    expect(engineProbes({ ...engine, spec }, 'esm')).toEqual([{ name: 'mine' }]);
    for (const odd of [undefined, {}, { experiments: null }, { experiments: [null, { name: 'esm' }] }])
      expect(engineProbes({ ...engine, spec: odd }, 'esm')).toEqual([]);
  });

  test('with everything wrong says all of it at once, with the probe and the field', () => {
    expect(
      problemsOf(
        {
          type: 'httpProbe',
          mode: 'SOT',
          runProperties: { probeTimeout: '5', interval: '1s' },
          'httpProbe/inputs': {},
        },
        { name: 'b', type: 'ping', mode: 'Sometimes' },
        { name: 'c', type: 'sloProbe', mode: 'SOT', runProperties: PROPERTIES },
      ),
    ).toEqual([
      'probe 1 of the list: name is required and not set, e.g. orders-depth',
      'probe 1 of the list: runProperties.probeTimeout got "5"; wanted is a duration with its unit, e.g. "5s" or "1m30s"',
      'probe 1 of the list: httpProbe/inputs.url is required and not set, e.g. https://orders.example.com/healthz',
      expect.stringMatching(/^probe 1 of the list: httpProbe\/inputs.method names neither get nor post/),
      expect.stringMatching(/httpProbe\/inputs.method.get.criteria is required/),
      expect.stringMatching(/httpProbe\/inputs.method.get.responseCode is required/),
      'probe b: mode got "Sometimes"; wanted is one of SOT, EOT, Edge, Continuous, OnChaos',
      'probe b: type got "ping"; wanted is one of httpProbe, cmdProbe, k8sProbe, promProbe',
      'probe b: runProperties is required and not set',
      expect.stringMatching(/^probe c: type got "sloProbe", which .* is not supported/),
    ]);
  });

  test.each([
    ['a URL without a scheme', http({ url: 'orders:8080', method: GET }), /inputs.url got "orders:8080"/],
    [
      'POST without a body',
      http({ url: 'http://x', method: { post: GET.get } }),
      /post.body is required where bodyPath/,
    ],
    [
      'a code that is no number',
      http({ url: 'http://x', method: { get: { criteria: '==', responseCode: '2xx' } } }),
      /"2xx" is no whole number/,
    ],
    [
      'a criteria of the wrong type',
      http({ url: 'http://x', method: { get: { criteria: 'equal', responseCode: '200' } } }),
      /criteria "equal" is none of/,
    ],
    [
      'a command without a comparator',
      of('cmdProbe', { command: 'true' }),
      /cmdProbe\/inputs.comparator.type got ""/,
    ],
    [
      'a source without an image',
      of('cmdProbe', { command: 'true', comparator: COMPARATOR, source: {} }),
      /source.image is required/,
    ],
    [
      'a truth value that is a text',
      of('cmdProbe', { command: 'true', comparator: COMPARATOR, source: { image: 'i', privileged: 'yes' } }),
      /source.privileged got "yes"; wanted is true or false/,
    ],
    [
      'a query that is missing',
      of('promProbe', { endpoint: 'http://p', comparator: { criteria: '>', value: '1' } }),
      /query is required where queryPath/,
    ],
    [
      'a delete of everything',
      of('k8sProbe', { version: 'v1', resource: 'pods', namespace: 'n', operation: 'delete' }),
      /neither resourceNames nor a selector/,
    ],
    [
      'a create of nothing',
      of('k8sProbe', { version: 'v1', resource: 'pods', operation: 'create' }),
      /the manifest to create, in data/,
    ],
    [
      'an operation that there is not',
      of('k8sProbe', { version: 'v1', resource: 'pods', operation: 'patch' }),
      /operation got "patch"/,
    ],
    ['a negative attempt', entry('p', 'SOT', { attempt: -1 }), /attempt got -1; wanted is a whole number/],
    [
      'a template that is none of ours',
      http({ url: 'http://x/{{ .Values.y }}', method: GET }),
      /inputs.url: the template .* is not supported/,
    ],
    [
      'a register of nobody',
      http({ url: 'http://x/{{ .y.ProbeArtifacts.Register }}', method: GET }),
      /refers to y, which is no cmdProbe/,
    ],
    ['a list where an object belongs', of('cmdProbe', []), /cmdProbe\/inputs is not an object/],
    ['something that is no probe', 'probe', /is not an object|name is required/],
  ])('with %s is refused', (_what, probe, why) => {
    expect(problemsOf(probe).join('\n')).toMatch(why);
  });

  test('with two probes of one name is refused', () => {
    expect(problemsOf(entry('a', 'SOT'), entry('a', 'EOT'))).toEqual([
      'probe a: name is taken by 2 probes; wanted is a name for each',
    ]);
  });

  test('of probes in the background polls once a second at most', () => {
    const { probes } = readProbes([
      entry('a', 'Continuous', { probePollingInterval: undefined }),
      entry('b', 'OnChaos', { probePollingInterval: '5s' }),
    ]);
    expect(probes.map(({ run }) => run.pollingMs)).toEqual([1_000, 5_000]);
  });
});
