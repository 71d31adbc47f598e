import { describe, expect, test } from '@jest/globals';
import { parseDuration } from '../../../src/litmus/probes/duration.ts';

describe('a duration as Go writes it', () => {
  test.each([
    ['', 0],
    ['0', 0],
    ['0s', 0],
    ['5s', 5_000],
    ['300ms', 300],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['1.5s', 1_500],
    ['.5s', 500],
    ['+2s', 2_000],
    ['2us', 0.002],
    [' 2s ', 2_000],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 6);
  });

  test.each(['5', '+', 's', '5 s', '-5s', '5S', 'five', '1m30', '5s!', '1d', '--'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
