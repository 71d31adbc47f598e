import { describe, expect, test } from '@jest/globals';
import { AbortedError } from '../../../src/runtime/errors.ts';
import type { Observation } from '../../../src/runtime/fault.ts';
import { hold } from '../../../src/runtime/hold.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { faultWith, NEVER, rejection, timeline } from './pieces.ts';

const IDS = ['a', 'b'];

interface Parts {
  readonly seconds: number;
  readonly observe: (ids: readonly string[], nth: number) => Promise<Observation[]>;
  readonly signal: AbortSignal;
  readonly clock: VirtualClock;
}

/** A hold of `a` and `b`, and what it did at which second. */
function begin(parts: Partial<Parts> = {}) {
  const { seconds = 60, clock = new VirtualClock(), signal = new AbortController().signal } = parts;
  const looks: [number, string][] = [];
  const lost: string[] = [];
  const told = timeline();
  const fault = faultWith({
    observe: (ids) => {
      looks.push([clock.monotonicMs() / 1000, ids.join()]);
      return (parts.observe ?? allHeld)(ids, looks.length);
    },
  });
  const done = clock.run(
    hold(IDS, seconds * 1000, {
      ...{ fault, clock, signal },
      emit: told.emit,
      lost: (id, kind, message) => void lost.push(`${id} ${kind}: ${message}`),
    }),
  );
  return { clock, looks, lost, done, seconds: () => clock.monotonicMs() / 1000, ...told };
}

const seen = (id: string, status: Observation['status']): Observation => ({
  id,
  status,
  message: `${id} ${status}`,
});
const allHeld = (ids: readonly string[]): Promise<Observation[]> =>
  Promise.resolve(ids.map((id) => seen(id, 'held')));

describe('a hold', () => {
  test('ends at its second, with a look every fifteen', async () => {
    const { done, looks, seconds, events } = begin({ seconds: 50 });
    await done;
    expect(seconds()).toBe(50);
    expect(looks).toEqual([
      [15, 'a,b'],
      [30, 'a,b'],
      [45, 'a,b'],
    ]);
    expect(events).toEqual([]);
  });

  test('that is short is not looked at', async () => {
    const { done, looks, seconds } = begin({ seconds: 14 });
    await done;
    expect([seconds(), looks]).toEqual([14, []]);
  });

  test('of two hours ends at its second', async () => {
    const { done, looks, seconds } = begin({ seconds: 7_200 });
    await done;
    expect(seconds()).toBe(7_200);
    expect(looks.length).toBeGreaterThan(470);
  });

  test('whose end has passed already ends at once', async () => {
    const { done, seconds } = begin({ seconds: -5 });
    await done;
    expect(seconds()).toBe(0);
  });

  test('goes on for the others when one is enabled by somebody else, which is told once', async () => {
    const { done, looks, lost, seconds, events } = begin({
      observe: (ids, nth) =>
        Promise.resolve(ids.map((id) => seen(id, nth === 2 && id === 'a' ? 'released' : 'held'))),
    });
    await done;
    expect(seconds()).toBe(60);
    expect(lost).toEqual(['a released: a released']);
    expect(looks.map(([, ids]) => ids)).toEqual(['a,b', 'a,b', 'b']);
    expect(events).toEqual([
      { type: 'external-change', target: 'a', at: '2026-01-01T00:00:30.000Z', message: 'a released' },
    ]);
  });

  test('ends early when nothing is held any more', async () => {
    const { done, lost, seconds } = begin({
      observe: (ids, nth) =>
        Promise.resolve(ids.map((id) => seen(id, id === 'a' ? 'gone' : nth < 3 ? 'held' : 'released'))),
    });
    await done;
    expect(seconds()).toBe(45);
    expect(lost).toEqual(['a gone: a gone', 'b released: b released']);
  });

  test('goes on over a change that leaves a target off, and tells of it', async () => {
    const { done, lost, seconds, messages } = begin({
      seconds: 20,
      observe: () => Promise.resolve([seen('a', 'changed'), seen('b', 'held')]),
    });
    await done;
    expect(seconds()).toBe(20);
    expect(lost).toEqual([]);
    expect(messages('external-change')).toEqual(['a changed']);
  });

  test('ends with the reason of the run when that is ending', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const reason = new AbortedError('SIGTERM received');
    clock.sleep(7_000).then(
      () => stop.abort(reason),
      () => undefined,
    );
    const { done, seconds } = begin({ clock, signal: stop.signal });
    expect(await rejection(done)).toBe(reason);
    expect(seconds()).toBe(7);
  });

  test('ends at its second although a look never answers', async () => {
    const { done, seconds, looks } = begin({ observe: () => NEVER });
    await done;
    expect([seconds(), looks.length]).toEqual([60, 1]);
  });

  test('is not held up by a hung look when the run is ending', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    clock.sleep(16_000).then(
      () => stop.abort(new AbortedError('SIGTERM received')),
      () => undefined,
    );
    const { done, seconds } = begin({ clock, signal: stop.signal, observe: () => NEVER });
    await rejection(done);
    expect(seconds()).toBe(16);
  });

  test('goes on when a look fails, says so, and looks again', async () => {
    const { done, looks, messages, seconds } = begin({
      observe: (ids, nth) => (nth === 1 ? Promise.reject(new Error('throttled')) : allHeld(ids)),
    });
    await done;
    expect(seconds()).toBe(60);
    expect(looks).toHaveLength(3);
    expect(messages('note')).toEqual([
      'The event source mappings could not be looked at in the hold, which goes on: throttled',
    ]);
  });
});
