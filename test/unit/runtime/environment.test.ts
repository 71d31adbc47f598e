import { describe, expect, test } from '@jest/globals';
import { str } from 'envalid';
import {
  likelyTypos,
  oneOf,
  quoted,
  readVariables,
  wholeNumber,
  wholeSeconds,
} from '../../../src/runtime/environment.ts';

const SPECS = {
  HOLD: wholeSeconds(1)({ default: 30, desc: 'the hold', example: '30' }),
  COUNT: wholeNumber(2, 'mappings')({ default: 50, desc: 'how many' }),
  ORDER: oneOf(['parallel', 'serial'])({ default: 'parallel', desc: 'the order' }),
  NAME: str({ desc: "the function's name", example: 'orders' }),
};

const read = (env: Record<string, string | undefined>) => readVariables({ NAME: 'orders', ...env }, SPECS);
const problemsOf = (env: Record<string, string | undefined>): string[] =>
  read(env).problems.map(({ subject, message }) => `${subject} ${message}`);

describe('the variables', () => {
  test('have their defaults where they are absent, empty or blank', () => {
    const defaults = { HOLD: 30, COUNT: 50, ORDER: 'parallel', NAME: 'orders' };
    expect(read({}).values).toEqual(defaults);
    expect(read({ HOLD: '', COUNT: '  ', ORDER: '\n' }).values).toEqual(defaults);
  });

  test('are read with blanks around them and in any case', () => {
    expect(read({ HOLD: ' 7 ', ORDER: ' SERIAL ', NAME: ' billing ' }).values).toEqual({
      HOLD: 7,
      COUNT: 50,
      ORDER: 'serial',
      NAME: 'billing',
    });
  });

  test.each(['90s', '1.5', '-5', '+5', '1e3', '0x10', '1 0', 'Infinity', 'NaN', '0', '١٢'])(
    'refuse %j as whole seconds, with what came, what is wanted and an example',
    (value) => {
      expect(problemsOf({ HOLD: value })).toEqual([
        `HOLD got ${JSON.stringify(value)}; wanted are whole seconds, 1 or more and digits only, e.g. 30`,
      ]);
    },
  );

  test('refuse a number that is meant in another unit', () => {
    expect(problemsOf({ HOLD: '9007199254740993' })).toEqual([
      'HOLD got "9007199254740993"; wanted are whole seconds, at most 604800, e.g. 30',
    ]);
  });

  test('know their own least value', () => {
    expect(problemsOf({ COUNT: '1' })).toEqual([
      'COUNT got "1"; wanted are mappings, 2 or more and digits only, e.g. 30',
    ]);
    expect(read({ COUNT: '2' }).values?.COUNT).toBe(2);
  });

  test('refuse what is not one of the choices', () => {
    expect(problemsOf({ ORDER: 'random' })).toEqual([
      'ORDER got "random"; wanted is one of parallel, serial, e.g. parallel',
    ]);
  });

  test.each([undefined, '', ' '])('say which one is required and missing (%j)', (value) => {
    expect(problemsOf({ NAME: value })).toEqual([
      "NAME is required and not set; wanted is the function's name, e.g. orders",
    ]);
  });

  test('are all reported at once, and give no values then', () => {
    const { values, problems } = read({ HOLD: 'x', COUNT: 'y', ORDER: 'z', NAME: '' });
    expect(values).toBeUndefined();
    expect(problems.map(({ subject }) => subject).sort()).toEqual(['COUNT', 'HOLD', 'NAME', 'ORDER']);
  });

  test('are copied to an object that may be asked for anything', () => {
    const values: Record<string, unknown> | undefined = read({}).values;
    expect(values?.OTHER).toBeUndefined();
    expect(Object.keys(values ?? {})).toHaveLength(4);
  });

  test('are quoted short in messages, for one may hold a pasted document', () => {
    expect(quoted('a"b')).toBe('"a\\"b"');
    expect(quoted('x'.repeat(80))).toHaveLength(82);
    expect(quoted('x'.repeat(5_000))).toBe(`"${'x'.repeat(77)}..."`);
  });
});

describe('a likely typo', () => {
  const KNOWN = ['TOTAL_CHAOS_DURATION', 'EVENT_UUIDS', 'FORCE', 'RAMP_TIME'];

  test.each([
    ['EVENT_UUID', 'EVENT_UUIDS'],
    ['EVENT_UIDS', 'EVENT_UUIDS'],
    ['EVENTS_UUIDS', 'EVENT_UUIDS'],
    ['TOTAL_CHAOS_DURATOIN', 'TOTAL_CHAOS_DURATION'],
    ['RAMPTIME', 'RAMP_TIME'],
    ['RAMP-TIME', 'RAMP_TIME'],
  ])('%s probably meant %s', (name, meant) => {
    expect(likelyTypos({ [name]: '1' }, KNOWN)).toEqual([{ name, meant }]);
  });

  test.each([
    'EVENT_UUIDS',
    'EVENT',
    'PATH',
    'TIME',
    'TOTAL_DURATION',
    'LAMP_NAME',
    'event_uuids',
    'KUBERNETES_PORT',
  ])('%s is none', (name) => {
    expect(likelyTypos({ [name]: '1' }, KNOWN)).toEqual([]);
  });
});
