import { expect, test } from '@jest/globals';
import { sparkline } from '../../../demo/view/spark.ts';

const LEVELS = '_ . : - = + * #'.split(' ');
const line = (backlogs: readonly number[], fullAt = 70, columns = 8): string =>
  sparkline(
    backlogs.map((backlog, index) => ({ atMs: index * 100, backlog, produced: 0, processed: 0 })),
    { fromMs: 0, toMs: 800, columns, fullAt, levels: LEVELS },
  );

test('a backlog that grows and drains is a hill; what has not happened is blank', () => {
  expect(line([0, 10, 40, 70, 40, 0])).toBe('_.=#=_  ');
});

test('a short peak between two cells is not lost', () => {
  expect(line([0, 0, 70, 0, 0, 0, 0, 0], 70, 2)).toBe('#_');
});

test('a backlog above the scale raises the scale and never leaves the cell', () => {
  expect(line([70, 140])).toBe('=#      ');
});

test('cells narrower than the time between two looks keep what was seen before', () => {
  expect(line([0, 70], 70, 16)).toBe('__#             ');
});
