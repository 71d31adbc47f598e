import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../src/runtime/errors.ts';

const LONGEST_MS = 90_000;
const POLL_MS = 250;

/** What `look` finds, once it finds something. @throws Error with `what` and the last error after `ms` */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  ms = LONGEST_MS,
): Promise<T> {
  const end = performance.now() + ms;
  let last: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await delay(POLL_MS);
  } while (performance.now() < end);
  throw new Error(`${what}: not within ${ms / 1000} s${last === undefined ? '' : ` (${messageOf(last)})`}`);
}
