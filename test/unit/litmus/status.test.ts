import { describe, expect, test } from '@jest/globals';
import {
  carryOver,
  finalStatus,
  readHistory,
  runningStatus,
  type History,
} from '../../../src/litmus/status.ts';
import type { Outcome, ProbeVerdict } from '../../../src/runtime/verdict.ts';
import { aRecord, aTarget } from '../../support/kube-api/records.ts';

const HISTORY: History = { passedRuns: 1, failedRuns: 2, stoppedRuns: 3, targets: [] };
const AWAITED: ProbeVerdict = { name: 'p', type: 'httpProbe', mode: 'EOT', verdict: 'Awaited' };
const FAILED: ProbeVerdict = { ...AWAITED, verdict: 'Failed', description: 'got 500' };
const error = {
  code: 'CHAOS_INJECT_ERROR',
  phase: 'ChaosInject',
  message: 'it broke',
  target: '{x}',
} as const;
const errorOutput = {
  errorCode: 'CHAOS_INJECT_ERROR',
  reason: '{"errorCode":"CHAOS_INJECT_ERROR","phase":"ChaosInject","reason":"it broke","target":"{x}"}',
};

const final = (outcome: Omit<Outcome, 'probes' | 'targets'>): unknown =>
  finalStatus(HISTORY, { probes: [], targets: [], ...outcome }, 'kind');

describe('the status of a ChaosResult', () => {
  test.each<[string, Omit<Outcome, 'probes' | 'targets'>, object, object]>([
    [
      'a pass',
      { phase: 'Completed', verdict: 'Pass', probeSuccessPercentage: '100', counter: 'passedRuns' },
      { errorOutput: null },
      { passedRuns: 2 },
    ],
    [
      'a failed probe',
      {
        phase: 'Completed_With_Probe_Failure',
        verdict: 'Fail',
        probeSuccessPercentage: '33',
        counter: 'failedRuns',
      },
      { errorOutput: null },
      { failedRuns: 3 },
    ],
    [
      'an error after a failed probe',
      {
        phase: 'Completed_With_Probe_Failure',
        verdict: 'Fail',
        probeSuccessPercentage: '0',
        counter: 'failedRuns',
        error,
      },
      { errorOutput },
      { failedRuns: 3 },
    ],
    [
      'an error',
      { phase: 'Error', verdict: 'Error', probeSuccessPercentage: '0', error },
      { errorOutput },
      {},
    ],
    [
      'an abort',
      { phase: 'Stopped', verdict: 'Stopped', probeSuccessPercentage: '0', counter: 'stoppedRuns' },
      { errorOutput: null },
      { stoppedRuns: 4 },
    ],
  ])('%s', (_what, outcome, experiment, counted) => {
    const { phase, verdict, probeSuccessPercentage } = outcome;
    expect(final(outcome)).toEqual({
      experimentStatus: { phase, verdict, probeSuccessPercentage, ...experiment },
      probeStatuses: null,
      history: { passedRuns: 1, failedRuns: 2, stoppedRuns: 3, targets: null, ...counted },
    });
  });

  test('a probe that was never run is N/A, except in a pass', () => {
    const outcome = { phase: 'Error', verdict: 'Error', probeSuccessPercentage: '0', targets: [] } as const;
    expect(finalStatus(HISTORY, { ...outcome, probes: [AWAITED, FAILED] }, 'kind')).toMatchObject({
      probeStatuses: [
        { status: { verdict: 'N/A', description: 'Either probe is not executed or not evaluated' } },
        { status: { verdict: 'Failed', description: 'got 500' } },
      ],
    });
    const pass = { ...outcome, verdict: 'Pass', phase: 'Completed' } as const;
    expect(finalStatus(HISTORY, { ...pass, probes: [AWAITED] }, 'kind')).toMatchObject({
      probeStatuses: [{ name: 'p', type: 'httpProbe', mode: 'EOT', status: { verdict: 'Awaited' } }],
    });
  });

  test('a begun run awaits every probe, whatever was known of it', () => {
    expect(runningStatus(HISTORY, [FAILED])).toMatchObject({
      probeStatuses: [{ status: { verdict: 'Awaited' } }],
    });
  });

  test.each([
    undefined,
    null,
    {},
    { history: null },
    { history: { passedRuns: 'x', failedRuns: -1, targets: {} } },
  ])('a history that is not one (%j) counts as none', (status) => {
    expect(readHistory(status)).toEqual({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0, targets: [] });
  });

  test('of earlier targets only those stay that are off as far as anybody knows', () => {
    const target = (name: string, chaosStatus: string): History['targets'][number] => ({
      name,
      kind: 'k',
      chaosStatus,
    });
    const targets = [
      target('a', 'injected'),
      target('b', 'reverted'),
      target('c', 'injected'),
      target('d', 'injected'),
    ];
    const journal = aRecord({ targets: { c: aTarget('reverted'), d: aTarget('injected') } });
    expect(carryOver({ ...HISTORY, targets }, journal).targets.map((t) => t.name)).toEqual(['a', 'd']);
    expect(carryOver({ ...HISTORY, targets }, undefined).targets.map((t) => t.name)).toEqual(['a', 'c', 'd']);
  });
});
