import { describe, expect, test } from '@jest/globals';
import { readSchedule } from '../../../src/litmus/environment.ts';
import type { Schedule } from '../../../src/runtime/schedule.ts';

const DEFAULTS: Schedule = {
  totalSeconds: 30,
  rampSeconds: 0,
  settleSeconds: 0,
  sequence: 'parallel',
  statusTimeoutSeconds: 180,
  statusDelaySeconds: 2,
  revertTimeoutSeconds: 600,
};

const NAMES = [
  'TOTAL_CHAOS_DURATION',
  'CHAOS_INTERVAL',
  'RAMP_TIME',
  'SEQUENCE',
  'SETTLE_TIME',
  'STATUS_CHECK_TIMEOUT',
  'STATUS_CHECK_DELAY',
  'REVERT_TIMEOUT',
];

describe('the tunables of the schedule', () => {
  test('have defaults, also where charts ship an empty value', () => {
    expect(readSchedule({})).toEqual({ schedule: DEFAULTS, problems: [] });
    expect(readSchedule(Object.fromEntries(NAMES.map((name) => [name, ''])))).toEqual({
      schedule: DEFAULTS,
      problems: [],
    });
  });

  test.each<[string, string, Partial<Schedule>]>([
    ['TOTAL_CHAOS_DURATION', '120', { totalSeconds: 120 }],
    ['CHAOS_INTERVAL', '10', { intervalSeconds: 10 }],
    ['RAMP_TIME', '5', { rampSeconds: 5 }],
    ['RAMP_TIME', '0', { rampSeconds: 0 }],
    ['SEQUENCE', 'serial', { sequence: 'serial' }],
    ['SEQUENCE', 'Serial', { sequence: 'serial' }],
    ['SETTLE_TIME', '60', { settleSeconds: 60 }],
    ['STATUS_CHECK_TIMEOUT', '300', { statusTimeoutSeconds: 300 }],
    ['STATUS_CHECK_DELAY', '7', { statusDelaySeconds: 7 }],
    // The runner allows 0, which would be a busy loop.
    ['STATUS_CHECK_DELAY', '0', { statusDelaySeconds: 1 }],
    ['REVERT_TIMEOUT', '60', { revertTimeoutSeconds: 60 }],
  ])('%s=%s', (name, value, change) => {
    expect(readSchedule({ [name]: value })).toEqual({ schedule: { ...DEFAULTS, ...change }, problems: [] });
  });

  test.each(['TOTAL_CHAOS_DURATION', 'CHAOS_INTERVAL', 'STATUS_CHECK_TIMEOUT', 'REVERT_TIMEOUT'])(
    '%s can not be nothing',
    (name) => {
      expect(readSchedule({ [name]: '0' }).problems).toEqual([
        { subject: name, message: 'got "0"; wanted are whole seconds, 1 or more and digits only, e.g. 30' },
      ]);
    },
  );

  test.each(NAMES)('%s refuses what it does not understand, with an example', (name) => {
    const { schedule, problems } = readSchedule({ [name]: '1m' });
    expect(schedule).toBeUndefined();
    expect(problems).toEqual([
      { subject: name, message: expect.stringMatching(/^got "1m"; wanted .*, e\.g\. \S+$/) },
    ]);
  });

  test('report everything that is wrong at once', () => {
    const { problems } = readSchedule(Object.fromEntries(NAMES.map((name) => [name, '-1'])));
    expect(problems.map(({ subject }) => subject).sort()).toEqual([...NAMES].sort());
  });
});
