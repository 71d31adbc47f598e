import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CHART } from '../support/chart/programs.ts';
import { template } from '../support/chart/objects.ts';
import { engine, refusal, TARGET, tunable, UUID, variable } from '../support/chart/values.ts';

const REFUSED: readonly [string, object, string][] = [
  [
    'an unknown value',
    { imagePullSecret: 'registry' },
    "additional properties 'imagePullSecret' not allowed",
  ],
  ['an unknown field', { image: { name: 'x' } }, "'/image': additional properties 'name' not allowed"],
  [
    'an unknown field of an engine',
    engine({ duration: 30 }),
    "'/engines/orders': additional properties 'duration'",
  ],
  ['an unknown tunable', tunable('TOTAL_CHAOS_DURATIONS', '30'), "'TOTAL_CHAOS_DURATIONS' not allowed"],
  [
    'a tunable that chaos-runner overwrites',
    tunable('STATUS_CHECK_TIMEOUT', '300'),
    "'STATUS_CHECK_TIMEOUT' not",
  ],
  [
    'a sequence that there is not',
    engine({ sequence: 'both' }),
    "'/engines/orders/sequence': value must be one of",
  ],
  ['an engine state that there is not', engine({ engineState: 'on' }), "'/engines/orders/engineState'"],
  [
    'a clean-up policy that there is not',
    engine({ jobCleanUpPolicy: 'keep' }),
    "'/engines/orders/jobCleanUpPolicy'",
  ],
  [
    'a duration with a unit',
    engine({ totalChaosDuration: '30s' }),
    "totalChaosDuration': got string, want integer",
  ],
  [
    'half a second',
    engine({ chaosInterval: 0.5 }),
    "'/engines/orders/chaosInterval': got number, want integer",
  ],
  ['no duration', engine({ totalChaosDuration: 0 }), "'/engines/orders/totalChaosDuration': minimum"],
  ['a negative ramp', engine({ rampTime: -1 }), "'/engines/orders/rampTime': minimum"],
  [
    'more than a week',
    engine({ totalChaosDuration: 604_801 }),
    "'/engines/orders/totalChaosDuration': maximum",
  ],
  [
    'a default duration with a unit',
    tunable('TOTAL_CHAOS_DURATION', '30s'),
    "'/experiment/env/TOTAL_CHAOS_DURATION'",
  ],
  [
    'a guard that there is not',
    tunable('FORCE', 'everything'),
    "'/experiment/env/FORCE': 'everything' does not match",
  ],
  [
    'an Availability Zone',
    { target: { region: 'eu-west-1a' } },
    "'/target/region': value must be 'a Region, not an Availability Zone, e.g. eu-west-1'",
  ],
  [
    'a Region that is none',
    { target: { region: 'Ireland' } },
    "'/target/region': 'Ireland' does not match pattern",
  ],
  [
    'two UUIDs in one',
    { target: { eventUuids: [`${UUID},7f3c1d52`] } },
    "'/target/eventUuids/0': value must be 'one UUID or mapping ARN an item, e.g. [14e0db71",
  ],
  [
    'a comma list for a list',
    engine({ eventUuids: UUID }),
    "'/engines/orders/eventUuids': got string, want array",
  ],
  [
    'one UUID twice',
    { target: { eventUuids: [UUID, UUID] } },
    "'/target/eventUuids': items at 0 and 1 are equal",
  ],
  ['a function name that is none', engine({ functionName: 'my orders' }), "'/engines/orders/functionName'"],
  [
    'an engine name that no label may hold',
    { target: TARGET, engines: { [`o${'x'.repeat(63)}`]: {} } },
    "invalid propertyName 'oxxx",
  ],
  [
    'an engine name with capitals',
    { target: TARGET, engines: { Orders: {} } },
    "invalid propertyName 'Orders'",
  ],
  ['a full name that no label may hold', { fullnameOverride: 'x'.repeat(64) }, "'/fullnameOverride'"],
  ['a label that is none', { commonLabels: { team: 'shop team' } }, "'/commonLabels/team'"],
  ['a label that is too long', { commonLabels: { team: 'x'.repeat(64) } }, "'/commonLabels/team'"],
  [
    'a digest that is none',
    { image: { digest: 'sha256:abc' } },
    "'/image/digest': 'sha256:abc' does not match",
  ],
  ['a tag in the repository', { image: { repository: 'ghcr.example/runner:1' } }, "'/image/repository'"],
  [
    'a mount over the program',
    { credentials: { mountPath: '/app' } },
    "'/credentials/mountPath': 'not' failed",
  ],
  [
    'a role that is none',
    { serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'chaos' } } },
    'role-arn',
  ],
  ['a schedule that is none', { sweeper: { schedule: 'every minute' } }, "'/sweeper/schedule'"],
  [
    'a CIDR that is none',
    { networkPolicy: { aws: { cidrs: ['10.0.0.0'] } } },
    "'/networkPolicy/aws/cidrs/0'",
  ],
  [
    'a port that is none',
    { networkPolicy: { dns: { ports: [70_000] } } },
    "'/networkPolicy/dns/ports/0': maximum",
  ],
  ['root', { podSecurityContext: { runAsUser: 0 } }, "'/podSecurityContext/runAsUser': minimum"],
  [
    'a probe without a mode',
    engine({ probes: [{ name: 'x' }] }),
    "'/engines/orders/probes/0': missing properties",
  ],
  ['a variable without a value', variable({ name: 'FORCE' }), "'/env/0': "],
  [
    'a variable that Litmus sets',
    variable({ name: 'CHAOS_NAMESPACE', value: 'x' }),
    "'/env/0/name': 'not' failed",
  ],
  [
    'a secret access key by name',
    variable({ name: 'AWS_SECRET_ACCESS_KEY', value: 'anything' }),
    "'/env/0': missing property 'valueFrom'",
  ],
  [
    'a session token by name',
    engine({ env: [{ name: 'AWS_SESSION_TOKEN', value: 'x' }] }),
    "missing property 'valueFrom'",
  ],
  [
    'keys as values of the chart',
    { credentials: { accessKeyId: 'x' } },
    "'/credentials': additional properties 'acc",
  ],
];

