import { describe, expect, test } from '@jest/globals';
import { dueSeconds, planGroups, planHolds, type Schedule } from '../../../src/runtime/schedule.ts';

const SCHEDULE: Schedule = {
  totalSeconds: 30,
  rampSeconds: 0,
  settleSeconds: 0,
  sequence: 'parallel',
  statusTimeoutSeconds: 180,
  statusDelaySeconds: 2,
  revertTimeoutSeconds: 600,
};

describe('the holds of a schedule', () => {
  test.each<[number, number | undefined, number[]]>([
    [30, undefined, [30]],
    [30, 30, [30]],
    [120, 30, [30, 30, 30, 30]],
    [70, 30, [30, 30, 10]],
    [10, 30, [10]],
    [1, 1, [1]],
    [31, 30, [30, 1]],
  ])('%p s with interval %p are %j', (totalSeconds, intervalSeconds, holds) => {
    const given = intervalSeconds === undefined ? { totalSeconds } : { totalSeconds, intervalSeconds };
    expect(planHolds(given)).toEqual(holds);
  });

  test('together are always the whole duration', () => {
    for (let totalSeconds = 1; totalSeconds <= 60; totalSeconds += 1) {
      for (let intervalSeconds = 1; intervalSeconds <= 60; intervalSeconds += 7) {
        const holds = planHolds({ totalSeconds, intervalSeconds });
        expect(holds.reduce((a, b) => a + b, 0)).toBe(totalSeconds);
        expect(Math.min(...holds)).toBeGreaterThan(0);
      }
    }
  });

  test('belong to one group in parallel and to one group a mapping in serial', () => {
    expect(planGroups({ sequence: 'parallel' }, ['a', 'b', 'c'])).toEqual([['a', 'b', 'c']]);
    expect(planGroups({ sequence: 'serial' }, ['a', 'b', 'c'])).toEqual([['a'], ['b'], ['c']]);
  });
});

describe('the time by which a cycle is over at the very latest', () => {
  test.each<[string, Partial<Schedule>, number]>([
    ['holds, waits twice for a state, reverts, and may overrun', {}, 30 + 2 * 180 + 600 + 120],
    ['settles', { settleSeconds: 5 }, 5 + 30 + 2 * 180 + 600 + 120],
    ['waits as long as it is told for a state', { statusTimeoutSeconds: 300 }, 30 + 2 * 300 + 600 + 120],
    ['reverts as long as it is told', { revertTimeoutSeconds: 60 }, 30 + 2 * 180 + 60 + 120],
    ['has nothing to do with the ramp and other cycles', { rampSeconds: 7, totalSeconds: 900 }, 1110],
  ])('%s', (_what, change, seconds) => {
    expect(dueSeconds({ ...SCHEDULE, ...change }, 30)).toBe(seconds);
  });
});
