import { describe, expect, test } from '@jest/globals';
import { AbortedError } from '../../../src/runtime/errors.ts';
import { watchForStop, type StopWatch } from '../../../src/runtime/stop-watch.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { ALONE, NEVER, pass, timeline } from './pieces.ts';

function begin(stopRequested: () => Promise<string | undefined>, signal = new AbortController().signal) {
  const clock = new VirtualClock();
  const told = timeline();
  const watch: StopWatch = watchForStop({
    surroundings: { ...ALONE, stopRequested },
    clock,
    signal,
    emit: told.emit,
  });
  return { clock, watch, ...told };
}

describe('the watch for a stop', () => {
  test('ends the run, and tells it, when the engine asks for it in any phase', async () => {
    const engine: { stop?: string } = {};
    const { clock, watch, events } = begin(() => Promise.resolve(engine.stop));
    await pass(clock, 40_000);
    expect(watch.signal.aborted).toBe(false);
    const why = 'ChaosEngine x has engineState stop';
    engine.stop = why;
    await pass(clock, 15_000);
    expect(watch.signal.reason).toBeInstanceOf(AbortedError);
    expect(events).toEqual([{ type: 'abort', why }]);
    await watch.end();
  });

  test("follows the run's own signal, with its reason", () => {
    const stop = new AbortController();
    const reason = new AbortedError('SIGTERM received');
    const { watch } = begin(() => Promise.resolve(undefined), stop.signal);
    stop.abort(reason);
    expect(watch.signal.reason).toBe(reason);
  });

  test('ends at once although nobody answers, and without a word', async () => {
    const { clock, watch, events } = begin(() => NEVER);
    await pass(clock, 20_000);
    await watch.end();
    expect(watch.signal.aborted).toBe(false);
    expect(events).toEqual([]);
  });

  test('does not end the run when it breaks, but warns', async () => {
    const { clock, watch, messages } = begin(() => Promise.reject(new Error('a bug')));
    await pass(clock, 20_000);
    expect(watch.signal.aborted).toBe(false);
    expect(messages('warning')).toEqual(['The watch for a stop ended: a bug']);
    await watch.end();
  });
});