/** Every schema in a schema that names properties, with where it is. */
function named(schema: unknown, path = ''): [string, Readonly<Record<string, unknown>>][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.entries(schema).flatMap(([key, value]) => named(value, `${path}/${key}`));
  return 'properties' in schema && 'type' in schema ? [[path, { ...schema }], ...inner] : inner;
}

describe('values.schema.json', () => {
  test('is closed wherever it names properties', () => {
    const all = named(JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')));
    expect(all.length).toBeGreaterThan(30);
    expect(
      all.flatMap(([path, { additionalProperties }]) => (additionalProperties === false ? [] : [path])),
    ).toEqual([]);
  });

  test.each(REFUSED)('refuses %s, and names the key', async (_what, json, said) => {
    expect(await refusal(json)).toContain(said);
  });

  test.each([
    ['a number from --set', { set: ['experiment.env.TOTAL_CHAOS_DURATION=60'] }],
    ['an empty tunable', { json: tunable('CHAOS_INTERVAL', '') }],
    ['the values that a chart of charts hands down', { json: { global: { imageRegistry: 'x' } } }],
    [
      'a key from a Secret',
      {
        json: variable({
          name: 'AWS_SECRET_ACCESS_KEY',
          valueFrom: { secretKeyRef: { name: 'x', key: 'secret' } },
        }),
      },
    ],
    [
      'a long ARN',
      {
        json: variable({
          name: 'ASSUME_ROLE_ARN',
          value: `arn:aws:iam::123456789012:role/${'x'.repeat(35)}`,
        }),
      },
    ],
    ['the condition of a chart of charts', { json: { enabled: true } }],
    ['a commit as tag', { json: { image: { tag: '0123456789abcdef0123456789abcdef01234567' } } }],
  ])('takes %s', async (_what, rendering) => {
    expect(await template(rendering)).toMatchObject({ code: 0, stderr: '' });
  });
});
