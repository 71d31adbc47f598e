import { describe, expect, test } from '@jest/globals';
import { peakIn } from '../../../bench/bare.ts';
import { median, ratioOf, tally, type Figure } from '../../../bench/figures.ts';
import { align, callTable, figureTable } from '../../../bench/table.ts';

const figure = (changed: Partial<Figure>): Figure => ({
  name: 'start',
  unit: 'ms',
  samples: [{ value: 200, bareMs: 50 }],
  ...changed,
});

describe('a figure', () => {
  test('is the middle sample, or the mean of the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
    expect(() => median([])).toThrow();
  });

  test('is divided sample by sample, so that a slow moment counts in both', () => {
    const slowMoment = { value: 2_000, bareMs: 500 };
    expect(ratioOf(figure({ samples: [{ value: 200, bareMs: 50 }, slowMoment] }))).toBe(4);
  });

  test('says whether it meets its aim', () => {
    expect(figureTable([figure({ aim: 250 })])).toContain('aim < 250 ms: met');
    expect(figureTable([figure({ aim: 200 })])).toContain('aim < 200 ms: MISSED');
  });

  test('stands beside the physical limit', () => {
    expect(figureTable([figure({ limit: 400 })])).toContain('0.50 of the 400 ms at 15 requests a second');
  });
});

describe('the requests of runs', () => {
  test('count as 0 where a run did not make them', () => {
    expect(tally([['get', 'get'], ['put'], ['get']])).toEqual({ get: [2, 0, 1], put: [0, 1, 0] });
  });

  test('are a row each, with a total for each number of mappings', () => {
    const calls = new Map([
      [10, { get: [10], put: [3] }],
      [1, { get: [1] }],
    ]);
    expect(callTable(calls).split('\n')).toEqual([
      '          1   10   mappings',
      '  get     1   10',
      '  put     0    3',
      '  total   1   13',
    ]);
  });
});

test('columns are as wide as their widest cell', () => {
  expect(
    align([
      ['a', '1', ''],
      ['bbb', '22', 'x'],
    ]),
  ).toBe('  a      1\n  bbb   22   x');
});

test('the peak is VmHWM in MB of 10^6 bytes, and unknown of a process that has ended', () => {
  expect(peakIn('VmPeak:\t  900000 kB\nVmHWM:\t   62500 kB\nVmRSS:\t   1 kB\n')).toBe(64);
  expect(peakIn('Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined();
});
