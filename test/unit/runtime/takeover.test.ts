import { describe, expect, jest, test } from '@jest/globals';
import { NO_PROBES } from '../../../src/runtime/probes.ts';
import { FencedError } from '../../../src/runtime/errors.ts';
import { runExperiment, type ExperimentDeps } from '../../../src/runtime/experiment.ts';
import type { Fault, RevertTarget } from '../../../src/runtime/fault.ts';
import type { JournalRecord } from '../../../src/runtime/journal.ts';
import type { Schedule } from '../../../src/runtime/schedule.ts';
import { MemoryRunStore } from '../../../src/runtime/stores/memory.ts';
import type { Outcome } from '../../../src/runtime/verdict.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { ALONE, EMPTY_PLAN, faultWith, identity, recordWith, revertAs, timeline } from './pieces.ts';

const ME = identity({ pod: 'pod-2', attempt: 'attempt-2' });
const OLDER = { run: identity({ jobId: 'job-0', pod: 'pod-0' }), owner: 'attempt-0' };
const SCHEDULE: Schedule = {
  totalSeconds: 30,
  rampSeconds: 0,
  settleSeconds: 0,
  sequence: 'parallel',
  statusTimeoutSeconds: 180,
  statusDelaySeconds: 2,
  revertTimeoutSeconds: 600,
};
const STOPPED: Outcome = {
  phase: 'Stopped',
  verdict: 'Stopped',
  probeSuccessPercentage: '0',
  probes: [],
  targets: [],
};

interface Parts {
  readonly stored: JournalRecord | string;
  readonly revert: Fault['revert'];
  /** Pods of the same Job that are alive, look by look; none after the last. */
  readonly pods: string[][];
  readonly deps: Partial<ExperimentDeps>;
  readonly adapt: (store: MemoryRunStore, clock: VirtualClock) => void;
}

/** The second pod of a Job, in front of what `stored` says. */
async function next(parts: Partial<Parts>) {
  const clock = new VirtualClock();
  const { stored = recordWith({ a: 'injected', b: 'reverted' }), pods = [] } = parts;
  const store = MemoryRunStore.holding(typeof stored === 'string' ? stored : JSON.stringify(stored));
  parts.adapt?.(store, clock);
  const reverts: RevertTarget[][] = [];
  const told = timeline();
  const discover = jest.fn(() => Promise.resolve(EMPTY_PLAN));
  const fault = faultWith({
    discover,
    revert: (targets, control) => {
      reverts.push([...targets]);
      return (parts.revert ?? ((...args) => revertAs('reverted', ...args)))(targets, control);
    },
  });
  const result = await clock.run(
    runExperiment({
      identity: ME,
      configure: () => Promise.resolve({ schedule: SCHEDULE, fault, probes: NO_PROBES }),
      reopen: () => Promise.resolve(fault),
      store,
      surroundings: { ...ALONE, otherLivePods: () => Promise.resolve(pods.shift() ?? []) },
      clock,
      emit: told.emit,
      signal: new AbortController().signal,
      revertTimeoutMs: 600_000,
      ...parts.deps,
    }),
  );
  const after = await store.load();
  const record = after.kind === 'record' ? after.record : undefined;
  return {
    result,
    store,
    record,
    reverts,
    discover,
    clock,
    ids: () => reverts.map((ts) => ts.map(({ id }) => id)),
    ...told,
  };
}

const CUT_OFF = { verdict: 'Error', error: { code: 'EXPERIMENT_ABORTED', phase: 'Abort' } };

