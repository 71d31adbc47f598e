import { describe, expect, test } from '@jest/globals';
import { AbortedError, FencedError } from '../../../src/runtime/errors.ts';
import type { JournalRecord, JournalStore } from '../../../src/runtime/journal.ts';
import { JournalWriter } from '../../../src/runtime/journal-writer.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { BEGIN, NEVER, pass, recordWith, rejection, timeline } from './pieces.ts';

interface Save {
  readonly record: JournalRecord;
  readonly fence: boolean;
  readonly at: number;
}

/** A writer on a store that answers each save with `answer`. */
function writer(answer: (nth: number) => Promise<void> = () => Promise.resolve(), record = recordWith()) {
  const clock = new VirtualClock();
  const saves: Save[] = [];
  const store: JournalStore = {
    load: () => Promise.resolve({ kind: 'none' }),
    save: (saved, { fence }) => {
      saves.push({ record: saved, fence, at: clock.monotonicMs() });
      return answer(saves.length);
    },
  };
  const told = timeline();
  const journal = new JournalWriter(record, { store, clock, emit: told.emit });
  return { clock, saves, journal, ...told, phases: () => saves.map(({ record: r }) => phasesOf(r)) };
}

const phasesOf = (record: JournalRecord): string =>
  Object.entries(record.targets)
    .map(([id, { phase }]) => `${id} ${phase}`)
    .join(', ');

const TARGETS = [
  { id: 'a', before: 'Enabled' },
  { id: 'b', before: 'Enabled' },
];
const quiet = new AbortController().signal;
const settledYet = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);

describe('the intent to disable', () => {
  test('is not done before the store has it', async () => {
    const kept = Promise.withResolvers<undefined>();
    const { journal, saves } = writer(() => kept.promise);
    const intending = journal.intend(TARGETS, quiet);
    expect(await settledYet(intending)).toBe(false);
    expect(saves).toMatchObject([
      { fence: true, record: { targets: { a: { phase: 'targeted', before: 'Enabled', at: BEGIN } } } },
    ]);
    kept.resolve(undefined);
    await intending;
  });

  test('fails when another process owns the run, or the store can keep nothing', async () => {
    const fenced = new FencedError('attempt-2');
    expect(await rejection(writer(() => Promise.reject(fenced)).journal.intend(TARGETS, quiet))).toBe(fenced);
    const full = new Error('no space left on device');
    expect(await rejection(writer(() => Promise.reject(full)).journal.intend(TARGETS, quiet))).toBe(full);
  });

  test('is waited for no longer than the run lasts', async () => {
    const stop = new AbortController();
    const reason = new AbortedError('SIGTERM received');
    const intending = writer(() => NEVER).journal.intend(TARGETS, stop.signal);
    stop.abort(reason);
    expect(await rejection(intending)).toBe(reason);
  });

  test('keeps what earlier cycles have journaled of other targets', async () => {
    const { journal, phases } = writer(undefined, recordWith({ z: 'reverted', a: 'reverted' }));
    await journal.intend(TARGETS, quiet);
    expect(phases()).toEqual(['z reverted, a targeted, b targeted']);
  });

  test('carries what the checks have found', async () => {
    const { journal, saves } = writer();
    journal.describe({ context: { region: 'eu-west-1' }, deadline: BEGIN });
    await journal.intend(TARGETS, quiet);
    expect(saves[0]?.record).toMatchObject({ context: { region: 'eu-west-1' }, deadline: BEGIN });
  });
});

