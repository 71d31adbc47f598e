import { describe, expect, test } from '@jest/globals';
import {
  functionNameProblem,
  membership,
  parseFunctionRef,
  type FunctionRef,
  type Membership,
} from '../../../src/faults/lambda-toggle-event-mapping-state/function-name.ts';

const ARN = 'arn:aws:lambda:us-west-2:123456789012:function:orders';
const HOME = { partition: 'aws', region: 'us-west-2', account: '123456789012' };

describe('FUNCTION_NAME', () => {
  test.each<[string, FunctionRef]>([
    ['orders', { name: 'orders' }],
    ['my_Function-2', { name: 'my_Function-2' }],
    ['orders:PROD', { name: 'orders', qualifier: 'PROD' }],
    ['orders:7', { name: 'orders', qualifier: '7' }],
    ['orders:$LATEST', { name: 'orders' }],
    ['orders:$LATEST.PUBLISHED', { name: 'orders', qualifier: '$LATEST.PUBLISHED' }],
    [ARN, { ...HOME, name: 'orders' }],
    [`${ARN}:PROD`, { ...HOME, name: 'orders', qualifier: 'PROD' }],
    [`${ARN}:$LATEST`, { ...HOME, name: 'orders' }],
    ['123456789012:function:orders', { account: '123456789012', name: 'orders' }],
    ['123456789012:orders:PROD', { account: '123456789012', name: 'orders', qualifier: 'PROD' }],
    ['function:orders', { name: 'orders' }],
    [
      'us-west-2:123456789012:function:orders',
      { region: 'us-west-2', account: '123456789012', name: 'orders' },
    ],
    [
      'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders',
      { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '123456789012', name: 'orders' },
    ],
    [
      'arn:aws-cn:lambda:cn-north-1:123456789012:function:orders:7',
      { partition: 'aws-cn', region: 'cn-north-1', account: '123456789012', name: 'orders', qualifier: '7' },
    ],
    ['x'.repeat(64), { name: 'x'.repeat(64) }],
  ])('takes %s apart', (text, ref) => {
    expect(parseFunctionRef(text)).toEqual(ref);
    expect(functionNameProblem(text, ref.region)).toBeUndefined();
  });

  test.each([
    '',
    'my function',
    'orders/1',
    'orders:',
    'orders:PROD:7',
    'orders:$HEAD',
    'arn:aws:sqs:us-west-2:123456789012:orders',
    'arn:aws:iam::123456789012:role/orders',
    `${ARN}:PROD:7`,
    'x'.repeat(65),
    'https://example.org/orders',
  ])('refuses %j with what is wanted and an example', (text) => {
    expect(parseFunctionRef(text)).toBeUndefined();
    expect(functionNameProblem(text, 'us-west-2')).toMatch(
      /^got ".*"; wanted is a function's name, name:qualifier, partial ARN or full ARN, e\.g\. orders or arn:/,
    );
  });

  test('of another Region than REGION is refused with both', () => {
    expect(functionNameProblem(ARN, 'eu-west-1')).toBe(
      `got "${ARN}", which is in Region us-west-2, while REGION is "eu-west-1"; wanted is the same Region in both, e.g. REGION=us-west-2`,
    );
    expect(functionNameProblem('orders', 'eu-west-1')).toBeUndefined();
    // A missing REGION is a problem of its own.
    expect(functionNameProblem(ARN, undefined)).toBeUndefined();
  });
});

describe('a mapping belongs to the function', () => {
  test.each<[string, string, string | undefined, Membership]>([
    ['unqualified, any wanted', ARN, undefined, 'same'],
    ['on $LATEST, any wanted', `${ARN}:$LATEST`, undefined, 'same'],
    ['on an alias, any wanted', `${ARN}:PROD`, undefined, 'same'],
    ['on an alias, $LATEST wanted, which counts as none', `${ARN}:PROD`, '$LATEST', 'same'],
    ['on the wanted alias', `${ARN}:PROD`, 'PROD', 'same'],
    ['on another alias', `${ARN}:TEST`, 'PROD', 'other-qualifier'],
    ['unqualified, an alias wanted', ARN, 'PROD', 'other-qualifier'],
    ['on $LATEST, an alias wanted', `${ARN}:$LATEST`, 'PROD', 'other-qualifier'],
    ['on a version, another wanted', `${ARN}:7`, '70', 'other-qualifier'],
    ['of another name', ARN.replace('orders', 'billing'), undefined, 'other-function'],
    ['of a name that begins alike', `${ARN}-2`, undefined, 'other-function'],
    ['of a name in other capitals', ARN.replace('orders', 'Orders'), undefined, 'other-function'],
    ['of another account', ARN.replace('123456789012', '210987654321'), undefined, 'other-function'],
    ['of another Region', ARN.replace('us-west-2', 'us-west-1'), undefined, 'other-function'],
    ['of another partition', ARN.replace('arn:aws:', 'arn:aws-cn:'), undefined, 'other-function'],
    [
      'with the alias of another function',
      `${ARN.replace('orders', 'billing')}:PROD`,
      'PROD',
      'other-function',
    ],
    ['without any function', '', undefined, 'other-function'],
  ])('%s', (_what, mappingArn, qualifier, expected) => {
    expect(membership(mappingArn, ARN, qualifier)).toBe(expected);
    // GetFunction answers with the qualifier that it was asked for.
    expect(membership(mappingArn, `${ARN}:PROD`, qualifier)).toBe(expected);
  });
});
