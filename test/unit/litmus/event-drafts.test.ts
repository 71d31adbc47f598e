import { describe, expect, test } from '@jest/globals';
import { draftsOf, eventName } from '../../../src/litmus/event-drafts.ts';
import { readIdentity } from '../../../src/litmus/identity.ts';
import type { TimelineEvent } from '../../../src/runtime/events.ts';
import type { Phase, Verdict } from '../../../src/runtime/verdict.ts';

const CONTEXT = { experiment: 'esm', targetKind: 'lambda-event-source-mapping', aborted: false };

const outcome = (verdict: Verdict, phase: Phase): TimelineEvent => ({
  type: 'outcome',
  outcome: { verdict, phase, probeSuccessPercentage: '0', probes: [], targets: [] },
});

const lines = (event: TimelineEvent, aborted = false): string[] =>
  draftsOf(event, { ...CONTEXT, aborted }).map((d) => `${d.about} ${d.type} ${d.reason}: ${d.message}`);

describe('the Kubernetes Events of a run', () => {
  test.each<[string, TimelineEvent, boolean, string[]]>([
    ['good checks', { type: 'pre-chaos', ok: true }, false, ['engine Normal PreChaosCheck: AUT: Running']],
    [
      'bad checks',
      { type: 'pre-chaos', ok: false },
      false,
      ['engine Warning PreChaosCheck: AUT: Not Running'],
    ],
    [
      'a cycle',
      { type: 'cycle', cycle: 1, cycles: 2, targets: [], holdSeconds: 30 },
      false,
      ['engine Normal ChaosInject: Injecting esm chaos on lambda event source mapping'],
    ],
    ['the end', { type: 'post-chaos', ok: true }, false, ['engine Normal PostChaosCheck: AUT: Running']],
    [
      'a pass',
      outcome('Pass', 'Completed'),
      false,
      [
        'result Normal Pass: experiment: esm, Result: Pass',
        'engine Normal Summary: esm experiment has been Passed',
      ],
    ],
    [
      'a fail',
      outcome('Fail', 'Completed_With_Probe_Failure'),
      false,
      [
        'result Warning Fail: experiment: esm, Result: Fail',
        'engine Normal Summary: esm experiment has been Failed',
      ],
    ],
    [
      'an error',
      outcome('Error', 'Error'),
      false,
      [
        'result Warning Error: experiment: esm, Result: Error',
        'engine Warning Summary: experiment: esm, Result: Error',
      ],
    ],
    [
      'a stop by a probe',
      outcome('Stopped', 'Stopped'),
      false,
      [
        'result Warning Stopped: experiment: esm, Result: Stopped',
        'engine Warning Summary: experiment: esm, Result: Stopped',
      ],
    ],
    [
      'an abort',
      outcome('Stopped', 'Stopped'),
      true,
      [
        'engine Warning Summary: esm experiment has been aborted',
        'result Warning Abort: esm experiment has been aborted',
      ],
    ],
    [
      'an abort after which a mapping stayed off',
      outcome('Error', 'Error'),
      true,
      [
        'result Warning Error: experiment: esm, Result: Error',
        'engine Warning Summary: experiment: esm, Result: Error',
      ],
    ],
    ['what concerns only people', { type: 'note', message: 'x' }, false, []],
  ])('%s', (_what, event, aborted, expected) => {
    expect(lines(event, aborted)).toEqual(expected);
  });

  test('their names are those that readers count by', () => {
    const identity = readIdentity({ EXPERIMENT_NAME: 'esm', CHAOS_UID: 'uid-1', POD_NAME: 'a-pod' });
    expect(eventName({ about: 'engine', reason: 'ChaosInject' }, identity)).toBe('ChaosInjectesmuid-1');
    expect(eventName({ about: 'result', reason: 'Pass' }, identity)).toBe('Passa-pod');
  });
});
