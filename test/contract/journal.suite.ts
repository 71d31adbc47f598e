import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FencedError } from '../../src/runtime/errors.ts';
import type { JournalRecord } from '../../src/runtime/journal.ts';
import type { RunStore } from '../../src/runtime/ports.ts';
import { anError, anOutcome, aRecord, aTarget } from '../support/kube-api/records.ts';

/** One place where a run is stored, as several processes see it. */
export interface StoreWorld {
  /** The store of one more process. */
  open(): RunStore;
  /** The verdict that a reader would find now. */
  verdict(): Promise<string | undefined>;
  /** Puts a text there that is no journal of ours. */
  corrupt(text: string): Promise<void>;
  close(): Promise<void>;
}

const M1 = '14e0db71-5d35-4eb5-b481-8945cf9d10c2';
const M2 = '22222222-5d35-4eb5-b481-8945cf9d10c2';

/** What every run store promises, whoever else is writing. */
export function describeRunStore(name: string, openWorld: () => Promise<StoreWorld>): void {
  describe(name, () => {
    let world: StoreWorld;
    let first: RunStore;
    let second: RunStore;
    beforeEach(async () => {
      world = await openWorld();
      first = world.open();
      second = world.open();
    }, 60_000);
    afterEach(() => world.close());

    const stored = async (): Promise<JournalRecord> => {
      const found = await world.open().load();
      if (found.kind !== 'record') throw new Error(`the store holds ${found.kind}`);
      return found.record;
    };
    const fenced = { fence: true };
    const unfenced = { fence: false };

    test('holds nothing before the first run', async () => {
      expect(await first.load()).toEqual({ kind: 'none' });
    });

    test('gives another process exactly what was saved last', async () => {
      const record = aRecord({ deadline: '2026-01-01T00:10:00.000Z' });
      await first.begin(record, []);
      expect(await stored()).toEqual(record);
      const next = { ...record, targets: { [M1]: aTarget('targeted'), [M2]: aTarget('released') } };
      await first.save(next, fenced);
      expect(await stored()).toEqual(next);
    });

    test('takes the phases of the owner in any order, because cycles repeat', async () => {
      await first.begin(aRecord(), []);
      for (const phase of ['targeted', 'injected', 'reverted', 'targeted'] as const) {
        await first.save(aRecord({ targets: { [M1]: aTarget(phase) } }), fenced);
        expect((await stored()).targets[M1]?.phase).toBe(phase);
      }
    });

    test('keeps saves in the order in which they were asked for', async () => {
      await first.begin(aRecord(), []);
      const phases = ['targeted', 'injected', 'reverted'] as const;
      await Promise.all(
        phases.map((phase) => first.save(aRecord({ targets: { [M1]: aTarget(phase) } }), unfenced)),
      );
      expect((await stored()).targets[M1]?.phase).toBe('reverted');
    });

    test('fences a process off whose run was taken over, and leaves the new owner alone', async () => {
      const targets = { [M1]: aTarget('injected') };
      await first.begin(aRecord({ targets }), []);
      await second.begin(aRecord({ owner: 'attempt-2', targets }), []);
      await expect(first.save(aRecord({ targets }), fenced)).rejects.toBeInstanceOf(FencedError);
      await second.save(aRecord({ owner: 'attempt-2', targets: { [M1]: aTarget('reverted') } }), fenced);
      expect(await stored()).toMatchObject({ owner: 'attempt-2', targets: { [M1]: { phase: 'reverted' } } });
    });

    test('lets one of two win when an intent and a takeover meet, and forgets no intent', async () => {
      await first.begin(aRecord(), []);
      await second.load();
      const intent = first.save(aRecord({ targets: { [M1]: aTarget('targeted') } }), fenced);
      const takeover = second.begin(aRecord({ owner: 'attempt-2' }), []);
      const [saved, taken] = await Promise.allSettled([intent, takeover]);
      const found = await stored();
      expect([saved.status, taken.status].sort()).toEqual(['fulfilled', 'rejected']);
      if (saved.status === 'fulfilled') expect(found.targets[M1]?.phase).toBe('targeted');
      else expect(found).toMatchObject({ owner: 'attempt-2', targets: {} });
    });

    test('lets a fenced process report what it brought back, and nothing else', async () => {
      const targets = { [M1]: aTarget('injected'), [M2]: aTarget('reverted') };
      await first.begin(aRecord({ targets }), []);
      await second.begin(aRecord({ owner: 'attempt-2', targets }), []);
      await first.save(
        aRecord({ targets: { [M1]: aTarget('reverted'), [M2]: aTarget('injected') } }),
        unfenced,
      );
      expect(await stored()).toMatchObject({
        owner: 'attempt-2',
        targets: { [M1]: { phase: 'reverted' }, [M2]: { phase: 'reverted' } },
      });
    });

    test('refuses a takeover that does not know every target that may be off', async () => {
      await first.begin(aRecord({ targets: { [M1]: aTarget('targeted') } }), []);
      await expect(second.begin(aRecord({ owner: 'attempt-2' }), [])).rejects.toBeInstanceOf(FencedError);
      expect(await stored()).toMatchObject({ owner: 'attempt-1', targets: { [M1]: { phase: 'targeted' } } });
    });

    test('refuses to take over a run that has made way for another one', async () => {
      const left = aRecord({ targets: { [M1]: aTarget('injected') } });
      await first.begin(left, []);
      await first.save({ ...left, targets: { [M1]: aTarget('reverted') } }, fenced);
      const next = aRecord({
        owner: 'attempt-2',
        run: { ...left.run, jobId: 'job-2', attempt: 'attempt-2' },
      });
      await first.begin(next, []);
      await expect(second.begin({ ...left, owner: 'attempt-3' }, [])).rejects.toBeInstanceOf(FencedError);
      expect(await stored()).toEqual(next);
    });

    test('refuses a new run that would forget what an older one left off, and takes one that carries it', async () => {
      await first.begin(aRecord({ targets: { [M1]: aTarget('injected'), [M2]: aTarget('reverted') } }), []);
      const next = aRecord({ jobId: 'job-2', owner: 'attempt-2', startedAt: '2026-01-02T00:00:00.000Z' });
      await expect(second.begin(next, [])).rejects.toMatchObject({
        code: 'CHAOS_RESULT_CRUD_ERROR',
        message: expect.stringContaining(M1) as unknown,
      });
      await second.begin({ ...next, targets: { [M1]: aTarget('injected') } }, []);
      expect(await stored()).toMatchObject({ owner: 'attempt-2', targets: { [M1]: { phase: 'injected' } } });
    });

    test('shows the verdict and the finished journal together', async () => {
      await first.begin(aRecord(), []);
      const finished = aRecord({ finished: true, targets: { [M1]: aTarget('reverted') } });
      await first.finish(finished, anOutcome());
      expect(await stored()).toEqual(finished);
      expect(await world.verdict()).toBe('Pass');
    });

    test('keeps the first verdict of a run, whoever comes with a second one', async () => {
      await first.begin(aRecord(), []);
      await first.finish(aRecord({ finished: true }), anOutcome());
      await first.finish(aRecord({ finished: true }), anError());
      await second.finish(aRecord({ owner: 'attempt-2', finished: true }), anError());
      expect(await world.verdict()).toBe('Pass');
      await expect(second.begin(aRecord({ owner: 'attempt-2' }), [])).rejects.toBeInstanceOf(FencedError);
      await first.save(aRecord(), unfenced);
      await expect(first.save(aRecord(), fenced)).rejects.toBeInstanceOf(FencedError);
      expect((await stored()).finished).toBe(true);
      expect(await world.verdict()).toBe('Pass');
    });

    test('records no verdict over a target that may be off and that the verdict does not know', async () => {
      await first.begin(aRecord({ targets: { [M1]: aTarget('targeted') } }), []);
      const ignorant = aRecord({ owner: 'attempt-2', finished: true });
      await expect(second.finish(ignorant, anError())).rejects.toBeInstanceOf(FencedError);
      expect(await stored()).toMatchObject({ finished: false, targets: { [M1]: { phase: 'targeted' } } });
      expect(await world.verdict()).not.toBe('Error');
    });

    test('lets the process that was taken over record the verdict when it has brought everything back', async () => {
      const targets = { [M1]: aTarget('injected') };
      await first.begin(aRecord({ targets }), []);
      await second.begin(aRecord({ owner: 'attempt-2', targets }), []);
      await first.finish(aRecord({ finished: true, targets: { [M1]: aTarget('reverted') } }), anOutcome());
      expect(await stored()).toMatchObject({ finished: true, owner: 'attempt-2' });
      expect(await world.verdict()).toBe('Pass');
    });

    test('an unfinished verdict can be followed by that of the process that recovers', async () => {
      const targets = { [M1]: aTarget('injected') };
      await first.begin(aRecord({ targets }), []);
      await first.finish(aRecord({ targets }), anError());
      expect(await world.verdict()).toBe('Error');
      expect((await stored()).finished).toBe(false);
      await second.begin(aRecord({ owner: 'attempt-2', targets }), []);
      const back = aRecord({ owner: 'attempt-2', finished: true, targets: { [M1]: aTarget('reverted') } });
      await second.finish(back, anOutcome({ verdict: 'Stopped', phase: 'Stopped', counter: 'stoppedRuns' }));
      expect(await world.verdict()).toBe('Stopped');
    });

    test('a finished run makes room for the next one', async () => {
      await first.begin(aRecord(), []);
      await first.finish(aRecord({ finished: true }), anOutcome());
      const next = aRecord({ jobId: 'job-2', owner: 'attempt-2', startedAt: '2026-01-02T00:00:00.000Z' });
      await second.begin(next, []);
      expect(await stored()).toEqual(next);
      expect(await world.verdict()).not.toBe('Pass');
    });

    test('an old process that wakes up writes nothing over a newer run', async () => {
      await first.begin(aRecord(), []);
      const next = aRecord({ jobId: 'job-2', owner: 'attempt-2', startedAt: '2026-01-02T00:00:00.000Z' });
      await second.begin(next, []);
      await first.save(aRecord({ targets: { [M1]: aTarget('reverted') } }), unfenced);
      await expect(first.save(aRecord(), fenced)).rejects.toBeInstanceOf(FencedError);
      await first.finish(aRecord({ finished: true }), anError());
      expect(await stored()).toEqual(next);
      expect(await world.verdict()).not.toBe('Error');
    });

    test('the verdict of a run that was taken over is no verdict of the one that came after it, whatever the clocks say', async () => {
      const ahead = aRecord({
        startedAt: '2026-01-01T02:00:00.000Z',
        targets: { [M1]: aTarget('injected') },
      });
      await first.begin(ahead, []);
      await first.save({ ...ahead, targets: { [M1]: aTarget('reverted') } }, fenced);
      const next = aRecord({
        owner: 'attempt-2',
        run: { ...ahead.run, jobId: 'job-2', attempt: 'attempt-2' },
      });
      await first.begin(next, []);
      const taken = { ...ahead, owner: 'attempt-3', finished: true, targets: { [M1]: aTarget('reverted') } };
      await second.finish(taken, anError());
      expect(await stored()).toEqual(next);
    });

    test('a verdict can be recorded for a run that could never begin', async () => {
      await first.finish(aRecord({ finished: true }), anError());
      expect(await world.verdict()).toBe('Error');
      expect((await stored()).finished).toBe(true);
    });

    test('the verdict of a run that could not begin leaves the open journal of an older one as it is', async () => {
      const older = aRecord({ targets: { [M1]: aTarget('injected') } });
      await first.begin(older, []);
      const next = aRecord({ jobId: 'job-2', owner: 'attempt-2', startedAt: '2026-01-02T00:00:00.000Z' });
      await second.finish({ ...next, finished: true }, anError());
      expect(await stored()).toEqual(older);
      expect(await world.verdict()).toBe('Error');
    });

    test.each(['{"version":2}', 'not JSON', '[]', '{"version":1}'])(
      'what it can not read (%s) it reports and leaves alone',
      async (text) => {
        await world.corrupt(text);
        first = world.open();
        second = world.open();
        expect((await first.load()).kind).toBe('unreadable');
        await expect(first.begin(aRecord(), [])).rejects.toThrow(/can't be read/);
        await expect(first.save(aRecord(), unfenced)).rejects.toThrow(/can't be read/);
        expect((await second.load()).kind).toBe('unreadable');
      },
    );
  });
}
