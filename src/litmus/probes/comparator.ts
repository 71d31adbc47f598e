import { RE2JS } from 're2js';

export type ComparatorType = 'int' | 'float' | 'string';

/** What a probe expects of the value that it finds. */
export interface Comparator {
  readonly type: ComparatorType;
  readonly criteria: string;
  readonly value: string;
}

/** Whether the found value is as expected; `unclear` where it can't be told. */
export type Comparison = 'met' | 'not-met' | { readonly unclear: string };

const NUMBER_CRITERIA = ['>=', '<=', '>', '<', '==', '!=', 'oneOf', 'between'] as const;
const TEXT_CRITERIA = ['equal', 'notEqual', 'contains', 'matches', 'notMatches', 'oneOf'] as const;
type NumberCriterion = (typeof NUMBER_CRITERIA)[number];
type TextCriterion = (typeof TEXT_CRITERIA)[number];

/** `OneOf` and `oneOf` are the same to litmus-go, and so are the others with a capital. */
const plain = (criteria: string): string => criteria.charAt(0).toLowerCase() + criteria.slice(1);

const criteriaOf = (type: ComparatorType): readonly string[] =>
  type === 'string' ? TEXT_CRITERIA : NUMBER_CRITERIA;

/** Why `comparator` could never be evaluated, whatever is found; undefined where it can. */
export function flawOf({ type, criteria, value }: Comparator): string | undefined {
  const known = criteriaOf(type);
  if (!known.includes(plain(criteria)))
    return `criteria ${JSON.stringify(criteria)} is none of ${known.join(', ')}, which type ${type} has`;
  if (type === 'string') return plain(criteria).endsWith('atches') ? flawOfPattern(value) : undefined;
  const items = operands(plain(criteria), value);
  const wrong = items.find((item) => toNumber(item, type) === undefined);
  if (wrong !== undefined) return `value ${JSON.stringify(wrong)} is no ${NUMBER_NAMES[type]}`;
  if (plain(criteria) === 'between' && items.length !== 2)
    return `value ${JSON.stringify(value)} has ${items.length} numbers; between needs two, e.g. "400,499"`;
  return undefined;
}

/** Compares what was found with what is expected, as litmus-go's comparators document it. */
export function compare(found: string, comparator: Comparator): Comparison {
  const flaw = flawOf(comparator);
  if (flaw !== undefined) return { unclear: flaw };
  const { type, value } = comparator;
  const criteria = plain(comparator.criteria);
  if (type === 'string') {
    if (criteria.endsWith('atches') && found.length > LONGEST_MATCHED)
      return {
        unclear: `what was found has ${found.length} characters; a pattern is tried on ${LONGEST_MATCHED} at most`,
      };
    return met(compareText(found, criteria as TextCriterion, value));
  }
  const actual = toNumber(found, type);
  if (actual === undefined)
    return { unclear: `what was found, ${shortened(found)}, is no ${NUMBER_NAMES[type]}` };
  const expected = operands(criteria, value).map((item) => toNumber(item, type) ?? Number.NaN);
  return met(compareNumbers(actual, criteria as NumberCriterion, expected));
}

const met = (isMet: boolean): Comparison => (isMet ? 'met' : 'not-met');

function compareNumbers(actual: number, criteria: NumberCriterion, expected: readonly number[]): boolean {
  const [first = Number.NaN, second = Number.NaN] = expected;
  switch (criteria) {
    case '>=':
      return actual >= first;
    case '<=':
      return actual <= first;
    case '>':
      return actual > first;
    case '<':
      return actual < first;
    case '==':
      return actual === first;
    case '!=':
      return actual !== first;
    case 'oneOf':
      return expected.some((item) => item === actual);
    case 'between':
      return actual >= first && actual <= second;
  }
}

function compareText(actual: string, criteria: TextCriterion, expected: string): boolean {
  switch (criteria) {
    case 'equal':
      return actual === expected;
    case 'notEqual':
      return actual !== expected;
    case 'contains':
      return actual.includes(expected);
    case 'matches':
      return matches(actual, expected);
    case 'notMatches':
      return !matches(actual, expected);
    case 'oneOf':
      return listItems(expected).includes(actual);
  }
}

/** RE2 takes a time that grows with the text alone; this much of it is done in a fraction of a second. */
const LONGEST_MATCHED = 16_384;

/** RE2: a pattern of the engine's can't keep this process busy, and with it the revert waiting. */
const matches = (text: string, pattern: string): boolean => RE2JS.compile(pattern).matcher(text).find();

function flawOfPattern(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return `value ${JSON.stringify(pattern)} is no RE2 pattern: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const NUMBER_NAMES = { int: 'whole number', float: 'number' } as const;

/** Output that is no number at all must not keep the process busy, and with it the revert waiting. */
const LONGEST_NUMBER = 64;

/** As Go's strconv reads it; undefined where that fails, which litmus-go takes for 0. */
function toNumber(text: string, type: 'int' | 'float'): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_NUMBER) return undefined;
  if (type === 'int') return wholeNumber(trimmed);
  if (/^[+-]?inf(inity)?$/i.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(trimmed)) return Number.NaN;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

/** One that is too large to be told from its neighbours is none. */
function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

const operands = (criteria: string, value: string): readonly string[] =>
  criteria === 'oneOf' || criteria === 'between' ? listItems(value) : [value];

/** `400,404`, `[400, 404]` and `["a","b"]` alike. */
function listItems(value: string): string[] {
  const trimmed = value.trim();
  const bare = trimmed.startsWith('[') && trimmed.endsWith(']') ? trimmed.slice(1, -1) : trimmed;
  return bare.split(',').map((item) => item.trim().replace(/^(["'])(.*)\1$/, '$2'));
}

const LONGEST_SHOWN = 200;

/** A value as it is told to a person: quoted, and not longer than a line. */
export const shortened = (text: string): string =>
  JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

/** `>= 5`, for a description. */
export const wanted = ({ criteria, value }: Comparator): string => `${criteria} ${value}`;
