import { expect, test } from '@jest/globals';
import { NO_PROBES } from '../../../src/runtime/probes.ts';
import { runExperiment } from '../../../src/runtime/experiment.ts';
import { MemoryRunStore } from '../../../src/runtime/stores/memory.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { ALONE, BEGIN, EMPTY_PLAN, faultWith, identity, timeline } from './pieces.ts';

const HOLD = 1_000;
/** Two waits for a state, the hold, the revert, and what they may overrun. */
const DUE = 2 * 180 + HOLD + 600 + 120;

/** Seconds from the beginning to the deadlines that were journaled while something was off, in order. */
async function journaledDeadlines(savesTakeMs: number): Promise<number[]> {
  const clock = new VirtualClock();
  const store = new MemoryRunStore();
  const deadlines = new Set<number>();
  const save = store.save.bind(store);
  store.save = async (record, options) => {
    await clock.sleep(savesTakeMs);
    if (Object.values(record.targets).some(({ phase }) => phase === 'targeted'))
      deadlines.add((Date.parse(record.deadline ?? '') - Date.parse(BEGIN)) / 1000);
    return save(record, options);
  };
  const fault = faultWith({
    discover: () => Promise.resolve({ ...EMPTY_PLAN, targets: [{ id: 'a', before: 'Enabled', label: 'a' }] }),
    inject: (_ids, { permit }) => permit(),
    revert: (targets, control) => {
      const back = { status: 'reverted', detail: '', sentAtMs: clock.monotonicMs() } as const;
      const results = targets.map(({ id }) => ({ id, ...back }));
      results.forEach(control.settled);
      return Promise.resolve(results);
    },
  });
  const schedule = {
    totalSeconds: 2 * HOLD,
    intervalSeconds: HOLD,
    rampSeconds: 0,
    settleSeconds: 0,
    sequence: 'parallel' as const,
    statusTimeoutSeconds: 180,
    statusDelaySeconds: 2,
    revertTimeoutSeconds: 600,
  };
  await clock.run(
    runExperiment({
      identity: identity(),
      configure: () => Promise.resolve({ schedule, fault, probes: NO_PROBES }),
      reopen: () => Promise.resolve(fault),
      store,
      surroundings: ALONE,
      clock,
      emit: timeline().emit,
      signal: new AbortController().signal,
      revertTimeoutMs: 600_000,
    }),
  );
  return [...deadlines];
}

test('each cycle has a deadline of its own, counted from its disable', async () => {
  expect(await journaledDeadlines(0)).toEqual([DUE, HOLD + DUE]);
});

test('a journal that is slow to permit the disable moves the deadline along', async () => {
  const deadlines = await journaledDeadlines(6_000);
  // The intent took six seconds, so its permit is stale and asked for anew, with the deadline of that moment.
  expect(deadlines.slice(0, 2)).toEqual([DUE, DUE + 6]);
});
