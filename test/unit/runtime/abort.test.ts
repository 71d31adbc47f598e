import { EventEmitter, getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { momentAfter, watchForAbort, whileActive, type AbortSource } from '../../../src/runtime/abort.ts';
import { AbortedError, ChaosError } from '../../../src/runtime/errors.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { NEVER, pass, rejection, timeline } from './pieces.ts';

/** A process that receives what the test sends, with handlers installed. */
function watched(): { source: AbortSource; send: (event: string, ...args: unknown[]) => boolean } {
  const process = new EventEmitter();
  const source = watchForAbort(process as NodeJS.Process);
  return { source, send: (event, ...args) => process.emit(event, ...args) };
}

describe('the watch for signals and crashes', () => {
  test.each(['SIGTERM', 'SIGINT'])('ends the run on %s', (signal) => {
    const { source, send } = watched();
    const { emit, events } = timeline();
    source.attach(emit);
    expect(source.signal.aborted).toBe(false);
    expect(send(signal, signal)).toBe(true);
    expect(source.signal.reason).toBeInstanceOf(AbortedError);
    expect(source.signal.reason).toMatchObject({
      message: `${signal} received`,
      code: 'EXPERIMENT_ABORTED',
      phase: 'Abort',
    });
    expect(events).toEqual([{ type: 'abort', why: `${signal} received` }]);
  });

  test('still handles the second and the third signal, which would kill the revert otherwise', () => {
    const { source, send } = watched();
    const { emit, events } = timeline();
    source.attach(emit);
    send('SIGTERM');
    expect([send('SIGTERM'), send('SIGINT'), send('SIGINT')]).toEqual([true, true, true]);
    expect((source.signal.reason as Error).message).toBe('SIGTERM received');
    expect(events.slice(1)).toEqual([
      { type: 'abort', why: 'SIGTERM received (already ending; the revert goes on)' },
      { type: 'abort', why: 'SIGINT received (already ending; the revert goes on)' },
      { type: 'abort', why: 'SIGINT received (already ending; the revert goes on)' },
    ]);
  });

  test.each([
    ['uncaughtException', 'An uncaught exception ended the run: boom'],
    ['unhandledRejection', 'An unhandled rejection ended the run: boom'],
  ])('takes an %s for an error of ours and not for a wish to stop', (event, message) => {
    const { source, send } = watched();
    const cause = new Error('boom');
    send(event, cause);
    expect(source.signal.reason).toBeInstanceOf(ChaosError);
    expect(source.signal.reason).not.toBeInstanceOf(AbortedError);
    expect(source.signal.reason).toMatchObject({ message, code: 'GENERIC_ERROR', cause });
  });

  test('can say what was rejected with even if that was no error', () => {
    const { source, send } = watched();
    send('unhandledRejection', 'boom');
    expect(source.signal.reason).toMatchObject({ message: 'An unhandled rejection ended the run: boom' });
  });

  test('keeps the first reason when a crash follows a signal', () => {
    const { source, send } = watched();
    send('SIGTERM');
    send('uncaughtException', new Error('boom'));
    expect(source.signal.reason).toBeInstanceOf(AbortedError);
  });

  test('tells what came before anybody listened, once and in order', () => {
    const { source, send } = watched();
    send('SIGTERM');
    send('SIGINT');
    const { emit, events } = timeline();
    source.attach(emit);
    expect(events.map((event) => event.type === 'abort' && event.why)).toEqual([
      'SIGTERM received',
      'SIGINT received (already ending; the revert goes on)',
    ]);
    const later = timeline();
    source.attach(later.emit);
    expect(later.events).toEqual([]);
  });

  test('can be aborted from inside, once', () => {
    const { source } = watched();
    const reason = new AbortedError('the engine is gone');
    source.abort(reason);
    source.abort(new AbortedError('another reason'));
    expect(source.signal.reason).toBe(reason);
  });
});

describe('whileActive', () => {
  const quiet = new AbortController().signal;

  test('gives what the work gives', async () => {
    expect(await whileActive(Promise.resolve(7), quiet)).toBe(7);
    await expect(whileActive(Promise.reject(new Error('no')), quiet)).rejects.toThrow('no');
  });

  test('waits for nothing once the signal is over', async () => {
    const reason = new AbortedError('over');
    expect(await rejection(whileActive(Promise.resolve(7), AbortSignal.abort(reason)))).toBe(reason);
    expect(await rejection(whileActive(NEVER, AbortSignal.abort(reason)))).toBe(reason);
  });

  test('stops waiting with the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new AbortedError('over');
    const waiting = whileActive(NEVER, stop.signal);
    stop.abort(reason);
    expect(await rejection(waiting)).toBe(reason);
  });

  test.each(['before', 'after'])(
    'lets no late failure of abandoned work escape (signal %s the call)',
    async (when) => {
      const unhandled: unknown[] = [];
      const note = (error: unknown): void => void unhandled.push(error);
      process.on('unhandledRejection', note);
      const work = Promise.withResolvers<never>();
      const stop = new AbortController();
      if (when === 'before') stop.abort(new Error('over'));
      const waiting = rejection(whileActive(work.promise, stop.signal));
      stop.abort(new Error('over'));
      await waiting;
      work.reject(new Error('late'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      process.off('unhandledRejection', note);
      expect(unhandled).toEqual([]);
    },
  );

  test('leaves no listener on the signal, for a long hold would gather thousands', async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round += 1) await whileActive(Promise.resolve(), signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('momentAfter', () => {
  test('follows its signal ten seconds later, with the same reason', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const later = momentAfter(stop.signal, clock);
    await pass(clock, 60_000);
    expect(later.aborted).toBe(false);
    const reason = new AbortedError('SIGTERM received');
    stop.abort(reason);
    await pass(clock, 9_999);
    expect(later.aborted).toBe(false);
    await pass(clock, 1);
    expect(later.reason).toBe(reason);
  });

  test('gives ten seconds too when the signal came before it', async () => {
    const clock = new VirtualClock();
    const later = momentAfter(AbortSignal.abort(new AbortedError('early')), clock);
    expect(later.aborted).toBe(false);
    await pass(clock, 10_000);
    expect(later.reason).toMatchObject({ message: 'early' });
  });
});
