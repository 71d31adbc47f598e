import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/runtime/clock.ts';
import { Deadline } from '../../../src/runtime/deadline.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { pass, rejection } from './pieces.ts';

describe('the system clock', () => {
  test('sleeps as long as asked and not less', async () => {
    const from = systemClock.monotonicMs();
    await systemClock.sleep(20);
    expect(systemClock.monotonicMs() - from).toBeGreaterThanOrEqual(20);
  });

  test.each([0, -5])('does not sleep for %p ms', async (ms) => {
    const from = performance.now();
    await systemClock.sleep(ms);
    expect(performance.now() - from).toBeLessThan(50);
  });

  test('wakes at once with the reason of its signal, and not with an AbortError of Node', async () => {
    const stop = new AbortController();
    const reason = new Error('over');
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort(reason);
    expect(await rejection(sleeping)).toBe(reason);
  });

  test('does not fall asleep for a signal that is over already', async () => {
    const reason = new Error('over');
    expect(await rejection(systemClock.sleep(60_000, AbortSignal.abort(reason)))).toBe(reason);
    expect(await rejection(systemClock.sleep(0, AbortSignal.abort(reason)))).toBe(reason);
  });

  test('asks Node for no timer that is too long for it, which Node would fire at once', () => {
    const program = `
      import { systemClock } from './src/runtime/clock.ts';
      process.on('warning', ({ name }) => console.log(name));
      systemClock.sleep(40 * 86_400_000, AbortSignal.timeout(30)).catch(({ name }) => console.log(name));`;
    const { stdout } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('TimeoutError\n');
  });

  test('shows a wall clock for people', () => {
    expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000);
  });
});

describe('a deadline', () => {
  test('counts down and never below nothing', async () => {
    const clock = new VirtualClock();
    const deadline = new Deadline(clock, 1_000);
    expect([deadline.remainingMs, deadline.passed]).toEqual([1_000, false]);
    await pass(clock, 999);
    expect([deadline.remainingMs, deadline.passed]).toEqual([1, false]);
    await pass(clock, 1);
    expect([deadline.remainingMs, deadline.passed]).toEqual([0, true]);
    await pass(clock, 500);
    expect([deadline.remainingMs, deadline.passed]).toEqual([0, true]);
  });
});
