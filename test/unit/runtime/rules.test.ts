import { describe, expect, test } from '@jest/globals';
import { FencedError } from '../../../src/runtime/errors.ts';
import {
  openTargets,
  type JournalRecord,
  type JournalTarget,
  type TargetPhase,
} from '../../../src/runtime/journal.ts';
import { onBegin, onFinish, onSave } from '../../../src/runtime/stores/rules.ts';
import { identity, recordWith } from './pieces.ts';

const stored = (record: JournalRecord) => ({ kind: 'record', record }) as const;
const attempt = (fn: () => JournalRecord | undefined): string[] | string => {
  try {
    const r = fn();
    return r === undefined ? 'left' : openTargets(r);
  } catch (e) {
    return (e as Error).name;
  }
};

const inCycle = (cycle: number, phase: TargetPhase): JournalTarget => ({
  phase,
  cycle,
  before: 'Enabled',
  at: '2026-01-01T00:00:00.000Z',
});

describe('a target that is open in the store again (cycle 2) and closed (cycle 1) in what another process knows', () => {
  // A, cycle 2: the intent is durable, the disable on its way.
  const held = recordWith({}, { targets: { x: inCycle(2, 'targeted') } });
  // B looked between the cycles.
  const claim = recordWith({}, { owner: 'attempt-2', targets: { x: inCycle(1, 'reverted') } });
  test('claim: must be fenced or stay open', () => {
    expect(attempt(() => onBegin(stored(held), claim))).not.toEqual([]);
  });
  test('unfenced save: must stay open', () => {
    expect(attempt(() => onSave(stored(held), claim, false))).not.toEqual([]);
  });
  test('final verdict: must not be written as finished', () => {
    expect(() => onFinish(stored(held), { ...claim, finished: true })).toThrow(FencedError);
  });
});

describe('a wall clock that is behind must not let an older run write over a newer one', () => {
  const A = identity();
  const B = identity({ jobId: 'job-2', attempt: 'attempt-2', pod: 'pod-2' });
  // B's node is behind A's: its run began later and says an earlier time.
  const held = recordWith(
    { x: 'injected' },
    { run: B, owner: 'attempt-2', startedAt: '2025-12-31T23:59:00.000Z' },
  );
  const old = recordWith({ x: 'reverted' }, { run: A });
  test('in a background save', () => expect(attempt(() => onSave(stored(held), old, false))).toBe('left'));
  test('in a verdict', () => {
    const d = onFinish(stored(held), { ...old, finished: true });
    expect(d.kind === 'write' ? d.journal?.run.jobId : undefined).not.toBe('job-1');
  });
});

test('a fresh beginning never takes over a run of the same Job that has been begun and has injected', () => {
  const held = recordWith({ x: 'reverted' }); // A between its cycles, or in the ramp after
  const fresh = recordWith({}, { run: identity({ pod: 'pod-2', attempt: 'attempt-2' }), owner: 'attempt-2' });
  expect(attempt(() => onBegin(stored(held), fresh))).toBe('FencedError');
});
