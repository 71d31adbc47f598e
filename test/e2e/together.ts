import { beforeAll, test } from '@jest/globals';

/** Enough to let waiting overlap, few enough that a machine with two cores keeps the stories' pace. */
const AT_ONCE = 9;
const LONGEST_MS = 120_000;

export type Stories = Readonly<Record<string, () => Promise<void>>>;

/** One test a story; the stories themselves overlap, because most of their time they wait. */
export function together(stories: Stories): void {
  const results = Object.entries(stories).map(([name, tell]) => ({
    name,
    tell,
    ...Promise.withResolvers<undefined>(),
  }));
  beforeAll(() => {
    const queue = results.values();
    const worker = async (): Promise<void> => {
      for (const { tell, resolve, reject } of queue) await tell().then(() => resolve(undefined), reject);
    };
    // A failure belongs to the test that waits for it, however late that is.
    for (const { promise } of results) promise.catch(() => undefined);
    for (let count = 0; count < AT_ONCE; count += 1) worker().catch(() => undefined);
  });
  for (const { name, promise } of results) test(name, () => promise, LONGEST_MS);
}
