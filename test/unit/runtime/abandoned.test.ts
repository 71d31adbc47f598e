import { describe, expect, test } from '@jest/globals';
import { finishAbandoned, judgeRun, type SignsOfLife } from '../../../src/runtime/abandoned.ts';
import type { ExperimentDeps } from '../../../src/runtime/experiment.ts';
import { FencedError } from '../../../src/runtime/errors.ts';
import type { Fault } from '../../../src/runtime/fault.ts';
import { parseJournal, type JournalRecord } from '../../../src/runtime/journal.ts';
import { MemoryRunStore } from '../../../src/runtime/stores/memory.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { faultWith, identity, recordWith, rejection, revertAs, timeline } from './pieces.ts';

const DEADLINE = '2026-01-01T01:00:00.000Z';
const IN_TIME = new Date('2026-01-01T00:30:00.000Z');
const LATE = new Date('2026-01-01T01:02:01.000Z');
const NONE: SignsOfLife = { jobs: [], pods: [] };
const POD: SignsOfLife = { jobs: [], pods: ['pod-1'] };
const JOB: SignsOfLife = { jobs: ['job'], pods: [] };

const stored = (record: JournalRecord) => ({ kind: 'record', record }) as const;
const open = recordWith({ a: 'injected', b: 'reverted' }, { deadline: DEADLINE });

describe('a run in the eyes of a stranger', () => {
  test.each<[string, SignsOfLife, Date, string]>([
    ['whose pod is there is alive', POD, IN_TIME, 'alive'],
    ['whose Job may start another pod is alive', JOB, IN_TIME, 'alive'],
    ['of which nothing is there is abandoned, however early', NONE, IN_TIME, 'abandoned'],
    ['that is overdue is abandoned, although its pod hangs', POD, LATE, 'abandoned'],
    ['that is overdue is abandoned, although its Job waits for a node', JOB, LATE, 'abandoned'],
    [
      'that is late by less than two clocks may differ is alive',
      POD,
      new Date('2026-01-01T01:02:00.000Z'),
      'alive',
    ],
  ])('%s', (_what, signs, now, kind) => {
    expect(judgeRun(stored(open), signs, now).kind).toBe(kind);
  });

  test('that has nothing off is not overdue: it may be in its last ramp', () => {
    const record = recordWith({ a: 'reverted' }, { deadline: DEADLINE });
    expect(judgeRun(stored(record), POD, LATE).kind).toBe('alive');
  });

  test('that was cut off before its first disable is abandoned when nothing is there, for it has no verdict', () => {
    expect(judgeRun(stored(recordWith()), NONE, IN_TIME).kind).toBe('abandoned');
  });

  test('that has its verdict and everything back is finished, whatever else is there', () => {
    const record = recordWith({ a: 'reverted' }, { finished: true, deadline: DEADLINE });
    expect(judgeRun(stored(record), NONE, LATE).kind).toBe('finished');
  });

  test('that runs outside any pod is alive until it is overdue, for nobody can see it', () => {
    const record = { ...open, run: identity({ pod: '' }) };
    expect(judgeRun(stored(record), NONE, IN_TIME).kind).toBe('alive');
    expect(judgeRun(stored(record), NONE, LATE).kind).toBe('abandoned');
  });

  test('that is finished and has something off contradicts itself, and is not touched', () => {
    const record = recordWith({ a: 'injected' }, { finished: true });
    expect(judgeRun(stored(record), NONE, LATE)).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('finished'),
    });
  });

  test('whose journal can not be read is not touched', () => {
    const newer = parseJournal(JSON.stringify({ ...open, version: 99 }));
    expect(judgeRun(newer, NONE, LATE)).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('99'),
    });
  });

  test('says what it was abandoned for', () => {
    expect(judgeRun(stored(open), NONE, LATE)).toMatchObject({
      why: `a should have been back by ${DEADLINE}`,
    });
    expect(judgeRun(stored(open), NONE, IN_TIME)).toMatchObject({ why: expect.stringContaining('its Job') });
    expect(judgeRun(stored(open), POD, IN_TIME)).toMatchObject({ why: expect.stringContaining('pod pod-1') });
  });
});

interface Parts {
  readonly revert: Fault['revert'];
  readonly adapt: (store: MemoryRunStore) => void;
  readonly reopen: ExperimentDeps['reopen'];
}

