import { format } from 'node:util';
import { afterAll, test } from '@jest/globals';

/** Enough to let waiting overlap, few enough that a machine with two cores keeps the stories' pace. */
const AT_ONCE = 7;
const LONGEST_MS = 150_000;

type Tell = () => Promise<void>;

const queue: (() => Promise<void>)[] = [];
let running: Promise<unknown> | undefined;
let over = false;

/** Jest would overlap five tests at most; these wait nearly all of their time. */
function begin(): void {
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !over; next = queue.shift()) await next();
  };
  running ??= Promise.all(Array.from({ length: AT_ONCE }, worker));
}

afterAll(async () => {
  // With a filter, stories that nobody waits for may be under way: their processes must not outlive the test.
  over = true;
  await running;
}, LONGEST_MS);

/** A test that overlaps with the other stories of its file. They begin in the order in which they are written. */
export function story(name: string, tell: Tell): void {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  // A failure belongs to the test that waits for it, however late that is.
  promise.catch(() => undefined);
  queue.push(() => tell().then(() => resolve(undefined), reject));
  const wait = (): Promise<undefined> => {
    begin();
    return promise;
  };
  test(name, wait, LONGEST_MS);
}

/** A story for each case; `%s` and `%j` in the name stand for the case. */
export const storyForEach =
  <T>(cases: readonly T[]) =>
  (name: string, tell: (each: T) => Promise<void>): void => {
    for (const each of cases) story(format(name, each), () => tell(each));
  };

export type Stories = Readonly<Record<string, Tell>>;

export function together(stories: Stories): void {
  for (const [name, tell] of Object.entries(stories)) story(name, tell);
}
