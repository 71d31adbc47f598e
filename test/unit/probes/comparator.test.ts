import { describe, expect, test } from '@jest/globals';
import { compare, flawOf, type ComparatorType } from '../../../src/litmus/probes/comparator.ts';

type Row = readonly [type: ComparatorType, found: string, criteria: string, value: string];

const MET: Row[] = [
  ['int', '5', '>=', '5'],
  ['int', '4', '<=', '5'],
  ['int', '6', '>', '5'],
  ['int', '4', '<', '5'],
  ['int', ' 5\n', '==', '5'],
  ['int', '-5', '!=', '5'],
  ['int', '404', 'oneOf', '400,404'],
  ['int', '404', 'OneOf', '[400, 404]'],
  ['int', '404', 'oneOf', '404'],
  ['int', '450', 'between', '400,499'],
  ['int', '400', 'Between', '[400,499]'],
  ['int', '499', 'between', '400, 499'],
  ['float', '0.5', '>', '0.25'],
  ['float', '1e3', '==', '1000'],
  ['float', '+Inf', '>', '5'],
  ['float', '.5', 'between', '0,1'],
  ['string', 'yes', 'equal', 'yes'],
  ['string', 'yes', 'Equal', 'yes'],
  ['string', 'yes', 'notEqual', 'no'],
  ['string', 'a yes b', 'contains', 'yes'],
  ['string', 'a,b', 'equal', 'a,b'],
  ['string', 'aaa', 'matches', '^a{1,3}$'],
  ['string', 'x12y', 'Matches', '\\d+'],
  ['string', 'abc', 'notMatches', '\\d'],
  ['string', 'b', 'oneOf', 'a,b'],
  ['string', 'b', 'oneOf', '["a", "b"]'],
  ['string', 'b', 'OneOf', '[a,b]'],
];

const NOT_MET: Row[] = [
  ['int', '4', '>=', '5'],
  ['int', '6', '<=', '5'],
  ['int', '5', '>', '5'],
  ['int', '5', '<', '5'],
  ['int', '4', '==', '5'],
  ['int', '5', '!=', '5'],
  ['int', '401', 'oneOf', '[400,404]'],
  ['int', '500', 'between', '400,499'],
  ['int', '399', 'between', '400,499'],
  ['float', 'NaN', '==', 'NaN'],
  ['float', 'NaN', '>', '0'],
  ['float', 'NaN', 'oneOf', 'NaN,1'],
  ['string', 'yes', 'equal', 'no'],
  ['string', 'yes', 'notEqual', 'yes'],
  ['string', 'yes', 'contains', 'no'],
  ['string', 'abc', 'contains', 'a,b'],
  ['string', 'aaaa', 'matches', '^a{1,3}$'],
  ['string', 'a1', 'notMatches', '\\d'],
  ['string', 'c', 'oneOf', 'a,b'],
  ['string', '', 'equal', 'x'],
];

const UNCLEAR: Row[] = [
  ['int', 'five', '==', '5'],
  ['int', '', '==', '0'],
  ['int', '1.5', '>', '1'],
  ['float', 'n/a', '>', '1'],
  ['int', '5', '==', 'five'],
  ['int', '9007199254740993', '==', '9007199254740993'],
  ['int', '5', 'oneOf', '5,x'],
  ['int', '5', 'between', '5'],
  ['int', '5', 'between', '1,2,3'],
  ['int', '5', 'equal', '5'],
  ['string', '5', '==', '5'],
  ['string', '5', 'matches', '('],
  // A look-ahead is no RE2.
  ['string', '5', 'matches', '(?=5)'],
];

describe('a comparison', () => {
  test.each(MET)('%s: %j is %s %j', (type, found, criteria, value) => {
    expect(compare(found, { type, criteria, value })).toBe('met');
  });

  test.each(NOT_MET)('%s: %j is not %s %j', (type, found, criteria, value) => {
    expect(compare(found, { type, criteria, value })).toBe('not-met');
  });

  test.each(UNCLEAR)('%s: of %j with %s %j nothing can be told', (type, found, criteria, value) => {
    expect(compare(found, { type, criteria, value })).toEqual({ unclear: expect.any(String) });
  });

  test('what can never be compared is known before anything is found', () => {
    expect(flawOf({ type: 'int', criteria: '=>', value: '5' })).toMatch(/"=>" is none of >=, <=/);
    expect(flawOf({ type: 'int', criteria: '>', value: '5s' })).toMatch(/"5s" is no whole number/);
    expect(flawOf({ type: 'string', criteria: 'matches', value: '[' })).toMatch(/no RE2 pattern/);
    expect(flawOf({ type: 'float', criteria: 'between', value: '1,2' })).toBeUndefined();
  });

  test.each([
    ['int', '>', '5'],
    ['float', '>', '5'],
    ['string', 'matches', '[a-z]{1,1000}[0-9]'],
  ] as const)('%s: a flood of output is unclear within moments', (type, criteria, value) => {
    const began = performance.now();
    expect(compare(`${'1'.repeat(1_000_000)}x`, { type, criteria, value })).toEqual({
      unclear: expect.any(String),
    });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('a pattern that would keep a backtracking engine busy for years does not', () => {
    const began = performance.now();
    expect(compare('a'.repeat(5_000), { type: 'string', criteria: 'matches', value: '(a+)+$b' })).toBe(
      'not-met',
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
