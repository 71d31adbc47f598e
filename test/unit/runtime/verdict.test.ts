import { describe, expect, test } from '@jest/globals';
import { judge, type ProbeVerdict, type RunError, type RunFacts } from '../../../src/runtime/verdict.ts';

const ERROR: RunError = { code: 'CHAOS_INJECT_ERROR', phase: 'ChaosInject', message: 'it broke' };
const PROBE_ERROR: RunError = { code: 'HTTP_PROBE_ERROR', phase: 'PreChaos', message: 'no such host' };

const probes = (...verdicts: ProbeVerdict['verdict'][]): ProbeVerdict[] =>
  verdicts.map((verdict, index) => ({ name: `probe-${index}`, type: 'httpProbe', mode: 'EOT', verdict }));

const facts = (change: Partial<RunFacts> = {}): RunFacts => ({
  aborted: false,
  stoppedByProbe: false,
  probes: [],
  ...change,
});

const PASS = { phase: 'Completed', verdict: 'Pass', probeSuccessPercentage: '100', counter: 'passedRuns' };
const failed = (share: string) => ({
  phase: 'Completed_With_Probe_Failure',
  verdict: 'Fail',
  probeSuccessPercentage: share,
  counter: 'failedRuns',
});
const stopped = (share: string) => ({
  phase: 'Stopped',
  verdict: 'Stopped',
  probeSuccessPercentage: share,
  counter: 'stoppedRuns',
});
const errored = (error: RunError) => ({
  phase: 'Error',
  verdict: 'Error',
  probeSuccessPercentage: '0',
  error,
});

describe('the verdict', () => {
  test.each<[string, RunFacts, object]>([
    ['all good without probes', facts(), PASS],
    ['all good with probes', facts({ probes: probes('Passed', 'Passed') }), PASS],
    ['a failed probe', facts({ probes: probes('Passed', 'Failed', 'Passed') }), failed('66')],
    ['every probe failed', facts({ probes: probes('Failed', 'Failed') }), failed('0')],
    [
      'a failed probe that stops the run',
      facts({ stoppedByProbe: true, probes: probes('Failed', 'N/A') }),
      stopped('0'),
    ],
    [
      'a probe that could not be evaluated',
      facts({ probeError: PROBE_ERROR, probes: probes('Passed', 'N/A') }),
      errored(PROBE_ERROR),
    ],
    [
      'a probe that could not be evaluated beside one that failed',
      facts({ probeError: PROBE_ERROR, probes: probes('Failed', 'N/A') }),
      errored(PROBE_ERROR),
    ],
    ['an error of the experiment', facts({ error: ERROR }), errored(ERROR)],
    [
      'an error of the experiment with probes that passed',
      facts({ error: ERROR, probes: probes('Passed') }),
      errored(ERROR),
    ],
    [
      'an error of the experiment after a failed probe',
      facts({ error: ERROR, probes: probes('Passed', 'Failed') }),
      { ...failed('50'), error: ERROR },
    ],
    ['an abort without probes', facts({ aborted: true }), stopped('0')],
    [
      'an abort with probes',
      facts({ aborted: true, probes: probes('Passed', 'Awaited', 'Awaited') }),
      stopped('33'),
    ],
    [
      'an abort after a failed probe (Stopped, where upstream says Fail)',
      facts({ aborted: true, probes: probes('Passed', 'Failed') }),
      stopped('50'),
    ],
    ['an abort that an error followed', facts({ aborted: true, error: ERROR }), stopped('0')],
  ])('of %s', (_situation, given, expected) => {
    expect(judge(given)).toEqual(expected);
  });

  test('of an error changes no counter', () => {
    expect(judge(facts({ error: ERROR }))).not.toHaveProperty('counter');
    expect(judge(facts({ probeError: PROBE_ERROR }))).not.toHaveProperty('counter');
  });

  test('carries a share of digits alone, rounded down', () => {
    for (let total = 1; total <= 7; total += 1) {
      for (let good = 0; good < total; good += 1) {
        const mixed = [
          ...probes(...Array.from({ length: good }, () => 'Passed' as const)),
          ...probes(...Array.from({ length: total - good }, () => 'Failed' as const)),
        ];
        const { probeSuccessPercentage } = judge(facts({ probes: mixed }));
        expect(probeSuccessPercentage).toMatch(/^\d+$/);
        expect(Number(probeSuccessPercentage)).toBe(Math.floor((good * 100) / total));
      }
    }
  });
});
