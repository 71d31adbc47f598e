import { describe, expect, test } from '@jest/globals';
import { failed, passed, unclear } from '../../../src/litmus/probes/judgement.ts';
import { ProbeStopError, ProbeUnclearError } from '../../../src/runtime/probes.ts';
import { NEVER, rejection } from '../runtime/pieces.ts';
import { ALIVE, entry, failingFrom, stage, type Stage } from './pieces.ts';

/** Before the chaos, `holdMs` in it, after it. */
async function whole({ clock, course }: Stage, holdMs = 10_000): Promise<void> {
  await clock.run(course.preChaos(ALIVE));
  course.chaosOn();
  await clock.run(clock.sleep(holdMs));
  course.chaosOff();
  await clock.run(course.postChaos(ALIVE));
}

describe('the probes of a run', () => {
  test('are evaluated each in its own phase', async () => {
    const all = stage([
      entry('sot', 'SOT'),
      entry('eot', 'EOT'),
      entry('edge', 'Edge'),
      entry('continuous', 'Continuous'),
      entry('on-chaos', 'OnChaos'),
    ]);
    await all.clock.run(all.course.preChaos(ALIVE));
    expect(all.verdicts()).toEqual([
      'sot Passed',
      'eot Awaited',
      'edge Awaited',
      'continuous Awaited',
      'on-chaos Awaited',
    ]);
    await all.clock.run(all.clock.sleep(5_000));
    all.course.chaosOn();
    await all.clock.run(all.clock.sleep(5_000));
    all.course.chaosOff();
    await all.clock.run(all.clock.sleep(5_000));
    await all.clock.run(all.course.postChaos(ALIVE));
    expect(all.verdicts().every((text) => text.endsWith(' Passed'))).toBe(true);
    const times = (name: string): number[] =>
      all.attempts.flatMap((text) => (text.startsWith(`${name}@`) ? [Number(text.split('@')[1])] : []));
    expect(times('sot')).toEqual([0]);
    expect(times('edge')).toEqual([0, 15_000]);
    expect(times('eot')).toEqual([15_000]);
    expect(times('continuous')).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000]);
    expect(times('on-chaos')).toEqual([5_000, 7_000, 9_000]);
  });

  test('before the chaos come in the order of the list, one after the other', async () => {
    const slow = stage([entry('b', 'SOT'), entry('a', 'Edge')], async () => {
      await slow.clock.sleep(3_000);
      return passed('fine');
    });
    await slow.clock.run(slow.course.preChaos(ALIVE));
    expect(slow.attempts).toEqual(['b@0', 'a@3000']);
  });

  test.each(['SOT', 'EOT', 'Edge'] as const)('%s that fails is Failed, and the run goes on', async (mode) => {
    const one = stage([entry('one', mode)], () => failed('too deep'));
    await whole(one);
    expect(one.course.verdicts()).toMatchObject([{ verdict: 'Failed', description: 'too deep' }]);
    expect(one.course.stop.aborted).toBe(false);
  });

  test('Edge that fails before the chaos stays Failed, whatever it finds afterwards', async () => {
    const edge = stage([entry('edge', 'Edge')], (_probe, nth) =>
      nth === 1 ? failed('early') : passed('fine'),
    );
    await whole(edge);
    expect(edge.course.verdicts()).toMatchObject([{ verdict: 'Failed', description: 'early' }]);
  });

  test.each(['SOT', 'EOT', 'Edge'] as const)('%s with stopOnFailure ends the run', async (mode) => {
    const one = stage([entry('one', mode, { stopOnFailure: true })], () => failed('too deep'));
    const error = await rejection(whole(one));
    expect(error).toBeInstanceOf(ProbeStopError);
    expect(error).toMatchObject({ message: 'Probe one failed and stops the run: too deep' });
    expect(one.verdicts()).toEqual(['one Failed']);
    await one.course.close(() => Promise.resolve(true));
    // litmus-go sets the engine to stop for probes in the background alone: nothing is under way here that it would end.
    expect(one.engine).toEqual([]);
  });

  test.each(['SOT', 'EOT', 'Edge'] as const)('%s that can not be evaluated ends the run', async (mode) => {
    const one = stage([entry('one', mode)], () => unclear('no such series'));
    const error = await rejection(whole(one));
    expect(error).toBeInstanceOf(ProbeUnclearError);
    expect(error).toMatchObject({
      code: 'HTTP_PROBE_ERROR',
      message: 'Probe one could not be evaluated: no such series',
      target: '{name: one, type: httpProbe}',
    });
    expect(one.verdicts()).toEqual(['one Awaited']);
  });

  test.each(['Continuous', 'OnChaos'] as const)(
    '%s that fails is Failed at once, and is not asked again',
    async (mode) => {
      const one = stage([entry('one', mode)], failingFrom(3));
      await one.clock.run(one.course.preChaos(ALIVE));
      one.course.chaosOn();
      await one.clock.run(one.clock.sleep(9_000));
      expect(one.verdicts()).toEqual(['one Failed']);
      expect(one.attempts).toEqual(['one@0', 'one@2000', 'one@4000']);
      expect(one.shown).toEqual(['Failed']);
      one.course.chaosOff();
      await one.clock.run(one.course.postChaos(ALIVE));
      expect(one.verdicts()).toEqual(['one Failed']);
    },
  );

  test.each([
    ['Continuous', failed('too deep')],
    ['OnChaos', failed('too deep')],
    ['Continuous', unclear('too deep')],
  ] as const)(
    '%s with stopOnFailure stops the run at once, and the engine after the verdict',
    async (mode, finding) => {
      const one = stage([entry('one', mode, { stopOnFailure: true })], () => finding);
      await one.clock.run(one.course.preChaos(ALIVE));
      one.course.chaosOn();
      await one.clock.run(one.clock.sleep(100));
      expect(one.course.stop.reason).toBeInstanceOf(ProbeStopError);
      expect(one.verdicts()).toEqual(['one Failed']);
      expect(one.engine).toEqual([]);
      await one.course.close(() => Promise.resolve(true));
      expect(one.engine).toEqual(['Probe one failed and stops the run: too deep']);
    },
  );

  test('in the background that can not be evaluated are told after the chaos, all of them', async () => {
    const both = stage([entry('a', 'Continuous'), entry('b', 'OnChaos'), entry('eot', 'EOT')], ({ name }) =>
      name === 'eot' ? passed('fine') : unclear(`${name} is odd`),
    );
    const error = await rejection(whole(both));
    expect(error).toMatchObject({
      code: 'GENERIC_ERROR',
      message: 'Probe a could not be evaluated: a is odd; Probe b could not be evaluated: b is odd',
    });
    expect(both.attempts).toEqual(['a@0', 'b@0']);
    expect(both.verdicts()).toEqual(['a Awaited', 'b Awaited', 'eot Awaited']);
  });

  test('OnChaos is not evaluated between two cycles, and an attempt that the hold cuts off counts for nothing', async () => {
    const one = stage([entry('one', 'OnChaos', { probePollingInterval: '4s' })], async (_probe, nth) => {
      if (nth === 2) await one.clock.sleep(3_000);
      return nth === 2 ? failed('about another time') : passed('fine');
    });
    await one.clock.run(one.course.preChaos(ALIVE));
    for (let cycle = 0; cycle < 2; cycle += 1) {
      one.course.chaosOn();
      await one.clock.run(one.clock.sleep(5_000));
      one.course.chaosOff();
      await one.clock.run(one.clock.sleep(20_000));
    }
    await one.clock.run(one.course.postChaos(ALIVE));
    expect(one.attempts).toEqual(['one@0', 'one@4000', 'one@25000', 'one@29000']);
    expect(one.verdicts()).toEqual(['one Passed']);
  });

  test('OnChaos that hangs through the whole hold has failed', async () => {
    const one = stage([entry('one', 'OnChaos', { probeTimeout: '1m' })], () => NEVER);
    await whole(one);
    expect(one.course.verdicts()).toMatchObject([
      { verdict: 'Failed', description: expect.stringContaining('gave no answer') },
    ]);
  });

  test('OnChaos that did not pass before the hold was over has failed, with what the last attempt found', async () => {
    const one = stage([entry('one', 'OnChaos', { attempt: 100 })], () => failed('too deep'));
    await whole(one);
    expect(one.course.verdicts()).toMatchObject([
      {
        verdict: 'Failed',
        description: expect.stringMatching(/did not pass .*: too deep \(attempt 10 of 100\)/),
      },
    ]);
  });

  test('OnChaos whose later attempts did not pass has failed, although the hold cut the last one off', async () => {
    const one = stage([entry('one', 'OnChaos', { attempt: 3, interval: '4s' })], failingFrom(2));
    await whole(one);
    expect(one.course.verdicts()).toMatchObject([
      { verdict: 'Failed', description: 'did not pass before the time was over: too deep (attempt 2 of 3)' },
    ]);
  });

  test('OnChaos that recovers in the hold passes', async () => {
    const one = stage([entry('one', 'OnChaos', { attempt: 3 })], (_probe, nth) =>
      nth === 2 ? failed('a hiccup') : passed('fine'),
    );
    await whole(one);
    expect(one.verdicts()).toEqual(['one Passed']);
  });

  test.each(['Continuous', 'OnChaos'] as const)(
    '%s whose pod does not start ends the run before the chaos',
    async (mode) => {
      const one = stage([entry('one', mode)], undefined, () => NEVER);
      const error = await rejection(one.clock.run(one.course.preChaos(ALIVE)));
      expect(error).toMatchObject({ message: expect.stringMatching(/was not there within 180 s/) });
      expect(one.attempts).toEqual([]);
    },
  );

  test('do not set the engine to stop while a later pod may have something to do', async () => {
    const one = stage([entry('one', 'Continuous', { stopOnFailure: true })], () => failed('too deep'));
    await one.clock.run(one.course.preChaos(ALIVE));
    await one.clock.run(one.clock.sleep(100));
    await one.course.close(() => Promise.resolve(false));
    expect(one.engine).toEqual([]);
    expect(one.told.messages('warning')).toEqual([expect.stringMatching(/is not set to stop/)]);
  });

  test('OnChaos whose initialDelay is longer than the hold was not evaluated, and nobody calls that a pass', async () => {
    const one = stage([entry('one', 'OnChaos', { initialDelay: '1m' })]);
    const error = await rejection(whole(one));
    expect(error).toMatchObject({ message: expect.stringMatching(/initialDelay of 60 s is longer/) });
  });

  test('wait for initialDelay in every phase', async () => {
    const two = stage([
      entry('edge', 'Edge', { initialDelay: '3s' }),
      entry('on', 'OnChaos', { initialDelay: '1s' }),
    ]);
    await whole(two);
    expect(two.attempts.filter((text) => text.startsWith('edge'))).toEqual(['edge@3000', 'edge@16000']);
    expect(two.attempts.find((text) => text.startsWith('on'))).toBe('on@4000');
  });

  test('end without a judgement when the run is aborted', async () => {
    const abort = new AbortController();
    const one = stage([entry('one', 'SOT')], () => NEVER);
    const going = one.course.preChaos(abort.signal);
    const reason = new Error('SIGTERM');
    setTimeout(() => abort.abort(reason), 0);
    expect(await rejection(going)).toBe(reason);
    expect(one.verdicts()).toEqual(['one Awaited']);
  });

  test('leave nothing behind when the run is over', async () => {
    const one = stage([entry('sot', 'SOT'), entry('one', 'Continuous')], async (_probe, _nth, signal) => {
      await one.clock.sleep(500, signal);
      return passed('fine');
    });
    await one.clock.run(one.course.preChaos(ALIVE));
    expect(one.released).toEqual(['sot']);
    await one.clock.run(one.clock.sleep(100));
    one.course.end();
    await one.course.close(() => Promise.resolve(true));
    const before = one.attempts.length;
    await one.clock.run(one.clock.sleep(60_000));
    expect(one.attempts).toHaveLength(before);
    expect(one.released).toEqual(['sot', 'all']);
  });

  test('hand the register of a command on to the templates of later probes', async () => {
    const url = 'http://127.0.0.1/{{ .first.ProbeArtifacts.Register }}';
    const command = {
      type: 'cmdProbe',
      'cmdProbe/inputs': {
        command: 'echo x',
        comparator: { type: 'string', criteria: 'contains', value: '' },
      },
    };
    const seen: string[] = [];
    const two = stage(
      [
        entry('first', 'SOT', {}, command),
        entry(
          'then',
          'SOT',
          {},
          { 'httpProbe/inputs': { url, method: { get: { criteria: '==', responseCode: '200' } } } },
        ),
      ],
      (probe) => {
        if (probe.type === 'httpProbe') seen.push(probe.inputs.url);
        return passed('fine', 'orders');
      },
    );
    await two.clock.run(two.course.preChaos(ALIVE));
    expect(seen).toEqual(['http://127.0.0.1/orders']);
  });
});
