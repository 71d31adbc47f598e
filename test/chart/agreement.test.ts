import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readAwsConfig } from '../../src/aws/config.ts';
import {
  GUARDS,
  readToggleConfig,
  TOGGLE_TUNABLES,
} from '../../src/faults/lambda-toggle-event-mapping-state/config.ts';
import { COMMON_TUNABLES, readSchedule } from '../../src/litmus/environment.ts';
import { template } from '../support/chart/objects.ts';
import { tunable, UUID } from '../support/chart/values.ts';

test('the page on the image has the limit of memory that the chart ships', () => {
  const read = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8');
  const values = parse(read('charts/lambda-chaos/values.yaml')) as {
    resources: { limits: { memory: string } };
  };
  const page = read('docs/reference/image.md');
  const limit = values.resources.limits.memory.replace(/Mi$/, ' MiB');
  expect([...new Set(page.match(/\d+ MiB/g))]).toEqual([limit]);
});

describe('the values agree with the program', () => {
  const { experiment } = parse(
    readFileSync(join(process.cwd(), 'charts/lambda-chaos/values.yaml'), 'utf8'),
  ) as { experiment: { env: Record<string, string> } };
  const inputs = { FUNCTION_NAME: 'orders', EVENT_UUIDS: UUID };

  test('every tunable is one of the program, with its default', () => {
    const known = [...COMMON_TUNABLES, ...TOGGLE_TUNABLES];
    expect(Object.keys(experiment.env).filter((name) => !known.includes(name))).toEqual([]);
    expect(readSchedule(experiment.env)).toEqual(readSchedule({}));
    expect(readToggleConfig({ ...inputs, ...experiment.env }, undefined)).toEqual(
      readToggleConfig(inputs, undefined),
    );
  });

  test('every guard can be forced', async () => {
    const names = Object.keys(GUARDS).join(', ');
    expect(await template({ json: tunable('FORCE', names) })).toMatchObject({ code: 0 });
  });

  test.each([
    ['region', ['eu-west-1', 'us-gov-west-1', 'ap-southeast-5'], ['eu-west', 'EU-WEST-1', 'eu_west_1']],
    [
      'functionName',
      [
        'orders',
        'orders:live',
        'orders:$LATEST',
        '123456789012:function:orders',
        'arn:aws:lambda:eu-west-1:123456789012:function:orders:7',
      ],
      ['orders/live', 'arn:aws:sqs:eu-west-1:123456789012:orders'],
    ],
    [
      'eventUuids',
      [
        UUID,
        UUID.toUpperCase(),
        `arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:${UUID}`,
        'a1b2c3d4',
      ],
      ['a/b', '-a', 'a b'],
    ],
  ])('%s takes and refuses what the program does', async (field, good, bad) => {
    const problems = (value: string): number =>
      field === 'region'
        ? readAwsConfig({ REGION: value }).problems.length
        : readToggleConfig(
            { ...inputs, ...(field === 'functionName' ? { FUNCTION_NAME: value } : { EVENT_UUIDS: value }) },
            undefined,
          ).problems.length;
    for (const [values, code] of [
      [good, 0],
      [bad, 1],
    ] as const) {
      for (const value of values) {
        const json = { target: { [field]: field === 'eventUuids' ? [value] : value } };
        const answer = await template({ json });
        expect([value, answer.code, Math.sign(problems(value))]).toEqual([value, code, code]);
      }
    }
  });
});
