import { describe, expect, test } from '@jest/globals';
import type { TimelineEvent } from '../../../src/runtime/events.ts';
import type { Outcome } from '../../../src/runtime/verdict.ts';
import { linesOf, type Level } from '../../../src/telemetry/sentences.ts';
import { EMPTY_PLAN, identity } from '../runtime/pieces.ts';

const OUTCOME: Outcome = {
  phase: 'Completed',
  verdict: 'Pass',
  probeSuccessPercentage: '100',
  probes: [],
  targets: [
    { id: 'a', chaosStatus: 'reverted', askedHoldMs: 30_000, heldMs: 30_120, detail: 'enabled again' },
  ],
};
const UNDO = 'aws lambda update-event-source-mapping --region r --uuid a --enabled';
const problem = { subject: 'REGION', message: 'is empty' };

const EVENTS: readonly [TimelineEvent, ...[Level, string][]][] = [
  [
    { type: 'started', run: identity(), version: '1.2.3' },
    [
      'info',
      '[Info] lambda-chaos-runner 1.2.3 runs lambda-toggle-event-mapping-state for the engine engine.',
    ],
  ],
  [
    { type: 'started', run: identity({ engine: '' }), version: '1.2.3' },
    ['info', '[Info] lambda-chaos-runner 1.2.3 runs lambda-toggle-event-mapping-state standalone.'],
  ],
  [{ type: 'note', message: 'so it is' }, ['info', '[Info] so it is']],
  [{ type: 'warning', message: 'look out' }, ['warn', '[Warning] look out']],
  [
    { type: 'retry', what: 'GetFunction', attempt: 1, waitMs: 200, error: 'reset' },
    ['debug', '[Wait] GetFunction failed 1 time(s) and is tried again: reset'],
  ],
  [{ type: 'recovery', message: 'taken over', targets: ['a'] }, ['warn', '[Recovery] taken over']],
  [
    { type: 'planned', plan: { ...EMPTY_PLAN, warnings: ['w'], undo: { a: UNDO } } },
    ['info', '[PreReq] The caller is somebody.'],
    ['warn', '[Warning] w.'],
    ['info', `[Info] Should everything die, this undoes it by hand: ${UNDO}`],
  ],
  [
    { type: 'planned', plan: { ...EMPTY_PLAN, problems: [problem], undo: { a: UNDO } } },
    ['info', '[PreReq] The caller is somebody.'],
    ['error', '[PreReq] REGION: is empty.'],
  ],
  [{ type: 'pre-chaos', ok: true }, ['info', '[PreReq] The checks before the first change passed.']],
  [{ type: 'pre-chaos', ok: false }, ['error', '[PreReq] The checks before the first change failed.']],
  [{ type: 'ramp', position: 'before', seconds: 5 }, ['info', '[Ramp] Waiting 5 s before the chaos.']],
  [
    { type: 'cycle', cycle: 1, cycles: 2, targets: ['a', 'b'], holdSeconds: 30 },
    ['info', '[Chaos] Cycle 1 of 2: disabling 2 event source mappings for 30 s.'],
  ],
  [{ type: 'injected', target: 'a', afterMs: 1_234 }, ['info', '[Chaos] a is Disabled after 1.2 s.']],
  [
    { type: 'hold', targets: ['a'], seconds: 30 },
    ['info', '[Wait] Holding 1 event source mapping Disabled for 30 s.'],
  ],
  [
    { type: 'external-change', target: 'a', at: '10:00', message: 'a was enabled by somebody else' },
    ['warn', '[Chaos] a was enabled by somebody else, seen at 10:00; it is not fought.'],
  ],
  [
    { type: 'reverting', targets: ['a'], why: 'the hold is over' },
    ['info', '[Chaos] Reverting 1 event source mapping: the hold is over.'],
  ],
  [{ type: 'revert-sent', target: 'a' }, ['info', '[Chaos] Asking Lambda to enable a again.']],
  [
    { type: 'reverted', target: 'a', how: 'enabled again', tookMs: 950 },
    ['info', '[Chaos] a: enabled again, 0.9 s after the revert began.'],
  ],
  [
    { type: 'revert-failed', target: 'a', message: 'access denied', undo: UNDO },
    ['error', `[Chaos] a IS STILL SWITCHED OFF: access denied. Enable it by hand: ${UNDO}`],
  ],
  [
    { type: 'abort', why: 'SIGTERM received' },
    ['warn', '[Abort] No more chaos, reverting: SIGTERM received.'],
  ],
  [{ type: 'error', message: 'it broke' }, ['error', '[Error] it broke']],
  [
    { type: 'outcome', outcome: OUTCOME },
    ['info', '[Status] a was held Disabled 30.1 s of 30.0 s asked: enabled again.'],
    ['info', '[The End] Verdict Pass, phase Completed.'],
  ],
  [
    {
      type: 'outcome',
      outcome: {
        ...{ phase: 'Error', verdict: 'Error', probeSuccessPercentage: '0', probes: [] },
        targets: [{ id: 'a', chaosStatus: 'targeted', askedHoldMs: 0, heldMs: 0, detail: '' }],
        error: { code: 'TIMEOUT', phase: 'ChaosInject', message: 'too slow' },
      },
    },
    ['error', '[The End] Verdict Error, phase Error. TIMEOUT: too slow.'],
  ],
  [
    {
      type: 'outcome',
      outcome: { phase: 'Stopped', verdict: 'Stopped', probeSuccessPercentage: '0', probes: [], targets: [] },
    },
    ['warn', '[The End] Verdict Stopped, phase Stopped.'],
  ],
];

describe('a line of the log', () => {
  test.each(EVENTS.map(([event, ...lines]) => [event.type, event, lines] as const))(
    'tells of %s in a sentence',
    (_type, event, lines) => {
      expect(linesOf(event).map(({ level, message }) => [level, message])).toEqual(lines);
    },
  );

  test.each([true, false])('tells of the end of the window (%p)', (ok) => {
    const [line] = linesOf({ type: 'post-chaos', ok });
    expect(line?.message).toMatch(/^\[Status\] .*\.$/);
  });

  test('says undefined, null, NaN or [object Object] in no message', () => {
    for (const [event] of EVENTS) {
      for (const { message } of linesOf(event)) {
        expect(message).not.toMatch(/undefined|null|NaN|\[object/);
        expect(message).toMatch(/^\[[A-Z]/);
      }
    }
  });

  test('shows no command that undoes what was refused to begin', () => {
    const lines = linesOf({
      type: 'planned',
      plan: { ...EMPTY_PLAN, problems: [problem], undo: { a: UNDO } },
    });
    expect(JSON.stringify(lines)).not.toContain(UNDO);
  });

  test('carries the facts behind it as fields', () => {
    expect(linesOf({ type: 'note', message: 'x', detail: { pods: 2 } })[0]?.fields).toEqual({ pods: 2 });
    expect(linesOf({ type: 'hold', targets: ['a'], seconds: 30 })[0]?.fields).toEqual({
      targets: ['a'],
      seconds: 30,
    });
    expect(linesOf({ type: 'outcome', outcome: OUTCOME }).at(-1)?.fields).toMatchObject({
      verdict: 'Pass',
      phase: 'Completed',
      probeSuccessPercentage: '100',
    });
  });

  test('shows of an error its message alone, for whatever else hangs on it may be a secret', () => {
    const error = Object.assign(new Error('it broke'), { token: 'AKIAIOSFODNN7EXAMPLE' });
    expect(JSON.stringify(linesOf({ type: 'error', message: 'it broke', error }))).not.toContain('AKIA');
  });
});