describe('a pod that finds its own run begun', () => {
  test('brings back what is open, injects nothing, and records that the run was cut off', async () => {
    const { result, discover, reverts, record, events, store } = await next({});
    expect(reverts).toEqual([[{ id: 'a', inherited: true, lateWriteMs: 0 }]]);
    expect(discover).not.toHaveBeenCalled();
    expect(result).toMatchObject({ kind: 'verdict', recorded: true, leftOff: [], outcome: CUT_OFF });
    expect(store.outcome?.error?.message).toContain(
      'pod pod-1 ended before its verdict. No chaos was injected again.',
    );
    expect(record).toMatchObject({
      owner: 'attempt-2',
      finished: true,
      targets: { a: { phase: 'reverted' } },
    });
    expect(events[0]).toMatchObject({ type: 'recovery', targets: ['a'] });
  });

  test('keeps trying for as long as REVERT_TIMEOUT says', async () => {
    let remainingMs = 0;
    await next({
      deps: { revertTimeoutMs: 45_000 },
      revert: (targets, control) => {
        remainingMs = control.deadline.remainingMs;
        return revertAs('reverted', targets, control);
      },
    });
    expect(remainingMs).toBe(45_000);
  });

  test('records the verdict where nothing was off any more', async () => {
    const { result, reverts, record } = await next({ stored: recordWith({ a: 'reverted' }) });
    expect(reverts).toEqual([]);
    expect(result).toMatchObject({ outcome: CUT_OFF });
    expect(record?.finished).toBe(true);
  });

  test('has nothing to do when the run has its verdict', async () => {
    const { result, reverts, discover } = await next({
      stored: recordWith({ a: 'reverted' }, { finished: true }),
    });
    expect(result).toMatchObject({ kind: 'nothing-to-do' });
    expect([reverts.length, discover.mock.calls.length]).toEqual([0, 0]);
  });

  test('names what stays off and leaves the record to the next pod', async () => {
    const { result, record } = await next({ revert: (...args) => revertAs('failed', ...args) });
    expect(result).toMatchObject({ leftOff: ['a'], outcome: { error: { code: 'CHAOS_REVERT_ERROR' } } });
    expect(record).toMatchObject({ finished: false, targets: { a: { phase: 'injected' } } });
  });

  test('reverts although it can not claim the run, and warns', async () => {
    const { ids, messages } = await next({
      adapt: (store) => {
        store.begin = () => Promise.reject(new Error('the API is down'));
      },
    });
    expect(ids()).toEqual([['a']]);
    expect(messages('warning')).toContain('The run could not be claimed: the API is down');
  });

  test('does not wait for its claim before it reverts', async () => {
    const revertedAt: number[] = [];
    const { clock } = await next({
      adapt: (store, time) => {
        store.begin = () => time.sleep(90_000);
        const save = store.save.bind(store);
        store.save = (...args) => {
          revertedAt.push(time.monotonicMs());
          return save(...args);
        };
      },
    });
    expect(revertedAt[0]).toBe(0);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(90_000);
  });

  test('looks again when the other pod has journaled more before it was fenced', async () => {
    const { ids, record } = await next({
      adapt: (store) => {
        const begin = store.begin.bind(store);
        store.begin = async (claim) => {
          store.begin = begin;
          await store.save(recordWith({ a: 'injected', late: 'targeted' }), { fence: true });
          return begin(claim);
        };
      },
    });
    expect(ids()).toEqual([['a'], expect.arrayContaining(['late'])]);
    expect(record).toMatchObject({ finished: true, targets: { late: { phase: 'reverted' } } });
  });

  test('waits for the other pod and looks once more, for its disable may have come after the enable', async () => {
    const alive = ['pod-1'];
    const { ids, clock, result } = await next({ pods: [alive, alive, alive, []] });
    expect(ids()).toEqual([['a'], ['a']]);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(2_000);
    expect(result).toMatchObject({ outcome: CUT_OFF });
  });

  test('leaves the verdict to the other pod when that has recorded one meanwhile', async () => {
    const alive = ['pod-1'];
    const { result, store } = await next({
      pods: [alive, alive, alive, []],
      adapt: (held, clock) => {
        const other = recordWith({ a: 'reverted' }, { finished: true });
        clock
          .sleep(500)
          .then(
            () => held.finish(other, STOPPED),
            () => undefined,
          )
          .catch(() => undefined);
      },
    });
    expect(result).toMatchObject({ kind: 'nothing-to-do' });
    expect(store.outcome?.verdict).toBe('Stopped');
  });

  test('does not wait for ever for a pod that stays', async () => {
    const pods = Array.from({ length: 5_000 }, () => ['pod-1']);
    const { clock, result } = await next({ pods, deps: { revertTimeoutMs: 60_000 } });
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(60_000);
    expect(clock.monotonicMs()).toBeLessThan(62_000);
    expect(result.kind).toBe('verdict');
  });

  test('says what is off when the journal is of a fault that this version does not know', async () => {
    const { result, messages } = await next({
      deps: { reopen: () => Promise.reject(new Error('unknown fault')) },
    });
    expect(messages('error')).toEqual(['The revert could not begin: unknown fault']);
    expect(result).toMatchObject({ leftOff: ['a'] });
  });
});

