import { describe, expect, test } from '@jest/globals';
import { parseMappingIds } from '../../../src/faults/lambda-toggle-event-mapping-state/mapping-ids.ts';

const A = '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11';
const B = '7f3c1d52-0b44-4c6f-9a9d-0e1c2b3a4d55';
const arn = (id: string, region = 'eu-west-1'): string =>
  `arn:aws:lambda:${region}:123456789012:event-source-mapping:${id}`;
const read = (text: string, region: string | undefined = 'eu-west-1') => parseMappingIds(text, region);

describe('EVENT_UUIDS', () => {
  test.each<[string, string, string[]]>([
    ['one UUID', A, [A]],
    ['several with blanks around them', ` ${A} ,\n${B}\t`, [A, B]],
    ['an ARN', arn(A), [A]],
    ['an ARN beside a UUID', `${B},${arn(A)}`, [B, A]],
    ['an ARN of another partition', arn(A).replace('arn:aws:', 'arn:aws-us-gov:'), [A]],
    ['capitals', A.toUpperCase(), [A]],
    ['an ARN in capitals', arn(A.toUpperCase()), [A]],
  ])('may be %s', (_what, text, ids) => {
    expect(read(text)).toEqual({ ids, warnings: [], problems: [] });
  });

  test.each([
    [`${A},${A}`, 'plain'],
    [`${A},${A.toUpperCase()}`, 'in capitals'],
    [`${A},${arn(A)}`, 'as an ARN'],
  ])('names a mapping once (%#: %s)', (text) => {
    expect(read(text)).toEqual({
      ids: [A],
      warnings: [`EVENT_UUIDS names ${A} more than once; it is taken once.`],
      problems: [],
    });
  });

  test.each([
    ['', [1]],
    [',', [1, 2]],
    [`${A},`, [2]],
    [`,${A}`, [1]],
    [`${A}, ,${B}`, [2]],
  ])('has no empty item, which would list the whole account: %j', (text, items) => {
    const { problems } = read(text);
    expect(problems.map((problem) => /^item (\d+): is empty/.exec(problem)?.[1])).toEqual(items.map(String));
    expect(problems[0]).toMatch(/stray comma.*wanted is a mapping's UUID or ARN, e\.g\. /);
  });

  test.each(['a/b', 'a b', 'x'.repeat(64), '../event-source-mappings', '-a', 'a-', 'ä', `${A};${B}`])(
    'can not hold %j, which is no name for a journal entry',
    (text) => {
      expect(read(text)).toMatchObject({
        ids: [],
        problems: [expect.stringContaining(JSON.stringify(text.slice(0, 20)).slice(1, -1))],
      });
      expect(read(text).problems[0]).toMatch(/^item 1: got .* wanted is a mapping's UUID or ARN/);
    },
  );

  test('can not hold the ARN of something else', () => {
    expect(read('arn:aws:sqs:eu-west-1:123456789012:orders').problems).toHaveLength(1);
    expect(read('arn:aws:lambda:eu-west-1:123456789012:function:orders').problems).toHaveLength(1);
  });

  test('may hold an odd id, for AWS promises no shape; it is tried with a warning', () => {
    expect(read('my-mapping')).toEqual({
      ids: ['my-mapping'],
      warnings: ['EVENT_UUIDS: my-mapping does not look like a UUID; it is tried as it is.'],
      problems: [],
    });
    expect(read('My-Mapping').ids).toEqual(['My-Mapping']);
  });

  test('of another Region are refused with both', () => {
    expect(read(arn(A, 'us-east-1')).problems).toEqual([
      `item 1: got "${arn(A, 'us-east-1').slice(0, 77)}...", which is in Region us-east-1, while REGION is "eu-west-1"`,
    ]);
    expect(parseMappingIds(arn(A, 'us-east-1'), undefined).problems).toEqual([]);
  });

  test('report everything that is wrong, and where', () => {
    expect(read(`${A},,a b,${B}`).problems.map((problem) => problem.slice(0, 7))).toEqual([
      'item 2:',
      'item 3:',
    ]);
  });
});
