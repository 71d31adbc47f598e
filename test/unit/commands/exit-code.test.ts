import { describe, expect, test } from '@jest/globals';
import { EXIT, exitCodeOf } from '../../../src/commands/exit-code.ts';
import type { RunResult } from '../../../src/runtime/outcome.ts';
import type { Verdict } from '../../../src/runtime/verdict.ts';

const ended = (verdict: Verdict, change: { recorded?: boolean; leftOff?: string[] } = {}): RunResult => ({
  kind: 'verdict',
  outcome: { phase: 'Completed', verdict, probeSuccessPercentage: '0', probes: [], targets: [] },
  recorded: true,
  leftOff: [],
  ...change,
});

describe('the exit code', () => {
  test.each<[Verdict, number, number]>([
    ['Pass', 0, 0],
    ['Fail', 0, 1],
    ['Error', 0, 2],
    ['Stopped', 0, 3],
  ])(
    'of a recorded %s is %p under a Job, which would run the chaos again otherwise, and %p alone',
    (verdict, job, alone) => {
      expect(exitCodeOf(ended(verdict), true)).toBe(job);
      expect(exitCodeOf(ended(verdict), false)).toBe(alone);
    },
  );

  test.each([true, false])(
    'brings the next pod when something is left off or unrecorded (under a Job: %p)',
    (job) => {
      expect(exitCodeOf(ended('Pass', { recorded: false }), job)).toBe(EXIT.unrecorded);
      expect(exitCodeOf(ended('Error', { leftOff: ['a'] }), job)).toBe(EXIT.leftOff);
      expect(exitCodeOf(ended('Error', { leftOff: ['a'], recorded: false }), job)).toBe(EXIT.leftOff);
      expect(exitCodeOf({ kind: 'refused', why: 'unreadable' }, job)).toBe(EXIT.leftOff);
      expect(exitCodeOf({ kind: 'nothing-to-do', why: 'done' }, job)).toBe(EXIT.ok);
    },
  );

  test('tells every way to end from the others', () => {
    expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length);
    expect([EXIT.leftOff, EXIT.unrecorded]).not.toContain(0);
  });
});