describe('the permit to write', () => {
  test('needs no second question within five seconds of the last answer', async () => {
    const { journal, clock, saves } = writer();
    await journal.intend(TARGETS, quiet);
    await pass(clock, 4_999);
    await journal.permit(quiet);
    expect(saves).toHaveLength(1);
  });

  test('asks again after a freeze, with a fence', async () => {
    const { journal, clock, saves } = writer(undefined, recordWith({ z: 'injected' }));
    await journal.intend(TARGETS, quiet);
    await pass(clock, 60_000);
    await journal.permit(quiet);
    expect(saves).toHaveLength(2);
    expect(saves[1]).toMatchObject({ fence: true, record: { targets: { a: { phase: 'targeted' } } } });
    await journal.permit(quiet);
    expect(saves).toHaveLength(2);
  });

  test('is refused to a process that was taken over while it was frozen', async () => {
    const fenced = new FencedError('attempt-2');
    const { journal, clock } = writer((nth) => (nth === 1 ? Promise.resolve() : Promise.reject(fenced)));
    await journal.intend(TARGETS, quiet);
    await pass(clock, 5_000);
    expect(await rejection(journal.permit(quiet))).toBe(fenced);
  });

  test('takes no time inside a save for fresh', async () => {
    const { journal, clock, saves } = writer((nth) => (nth === 1 ? clock.sleep(6_000) : Promise.resolve()));
    await clock.run(journal.intend(TARGETS, quiet));
    await journal.permit(quiet);
    expect(saves).toHaveLength(2);
  });

  test('asks once more when the freeze came in the middle of its own question', async () => {
    const fenced = new FencedError('attempt-2');
    const answers = [
      (): Promise<void> => Promise.resolve(),
      () => clock.sleep(60_000),
      () => Promise.reject(fenced),
    ];
    const { journal, clock } = writer((nth) => answers[nth - 1]?.() ?? NEVER);
    await journal.intend(TARGETS, quiet);
    await pass(clock, 5_000);
    expect(await rejection(clock.run(journal.permit(quiet)))).toBe(fenced);
  });

  test('is not given when no answer is ever fresh', async () => {
    const { journal, clock, saves } = writer(() => clock.sleep(6_000));
    const error = await rejection(clock.run(journal.permit(quiet)));
    expect(error).toMatchObject({ code: 'CHAOS_RESULT_CRUD_ERROR', phase: 'ChaosInject' });
    expect(saves.length).toBeLessThan(10);
  });

  test('is not given to a run that is ending, and asks nobody for it', async () => {
    const { journal, saves } = writer();
    const reason = new AbortedError('SIGTERM received');
    expect(await rejection(journal.permit(AbortSignal.abort(reason)))).toBe(reason);
    expect(saves).toEqual([]);
  });

  test('is not given when the run ends while it is asked for', async () => {
    const stop = new AbortController();
    const reason = new AbortedError('SIGTERM received');
    const { journal } = writer(() => {
      stop.abort(reason);
      return Promise.resolve();
    });
    expect(await rejection(journal.permit(stop.signal))).toBe(reason);
  });
});

