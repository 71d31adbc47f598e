import { describe, expect, test } from '@jest/globals';
import { evaluate, type Attempt } from '../../../src/litmus/probes/evaluate.ts';
import { failed, passed, unclear, type Finding } from '../../../src/litmus/probes/judgement.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { NEVER, rejection } from '../runtime/pieces.ts';
import { ALIVE, entry, usable } from './pieces.ts';

const READY = () => Promise.resolve();

function scripted(clock: VirtualClock, ...findings: readonly Finding[]): { attempt: Attempt; at: number[] } {
  const at: number[] = [];
  const attempt: Attempt = () => {
    at.push(clock.monotonicMs());
    return Promise.resolve(findings[at.length - 1] ?? passed('fine'));
  };
  return { attempt, at };
}

async function evaluated(run: object, ...findings: readonly Finding[]) {
  const clock = new VirtualClock();
  const [probe] = usable(entry('one', 'SOT', run));
  if (probe === undefined) throw new Error('no probe');
  const { attempt, at } = scripted(clock, ...findings);
  const finding = await clock.run(
    evaluate(probe, ALIVE, { prepare: READY, attempt, clock, longestMs: 180_000 }),
  );
  return { finding, at };
}

describe('one evaluation', () => {
  test('is one attempt where nothing else is said', async () => {
    expect(await evaluated({}, failed('no'))).toEqual({ finding: failed('no'), at: [0] });
  });

  test.each([
    [{ attempt: 3 }, [0, 1_000, 2_000]],
    [{ retry: 3 }, [0, 1_000, 2_000]],
    [{ attempt: 2, retry: 5 }, [0, 1_000]],
    [{ retry: 1 }, [0]],
    [{ attempt: 0, retry: 0 }, [0]],
  ])('with %j makes attempts at %j ms', async (run, at) => {
    const no = failed('no');
    expect((await evaluated(run, no, no, no, no, no)).at).toEqual(at);
  });

  test('ends with the first attempt that passes', async () => {
    const { finding, at } = await evaluated({ attempt: 5 }, failed('no'), unclear('odd'), passed('fine'));
    expect(finding).toEqual(passed('fine (attempt 3 of 5)'));
    expect(at).toEqual([0, 1_000, 2_000]);
  });

  test('says which attempt it was, and what that one found', async () => {
    const { finding } = await evaluated({ attempt: 2 }, unclear('odd'), failed('no'));
    expect(finding).toEqual(failed('no (attempt 2 of 2)'));
  });

  test.each([
    ['5s', 5_000],
    ['0', 180_000],
    ['', 180_000],
  ])(
    'with probeTimeout %j ends an attempt that hangs after %d ms, as a failure',
    async (probeTimeout, ms) => {
      const clock = new VirtualClock();
      const [probe] = usable(entry('one', 'SOT', { probeTimeout }));
      if (probe === undefined) throw new Error('no probe');
      let ended = 0;
      const attempt: Attempt = (_probe, signal) => {
        signal.addEventListener('abort', () => (ended = clock.monotonicMs()));
        return NEVER;
      };
      const finding = await clock.run(
        evaluate(probe, ALIVE, { prepare: READY, attempt, clock, longestMs: 180_000 }),
      );
      expect(finding.kind).toBe('failed');
      expect(ended).toBe(ms);
    },
  );

  test('does not count the time until what it needs is there, and is unclear where that never comes', async () => {
    const clock = new VirtualClock();
    const [probe] = usable(entry('one', 'SOT', { probeTimeout: '5s' }));
    if (probe === undefined) throw new Error('no probe');
    const deps = { attempt: () => Promise.resolve(passed('fine')), clock, longestMs: 60_000 };
    const slow = { ...deps, prepare: () => clock.sleep(30_000) };
    expect(await clock.run(evaluate(probe, ALIVE, slow))).toEqual(passed('fine'));
    expect(await clock.run(evaluate(probe, ALIVE, { ...deps, prepare: () => NEVER }))).toEqual(
      unclear('what it needs was not there within 60 s'),
    );
  });

  test('that breaks is unclear, and not a failure', async () => {
    const clock = new VirtualClock();
    const [probe] = usable(entry('one', 'SOT'));
    if (probe === undefined) throw new Error('no probe');
    const attempt: Attempt = () => Promise.reject(new Error('no rights'));
    expect(await clock.run(evaluate(probe, ALIVE, { prepare: READY, attempt, clock, longestMs: 1 }))).toEqual(
      unclear('no rights'),
    );
  });

  test('ends at once with the run, although the attempt goes on', async () => {
    const clock = new VirtualClock();
    const [probe] = usable(entry('one', 'SOT'));
    if (probe === undefined) throw new Error('no probe');
    const abort = new AbortController();
    const going = evaluate(probe, abort.signal, {
      prepare: READY,
      attempt: () => NEVER,
      clock,
      longestMs: 1,
    });
    const reason = new Error('SIGTERM');
    abort.abort(reason);
    expect(await rejection(going)).toBe(reason);
  });
});
