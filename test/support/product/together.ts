import { format } from 'node:util';
import { afterAll, test } from '@jest/globals';

type Tell = () => Promise<void>;

export type Stories = Readonly<Record<string, Tell>>;

export interface Stage {
  /** A test that overlaps with the other stories of its file. They begin in the order in which they are written. */
  readonly story: (name: string, tell: Tell) => void;
  /** A story for each case; `%s` and `%j` in the name stand for the case. */
  readonly storyForEach: <T>(cases: readonly T[]) => (name: string, tell: (each: T) => Promise<void>) => void;
  readonly together: (stories: Stories) => void;
}

/** Jest would overlap five tests at most; these wait nearly all of their time. */
export function openStage({
  atOnce,
  longestMs,
}: {
  readonly atOnce: number;
  readonly longestMs: number;
}): Stage {
  const queue: (() => Promise<void>)[] = [];
  let running: Promise<unknown> | undefined;
  let over = false;
  const begin = (): void => {
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !over; next = queue.shift()) await next();
    };
    running ??= Promise.all(Array.from({ length: atOnce }, worker));
  };
  afterAll(async () => {
    // With a filter, stories that nobody waits for may be under way: their processes must not outlive the test.
    over = true;
    await running;
  }, longestMs);
  const story = (name: string, tell: Tell): void => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    // A failure belongs to the test that waits for it, however late that is.
    promise.catch(() => undefined);
    queue.push(() => tell().then(() => resolve(undefined), reject));
    const wait = (): Promise<undefined> => {
      begin();
      return promise;
    };
    test(name, wait, longestMs);
  };
  return {
    story,
    storyForEach: (cases) => (name, tell) => {
      for (const each of cases) story(format(name, each), () => tell(each));
    },
    together: (stories) => {
      for (const [name, tell] of Object.entries(stories)) story(name, tell);
    },
  };
}

/** Seven: enough to let waiting overlap, few enough that a machine with two cores keeps the stories' pace. */
export const { story, storyForEach, together } = openStage({ atOnce: 7, longestMs: 150_000 });
