import { describe, expect, test } from '@jest/globals';
import { CredentialsError } from '../../../src/aws/credentials/error.ts';
import type { Credentials } from '../../../src/aws/credentials/identity.ts';
import { SteadyCredentials } from '../../../src/aws/credentials/steady.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';

const MINUTE = 60_000;
const never = new Promise<never>(() => undefined);

/** Steady credentials whose fetches go as `script` says: milliseconds of life, a failure, or no answer. */
function steady(clock: VirtualClock, script: readonly (number | Error | 'hang')[]) {
  let fetches = 0;
  const fetch = (): Promise<Credentials> => {
    const step = script[Math.min(fetches, script.length - 1)];
    fetches += 1;
    if (step === 'hang') return never;
    if (step instanceof Error) return Promise.reject(step);
    const expiration = new Date(clock.now().getTime() + (step ?? 0));
    return Promise.resolve({ accessKeyId: `key-${fetches}`, secretAccessKey: 's', expiration });
  };
  const options = { source: 'IRSA', clock, emit: () => undefined, fetchMs: 15_000 };
  const credentials = new SteadyCredentials(fetch, options);
  const key = async (): Promise<string> => (await clock.run(credentials.provide())).accessKeyId;
  return { key, count: () => fetches };
}

const pass = (clock: VirtualClock, ms: number): Promise<void> => clock.run(clock.sleep(ms));

describe('steady credentials', () => {
  test('are kept until five minutes before their end', async () => {
    const clock = new VirtualClock();
    const { key } = steady(clock, [60 * MINUTE]);
    expect(await key()).toBe('key-1');
    await pass(clock, 54 * MINUTE);
    expect(await key()).toBe('key-1');
    await pass(clock, 2 * MINUTE);
    expect(await key()).toBe('key-2');
  });

  test('that end while a refresh is awaited are not used', async () => {
    const clock = new VirtualClock();
    const { key } = steady(clock, [60 * MINUTE, 'hang']);
    await key();
    await pass(clock, 60 * MINUTE - 1_000);
    await expect(key()).rejects.toThrow();
  });

  test('that seem to have ended on arrival, by a clock that is ahead, are used', async () => {
    const clock = new VirtualClock();
    const { key, count } = steady(clock, [-60 * MINUTE]);
    expect([await key(), await key(), await key()]).toEqual(['key-1', 'key-1', 'key-1']);
    expect(count()).toBe(1);
  });

  test('that end soon after arrival are replaced at their end', async () => {
    const clock = new VirtualClock();
    const { key } = steady(clock, [3_000]);
    await key();
    await pass(clock, 3_001);
    expect(await key()).toBe('key-2');
  });

  test('do not wait longer than two seconds for a refresh while the present ones are good', async () => {
    const clock = new VirtualClock();
    const { key } = steady(clock, [60 * MINUTE, 'hang']);
    await key();
    await pass(clock, 57 * MINUTE);
    const before = clock.monotonicMs();
    expect(await key()).toBe('key-1');
    expect(clock.monotonicMs() - before).toBe(2_000);
  });

  test('end a fetch that hangs and name the source', async () => {
    const clock = new VirtualClock();
    const { key } = steady(clock, ['hang', 60 * MINUTE]);
    await expect(key()).rejects.toThrow(CredentialsError);
    expect(clock.monotonicMs()).toBe(15_000);
    expect(await key()).toBe('key-2');
  });
});