describe('a note of what has happened', () => {
  const open = () => recordWith({ a: 'targeted', b: 'targeted', c: 'targeted' });

  test('is in the record at once and in the store behind the back of the run', async () => {
    const { journal, saves, phases } = writer(undefined, open());
    journal.note('a', 'injected');
    expect(phasesOf(journal.record)).toBe('a injected, b targeted, c targeted');
    expect(saves).toEqual([]);
    await journal.flush();
    expect(phases()).toEqual(['a injected, b targeted, c targeted']);
    expect(saves[0]?.fence).toBe(false);
  });

  test('says when, and keeps the state before', async () => {
    const { journal, clock } = writer(undefined, open());
    await pass(clock, 3_000);
    journal.note('a', 'reverted');
    expect(journal.record.targets.a).toEqual({
      phase: 'reverted',
      before: 'Enabled',
      at: '2026-01-01T00:00:03.000Z',
    });
  });

  test('is saved together with what else has happened during a slow save', async () => {
    const { journal, clock, phases } = writer(() => clock.sleep(1_000), open());
    journal.note('a', 'injected');
    await pass(clock, 500);
    journal.note('b', 'injected');
    journal.note('c', 'injected');
    journal.note('a', 'reverted');
    await clock.run(journal.flush());
    expect(phases()).toEqual(['a injected, b targeted, c targeted', 'a reverted, b injected, c injected']);
  });

  test('of a target that was never journaled, or of what is known already, writes nothing', async () => {
    const { journal, saves } = writer(undefined, open());
    journal.note('stranger', 'reverted');
    journal.note('a', 'targeted');
    await journal.flush();
    expect(saves).toEqual([]);
    expect(Object.keys(journal.record.targets)).toEqual(['a', 'b', 'c']);
  });

  test('never fails the run: the first failure of the store is told, once, and the next note carries everything', async () => {
    const { journal, messages, phases } = writer(
      (nth) => (nth < 3 ? Promise.reject(new Error('the API is down')) : Promise.resolve()),
      open(),
    );
    journal.note('a', 'injected');
    await journal.flush();
    journal.note('b', 'injected');
    await journal.flush();
    journal.note('c', 'injected');
    await journal.flush();
    expect(messages('warning')).toEqual([
      'The journal could not be saved and the run goes on: the API is down',
    ]);
    expect(phases().at(-1)).toBe('a injected, b injected, c injected');
  });

  test('is tried again by the note that waits behind it', async () => {
    const { journal, phases } = writer(
      (nth) => (nth === 1 ? Promise.reject(new Error('down')) : Promise.resolve()),
      open(),
    );
    journal.note('a', 'injected');
    journal.note('b', 'injected');
    await journal.flush();
    expect(phases()).toEqual(Array.from({ length: 2 }, () => 'a injected, b injected, c targeted'));
  });

  test('does not keep a fenced save from being tried after a failure', async () => {
    const { journal, saves } = writer(
      (nth) => (nth === 1 ? Promise.reject(new Error('down')) : Promise.resolve()),
      open(),
    );
    journal.note('a', 'reverted');
    await journal.intend([{ id: 'd', before: 'Enabled' }], quiet);
    expect(saves.map(({ fence }) => fence)).toEqual([false, true]);
  });

  test('waits its turn behind the intent, so that no older state is written over a newer one', async () => {
    const { journal, clock, phases } = writer(() => clock.sleep(1_000));
    const intending = journal.intend(TARGETS, quiet);
    await pass(clock, 100);
    journal.note('a', 'injected');
    await clock.run(Promise.all([intending, journal.flush()]));
    expect(phases()).toEqual(['a targeted, b targeted', 'a injected, b targeted']);
  });

  test('is left to the final write once the journal is closed', async () => {
    const { journal, saves } = writer(undefined, open());
    journal.note('a', 'injected');
    journal.close();
    journal.note('b', 'injected');
    await journal.flush();
    expect(saves).toEqual([]);
    expect(phasesOf(journal.record)).toBe('a injected, b injected, c targeted');
  });
});

describe('the question whether the run is still ours', () => {
  test('is one for all who ask before it is sent, and a new one for whoever asks after that', async () => {
    const answers = Array.from({ length: 3 }, () => Promise.withResolvers<undefined>());
    const { journal, saves } = writer((nth) => answers[nth - 1]?.promise ?? NEVER);
    const first = journal.assertOwned();
    await settledYet(first);
    const later = [journal.assertOwned(), journal.assertOwned(), journal.assertOwned()];
    expect(saves).toHaveLength(1);
    answers[0]?.resolve(undefined);
    await first;
    await settledYet(later[0] ?? NEVER);
    expect(saves).toMatchObject([{ fence: true }, { fence: true }]);
    answers[1]?.resolve(undefined);
    await Promise.all(later);
    expect(saves).toHaveLength(2);
  });

  test('is answered with no to all of them, and can be asked again', async () => {
    const fenced = new FencedError('attempt-2');
    const { journal } = writer((nth) => (nth === 1 ? Promise.reject(fenced) : Promise.resolve()));
    const both = [journal.assertOwned(), journal.assertOwned()];
    expect(await Promise.all(both.map(rejection))).toEqual([fenced, fenced]);
    await journal.assertOwned();
  });

  test('is asked however fresh the last answer is', async () => {
    const { journal, saves } = writer();
    await journal.assertOwned();
    await journal.assertOwned();
    expect(saves).toHaveLength(2);
  });
});
