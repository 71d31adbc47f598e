import { describe, expect, test } from '@jest/globals';
import type { RevertControl, RevertResult, RevertTarget } from '../../../src/runtime/fault.ts';
import type { JournalStore, TargetPhase } from '../../../src/runtime/journal.ts';
import { JournalWriter } from '../../../src/runtime/journal-writer.ts';
import { leftovers, restore } from '../../../src/runtime/restore.ts';
import { MemoryRunStore } from '../../../src/runtime/stores/memory.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { faultWith, NEVER, pass, recordWith, revertAs, timeline } from './pieces.ts';

describe('what another process has left', () => {
  test('is every target that may be off, as inherited; an intent is watched for its disable to arrive late', () => {
    const phases: TargetPhase[] = ['targeted', 'injected', 'reverted', 'released', 'gone'];
    const record = recordWith(Object.fromEntries(phases.map((phase) => [phase, phase])));
    expect(leftovers(record)).toEqual([
      { id: 'targeted', inherited: true, lateWriteMs: 18_000 },
      { id: 'injected', inherited: true, lateWriteMs: 0 },
    ]);
  });

  test('is watched as long when the clock that wrote it was days behind', () => {
    const record = recordWith(
      {},
      { targets: { a: { phase: 'targeted', before: 'Enabled', at: '2020-01-01T00:00:00Z' } } },
    );
    expect(leftovers(record)[0]?.lateWriteMs).toBe(18_000);
  });
});

describe('a revert', () => {
  const target = (id: string): RevertTarget => ({ id, inherited: false, lateWriteMs: 0 });

  function begin(status: RevertResult['status'], store: JournalStore = new MemoryRunStore()) {
    const clock = new VirtualClock();
    const told = timeline();
    const journal = new JournalWriter(recordWith({ a: 'injected', b: 'targeted' }), {
      store,
      clock,
      emit: told.emit,
    });
    const controls: RevertControl[] = [];
    const fault = faultWith({
      revert: async (targets, control) => {
        controls.push(control);
        await clock.sleep(1_500);
        return revertAs(status, targets, control);
      },
    });
    const deps = { fault, journal, clock, emit: told.emit, revertTimeoutMs: 60_000 };
    const go = (...ids: string[]): Promise<RevertResult[]> =>
      clock.run(restore(ids.map(target), 'it is over', deps));
    return { go, journal, controls, clock, ...told };
  }

  test.each<[RevertResult['status'], TargetPhase]>([
    ['reverted', 'reverted'],
    ['already-enabled', 'reverted'],
    ['gone', 'gone'],
    ['failed', 'injected'],
  ])('that ends as %s leaves the target as %s in the journal', async (status, phase) => {
    const { go, journal } = begin(status);
    expect(await go('a')).toMatchObject([{ id: 'a', status }]);
    expect(journal.record.targets.a?.phase).toBe(phase);
    expect(journal.record.targets.b?.phase).toBe('targeted');
  });

  test('tells what it does, how each came back and how long that took', async () => {
    const { go, events } = begin('reverted');
    await go('a', 'b');
    expect(events).toEqual([
      { type: 'reverting', targets: ['a', 'b'], why: 'it is over' },
      { type: 'reverted', target: 'a', how: 'a is reverted', tookMs: 1_500 },
      { type: 'reverted', target: 'b', how: 'b is reverted', tookMs: 1_500 },
    ]);
  });

  test('that fails names the command that does it by hand', async () => {
    const { go, events } = begin('failed');
    await go('a');
    expect(events.at(-1)).toEqual({
      type: 'revert-failed',
      target: 'a',
      message: 'a is failed',
      undo: 'undo a',
    });
  });

  test('has its own deadline', async () => {
    const { go, controls, clock } = begin('reverted');
    await go('a');
    expect(controls[0]?.deadline.remainingMs).toBe(58_500);
    await pass(clock, 58_500);
    expect(controls[0]?.deadline.passed).toBe(true);
  });

  test('of nothing asks nobody and tells nothing', async () => {
    const { go, controls, events } = begin('reverted');
    expect(await go()).toEqual([]);
    expect([...controls, ...events]).toEqual([]);
  });

  test('does not wait for a journal that never answers', async () => {
    const { go } = begin('reverted', { load: () => NEVER, save: () => NEVER });
    expect(await go('a', 'b')).toHaveLength(2);
  });
});
