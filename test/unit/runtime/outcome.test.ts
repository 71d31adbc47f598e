import { describe, expect, test } from '@jest/globals';
import { AbortedError, ChaosError } from '../../../src/runtime/errors.ts';
import type { JournalRecord } from '../../../src/runtime/journal.ts';
import { JournalWriter } from '../../../src/runtime/journal-writer.ts';
import { concludeRun, factsOf, type RunResult } from '../../../src/runtime/outcome.ts';
import type { RunStore } from '../../../src/runtime/ports.ts';
import type { Run } from '../../../src/runtime/run.ts';
import { MemoryRunStore } from '../../../src/runtime/stores/memory.ts';
import type { RunFacts } from '../../../src/runtime/verdict.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { recordWith, timeline } from './pieces.ts';

const PASSED: RunFacts = { aborted: false, stoppedByProbe: false, probes: [] };
const withLost = (lost: Record<string, string>): Run =>
  ({ lost: new Map(Object.entries(lost)) }) as unknown as Run;

describe('the facts of a run', () => {
  test.each<[string, unknown, RunFacts]>([
    ['ended in peace', undefined, PASSED],
    ['was stopped', new AbortedError('SIGTERM received'), { ...PASSED, aborted: true }],
    [
      'failed with a known error',
      new ChaosError('no', { code: 'TIMEOUT', phase: 'ChaosInject', target: 'a' }),
      { ...PASSED, error: { code: 'TIMEOUT', phase: 'ChaosInject', message: 'no', target: 'a' } },
    ],
    [
      'crashed',
      new ChaosError('boom', { code: 'GENERIC_ERROR', phase: 'Abort' }),
      { ...PASSED, error: { code: 'GENERIC_ERROR', phase: 'Abort', message: 'boom' } },
    ],
    [
      'broke for a reason that nobody foresaw',
      new TypeError('x is not a function'),
      { ...PASSED, error: { code: 'GENERIC_ERROR', phase: 'ChaosInject', message: 'x is not a function' } },
    ],
    [
      'broke with something that is no error',
      'what',
      { ...PASSED, error: { code: 'GENERIC_ERROR', phase: 'ChaosInject', message: 'what' } },
    ],
  ])('that %s', (_what, failure, facts) => {
    expect(factsOf(failure, withLost({}), [])).toEqual(facts);
    expect(factsOf(failure, undefined, [])).toEqual(facts);
  });

  test('whose window somebody cut short say by whom, for which mapping and when', () => {
    expect(
      factsOf(undefined, withLost({ a: 'a was enabled, seen 10:00', b: 'b was deleted, seen 10:01' }), []),
    ).toEqual({
      ...PASSED,
      error: {
        code: 'CHAOS_INJECT_ERROR',
        phase: 'ChaosInject',
        message:
          'The window was cut short by somebody else: a: a was enabled, seen 10:00; b: b was deleted, seen 10:01',
        target: 'a,b',
      },
    });
  });

  test('that was stopped say so, and not that somebody cut the window short before', () => {
    expect(factsOf(new AbortedError('stop'), withLost({ a: 'a was enabled' }), [])).toEqual({
      ...PASSED,
      aborted: true,
    });
  });
});

describe('the end of a run', () => {
  async function end(record: JournalRecord, facts: RunFacts, store: RunStore = new MemoryRunStore()) {
    const told = timeline();
    const journal = new JournalWriter(record, { store, clock: new VirtualClock(), emit: told.emit });
    const result = await concludeRun({ store, emit: told.emit, journal, facts });
    return { result, store, journal, ...told };
  }
  const verdictIn = (result: RunResult) => (result.kind === 'verdict' ? result : undefined);
  const broken: RunStore = {
    load: () => Promise.resolve({ kind: 'none' }),
    begin: () => Promise.resolve(),
    save: () => Promise.resolve(),
    showProbes: () => Promise.resolve(),
    finish: () => Promise.reject(new Error('the API is down')),
  };

  test('with everything back is recorded as finished', async () => {
    const { result, store } = await end(recordWith({ a: 'reverted', b: 'released', c: 'gone' }), PASSED);
    expect(result).toMatchObject({
      kind: 'verdict',
      recorded: true,
      leftOff: [],
      outcome: { verdict: 'Pass' },
    });
    expect(await store.load()).toMatchObject({ record: { finished: true } });
  });

  test.each(['targeted', 'injected'] as const)(
    'with a target that is %s stays unfinished, as an error of the revert',
    async (phase) => {
      const { result, store } = await end(recordWith({ a: 'reverted', b: phase }), PASSED);
      expect(result).toMatchObject({ recorded: true, leftOff: ['b'] });
      expect(verdictIn(result)?.outcome).toMatchObject({
        phase: 'Error',
        verdict: 'Error',
        error: { code: 'CHAOS_REVERT_ERROR', message: 'Still switched off: b.', target: 'b' },
        targets: [
          { id: 'a', chaosStatus: 'reverted' },
          { id: 'b', chaosStatus: phase },
        ],
      });
      expect(await store.load()).toMatchObject({ record: { finished: false } });
    },
  );

  const EARLIER = { code: 'TIMEOUT', phase: 'ChaosInject', message: 'too slow.' } as const;
  test.each<[string, Partial<RunFacts>, string]>([
    ['an abort', { aborted: true }, 'Still switched off: a.'],
    ['a probe that stopped the run', { stoppedByProbe: true }, 'Still switched off: a.'],
    ['an error', { error: EARLIER }, 'Still switched off: a. Before that: too slow.'],
    [
      'a probe that could not be evaluated',
      { probeError: EARLIER },
      'Still switched off: a. Before that: too slow.',
    ],
  ])('with a target off outweighs %s', async (_what, facts, message) => {
    const { result } = await end(recordWith({ a: 'injected' }), { ...PASSED, ...facts });
    expect(verdictIn(result)?.outcome).toMatchObject({
      verdict: 'Error',
      error: { code: 'CHAOS_REVERT_ERROR', phase: 'PostChaos', message },
    });
  });

  test('is not called recorded when the store could not keep it, and nothing is thrown', async () => {
    const { result, messages, events } = await end(recordWith(), PASSED, broken);
    expect(result).toMatchObject({ recorded: false, outcome: { verdict: 'Pass' } });
    expect(messages('error')).toEqual(['The verdict Pass could not be recorded: the API is down']);
    expect(events.map(({ type }) => type)).toEqual(['outcome', 'error']);
  });

  test('leaves no save behind that could follow the final write', async () => {
    const { journal, store } = await end(recordWith({ a: 'injected' }), PASSED);
    journal.note('a', 'reverted');
    await journal.flush();
    expect(await store.load()).toMatchObject({ record: { targets: { a: { phase: 'injected' } } } });
  });
});
