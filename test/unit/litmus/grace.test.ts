import { describe, expect, test } from '@jest/globals';
import { graceWarning } from '../../../src/litmus/grace.ts';

const warning = (given: string | undefined, revertTimeout = 600): string | undefined =>
  graceWarning(given === undefined ? {} : { TERMINATION_GRACE_PERIOD_SECONDS: given }, revertTimeout);

describe('the time that a stopped pod has', () => {
  test.each([
    [
      'an engine that sets nothing has the default of Kubernetes',
      '0',
      /gives this pod 30 s.*up to 600 s.*: 660/,
    ],
    ['an engine that sets too little', '599', /gives this pod 599 s/],
  ])('is warned about: %s', (_what, given, expected) => {
    expect(warning(given)).toMatch(expected);
  });

  test.each([
    ['it is enough', '660'],
    ['it is just enough', '600'],
    ['nobody knows it: a run without chaos-runner', undefined],
    ['nobody knows it: an empty value', ''],
    ['it is no number', 'soon'],
  ])('is not where %s', (_what, given) => {
    expect(warning(given)).toBeUndefined();
  });

  test('is measured by the revert that was asked for', () => {
    expect(warning('60', 30)).toBeUndefined();
    expect(warning('60', 90)).toContain('terminationGracePeriodSeconds: 150');
  });
});
