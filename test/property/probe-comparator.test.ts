import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare, type ComparatorType } from '../../src/litmus/probes/comparator.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 700) };

/** Texts of these characters alone. */
const textOf = (characters: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)) });

describe('a comparison', () => {
  const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
    '>=': (a, b) => a >= b,
    '<=': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '<': (a, b) => a < b,
    '==': (a, b) => a === b,
    '!=': (a, b) => a !== b,
  };
  const told = (isMet: boolean): string => (isMet ? 'met' : 'not-met');

  test('is met, not met or unclear, whatever is compared', () => {
    const criteria = fc.oneof(
      fc.constantFrom(...Object.keys(NUMBERS), 'oneOf', 'Between', 'equal', 'notEqual', 'contains'),
      fc.constantFrom('matches', 'notMatches'),
      fc.string(),
    );
    const type = fc.constantFrom<ComparatorType>('int', 'float', 'string');
    const text = fc.oneof(fc.string(), textOf('0123456789.,[]()*+-?{}\\^$|aE '));
    fc.assert(
      fc.property(fc.record({ type, criteria, value: text }), text, (comparator, found) => {
        const result = compare(found, comparator);
        if (typeof result === 'object') expect(result.unclear).not.toBe('');
        else expect(['met', 'not-met']).toContain(result);
      }),
      RUNS,
    );
  });

  test('of numbers is that of numbers', () => {
    const pair = fc.oneof(
      fc.tuple(fc.constant('int' as const), fc.maxSafeInteger(), fc.maxSafeInteger()),
      fc.tuple(fc.constant('int' as const), fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })),
      fc.tuple(fc.constant('float' as const), fc.double(), fc.double()),
    );
    fc.assert(
      fc.property(pair, fc.constantFrom(...Object.keys(NUMBERS)), ([type, found, value], criteria) => {
        const result = compare(String(found), { type, criteria, value: String(value) });
        expect(result).toBe(told(NUMBERS[criteria]?.(found, value) ?? false));
      }),
      RUNS,
    );
  });

  test('notMatches is the opposite of matches', () => {
    const pattern = fc.oneof(fc.string(), textOf('ab.*+?|()[]^$\\d{}12,'));
    fc.assert(
      fc.property(fc.string(), pattern, (found, value) => {
        const [yes, no] = ['matches', 'notMatches'].map((criteria) =>
          compare(found, { type: 'string', criteria, value }),
        );
        if (typeof yes === 'object') expect(no).toEqual(yes);
        else expect(no).toBe(yes === 'met' ? 'not-met' : 'met');
      }),
      RUNS,
    );
  });

  test('oneOf is membership, however the list is written', () => {
    const item = fc.stringMatching(/^[\w.:/-]{1,3}$/);
    const list = fc.array(fc.tuple(item, fc.constantFrom('', '"', "'"), fc.constantFrom('', ' ', '  ')), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(list, fc.boolean(), item, fc.nat(), (items, hasBrackets, other, at) => {
        const text = items.map(([word, quote, space]) => space + quote + word + quote + space).join(',');
        const value = hasBrackets ? `[${text}]` : text;
        const words = items.map(([word]) => word);
        for (const found of [other, words[at % words.length] ?? ''])
          expect(compare(found, { type: 'string', criteria: 'OneOf', value })).toBe(
            told(words.includes(found)),
          );
      }),
      RUNS,
    );
  });
});
