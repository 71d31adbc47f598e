import { describe, expect, test } from '@jest/globals';
import { toJob } from '../../../src/kube/models.ts';

describe('a Job', () => {
  test.each([
    ['that is new', undefined, false],
    ['that runs', [], false],
    ['that is complete', [{ type: 'Complete', status: 'True' }], true],
    ['that has used up its retries', [{ type: 'Failed', status: 'True' }], true],
    ['whose failure was taken back', [{ type: 'Failed', status: 'False' }], false],
    ['that is suspended', [{ type: 'Suspended', status: 'True' }], false],
    // Its last pod is still ending (Kubernetes 1.31 and later).
    ['that is about to fail', [{ type: 'FailureTarget', status: 'True' }], false],
  ])('%s', (_what, conditions, over) => {
    const status = conditions === undefined ? {} : { conditions };
    const metadata = { name: 'job', uid: 'uid', labels: { chaosUID: 'engine' } };
    expect(toJob({ metadata, status })).toEqual({
      name: 'job',
      uid: 'uid',
      labels: { chaosUID: 'engine' },
      over,
    });
  });

  test('of which the server says nothing is not over', () => {
    expect(toJob({})).toEqual({ name: '', uid: '', labels: {}, over: false });
  });
});
