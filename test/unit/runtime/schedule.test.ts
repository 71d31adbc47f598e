import { describe, expect, test } from '@jest/globals';
import { latestEnd, planGroups, planHolds, type Schedule } from '../../../src/runtime/schedule.ts';

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

describe('the latest end of a run', () => {
  test.each<[string, Partial<Schedule>, number, number]>([
    ['one cycle: hold, three waits, revert', {}, 1, 30 + 3 * 180 + 600],
    ['in parallel more mappings take no longer', {}, 9, 30 + 3 * 180 + 600],
    ['in serial each has its own schedule', { sequence: 'serial' }, 3, 3 * (30 + 3 * 180) + 600],
    ['each cycle waits anew', { intervalSeconds: 10 }, 1, 30 + 3 * 3 * 180 + 600],
    ['the ramp comes twice', { rampSeconds: 7 }, 1, 14 + 30 + 3 * 180 + 600],
    ['each cycle settles', { settleSeconds: 5, intervalSeconds: 15 }, 1, 30 + 2 * (5 + 540) + 600],
    ['the revert has its own bound', { revertTimeoutSeconds: 60 }, 1, 30 + 3 * 180 + 60],
  ])('%s', (_what, change, targets, seconds) => {
    expect(latestEnd({ ...SCHEDULE, ...change }, targets)).toBe(seconds);
  });
});