/** A stranger in front of `record`, which is what is stored. */
function finish(record: JournalRecord, parts: Partial<Parts> = {}) {
  const clock = new VirtualClock();
  const store = MemoryRunStore.holding(JSON.stringify(record));
  parts.adapt?.(store);
  const told = timeline();
  const fault = faultWith(parts.revert === undefined ? {} : { revert: parts.revert });
  const result = clock.run(
    finishAbandoned(record, 'its pod is gone', {
      identity: identity({ jobId: 'stranger', pod: 'sweeper', attempt: 'attempt-9' }),
      reopen: parts.reopen ?? (() => Promise.resolve(fault)),
      store,
      clock,
      emit: told.emit,
      signal: AbortSignal.abort(),
      revertTimeoutMs: 600_000,
    }),
  );
  const load = async (): Promise<JournalRecord | undefined> => {
    const after = await store.load();
    return after.kind === 'record' ? after.record : undefined;
  };
  return { result, store, load, told };
}

describe('an abandoned run', () => {
  test('is claimed, brought back and concluded, under its own name', async () => {
    const { result, store, load } = finish(open);
    expect(await result).toMatchObject({ kind: 'verdict', recorded: true, leftOff: [] });
    expect(store.outcome).toMatchObject({
      verdict: 'Error',
      error: { code: 'EXPERIMENT_ABORTED', phase: 'Abort' },
    });
    expect(await load()).toMatchObject({
      finished: true,
      owner: 'attempt-9',
      run: open.run,
      targets: { a: { phase: 'reverted' } },
    });
  });

  test('that has nothing off gets its verdict, and its fault is not even opened', async () => {
    const reopen = (): never => {
      throw new Error('opened');
    };
    const { result, store } = finish(recordWith({ a: 'reverted' }), { reopen });
    expect(await result).toMatchObject({ kind: 'verdict', recorded: true });
    expect(store.outcome?.verdict).toBe('Error');
  });

  test('whose fault can not be opened is not even claimed', async () => {
    const { result, load } = finish(open, { reopen: () => Promise.reject(new Error('no such fault')) });
    expect(await rejection(result)).toMatchObject({ message: 'no such fault' });
    expect(await load()).toEqual(open);
  });

  test('that has moved on since it was read is not touched', async () => {
    const reverted: string[] = [];
    const { result } = finish(open, {
      adapt: (store) => {
        store.begin = () => Promise.reject(new FencedError('attempt-2'));
      },
      revert: (targets, control) => {
        reverted.push(...targets.map(({ id }) => id));
        return revertAs('reverted', targets, control);
      },
    });
    expect(await result).toMatchObject({ kind: 'nothing-to-do' });
    expect(reverted).toEqual([]);
  });

  test('that can not be claimed is not touched either, and says so', async () => {
    const { result } = finish(open, {
      adapt: (store) => {
        store.begin = () => Promise.reject(new Error('the API is away'));
      },
      revert: () => {
        throw new Error('reverted');
      },
    });
    expect(await rejection(result)).toMatchObject({ message: 'the API is away' });
  });

  test('is asked for before each write, and left without a verdict once another process has it', async () => {
    const { result, store, load } = finish(open, {
      revert: async (targets, control) => {
        await control.permit?.();
        // A pod of the run takes it over meanwhile.
        await store.begin({ ...open, owner: 'attempt-2' });
        const error = await rejection(Promise.resolve(control.permit?.()));
        expect(error).toBeInstanceOf(FencedError);
        return revertAs('left', targets, control);
      },
    });
    expect(await result).toMatchObject({ kind: 'nothing-to-do' });
    expect(store.outcome).toBeUndefined();
    expect(await load()).toMatchObject({
      owner: 'attempt-2',
      finished: false,
      targets: { a: { phase: 'injected' } },
    });
  });

  test('of which something stays off says so, and stays unfinished for the next sweep', async () => {
    const revert: Fault['revert'] = (targets, control) => revertAs('failed', targets, control);
    const { result, load, told } = finish(open, { revert });
    expect(await result).toMatchObject({ kind: 'verdict', leftOff: ['a'] });
    expect(await load()).toMatchObject({ finished: false, targets: { a: { phase: 'injected' } } });
    expect(told.events.map(({ type }) => type)).toContain('revert-failed');
  });

  test('is brought back although the process was asked to stop: a signal never ends a revert', async () => {
    // `finish` gives every one of these an aborted signal.
    expect(await finish(open).result).toMatchObject({ leftOff: [] });
  });
});