describe('a run that finds an older one cut off', () => {
  const stored = recordWith({ a: 'injected' }, OLDER);

  test('brings its targets back first and then does its own work', async () => {
    const { ids, discover, record, result } = await next({ stored });
    expect(ids()).toEqual([['a']]);
    expect(discover).toHaveBeenCalledTimes(1);
    expect(result).toMatchObject({ outcome: { verdict: 'Pass' } });
    expect(record?.run.jobId).toBe('job-1');
  });

  test('injects nothing while one of them stays off, and keeps it in its own journal', async () => {
    const { discover, record, result } = await next({
      stored,
      revert: (...args) => revertAs('failed', ...args),
    });
    expect(discover).not.toHaveBeenCalled();
    expect(result).toMatchObject({ leftOff: ['a'], outcome: { error: { code: 'CHAOS_REVERT_ERROR' } } });
    expect(record).toMatchObject({
      run: { jobId: 'job-1' },
      finished: false,
      targets: { a: { phase: 'injected' } },
    });
  });

  test('stands aside for a live pod, then brings back what that has left, and injects nothing', async () => {
    const { ids, discover, result } = await next({ stored, pods: [['pod-1'], ['pod-1'], []] });
    expect(ids()).toEqual([['a']]);
    expect(discover).not.toHaveBeenCalled();
    expect(result).toMatchObject({ outcome: CUT_OFF });
  });
});

describe('a pod beside a live one', () => {
  const fresh = recordWith({}, { ...OLDER, finished: true });

  test('injects nothing, and records that the run was cut off when the other left no trace', async () => {
    const { discover, result, messages, clock } = await next({
      stored: fresh,
      pods: [['pod-1'], ['pod-1'], []],
    });
    expect(discover).not.toHaveBeenCalled();
    expect(result).toMatchObject({ outcome: CUT_OFF });
    expect(messages('recovery')).toEqual(['Pod pod-1 of the same Job is alive. This one injects nothing.']);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(1_000);
  });

  test('finds nothing to do when the other has recorded the verdict', async () => {
    const { result } = await next({
      stored: fresh,
      pods: [['pod-1'], ['pod-1'], []],
      adapt: (store, clock) => {
        clock
          .sleep(100)
          .then(
            () => store.begin(recordWith({}, { finished: true })),
            () => undefined,
          )
          .catch(() => undefined);
      },
    });
    expect(result).toEqual({ kind: 'nothing-to-do', why: 'The other pod recorded the verdict.' });
  });

  test('stands aside when the other began between its look and its claim', async () => {
    const { discover, ids, result } = await next({
      stored: fresh,
      adapt: (store) => {
        const begin = store.begin.bind(store);
        store.begin = async () => {
          store.begin = begin;
          await begin(recordWith({ a: 'targeted' }));
          throw new FencedError('attempt-1');
        };
      },
    });
    expect(discover).not.toHaveBeenCalled();
    expect(ids()).toEqual([['a']]);
    expect(result).toMatchObject({ outcome: CUT_OFF });
  });
});

describe('a journal that can not be read', () => {
  test('refuses the run, touches nothing, and stays as it is', async () => {
    const { result, store, reverts, discover } = await next({ stored: JSON.stringify({ version: 2 }) });
    expect(result).toMatchObject({ kind: 'refused', why: expect.stringContaining('version 2') });
    expect([reverts.length, discover.mock.calls.length]).toEqual([0, 0]);
    expect(await store.load()).toMatchObject({ kind: 'unreadable' });
    expect(store.outcome).toMatchObject({ verdict: 'Error', error: { code: 'TARGET_SELECTION_ERROR' } });
  });

  test('is refused after the other pod is gone too', async () => {
    const { result, reverts } = await next({
      stored: recordWith({}, { ...OLDER, finished: true }),
      pods: [['pod-1'], ['pod-1'], []],
      adapt: (store) => {
        const load = store.load.bind(store);
        store.load = () => {
          store.load = () => Promise.resolve({ kind: 'unreadable', why: 'it is not JSON' });
          return load();
        };
      },
    });
    expect(result).toEqual({ kind: 'refused', why: 'it is not JSON' });
    expect(reverts).toEqual([]);
  });
});
