import { spawnSync } from 'node:child_process';
import { setting } from './names.ts';

/** What an image says of the source that it was made from. */
export interface Source {
  /** The commit, with `-dirty` where the checkout differs from it; undefined without git. */
  readonly revision: string | undefined;
  /** Seconds since 1970: SOURCE_DATE_EPOCH, or the time of the commit, or now. */
  readonly epoch: number;
}

/** @throws Error when SOURCE_DATE_EPOCH is no number of seconds. */
export function readSource(): Source {
  const commit = git(['rev-parse', 'HEAD']);
  const dirty = commit !== undefined && git(['status', '--porcelain']) !== '';
  return {
    revision: commit === undefined ? undefined : `${commit}${dirty ? '-dirty' : ''}`,
    epoch: epochOf(setting('SOURCE_DATE_EPOCH') ?? git(['log', '-1', '--format=%ct'])),
  };
}

function epochOf(text: string | undefined): number {
  if (text === undefined) return Math.floor(Date.now() / 1000);
  if (/^\d{1,11}$/.test(text)) return Number(text);
  throw new Error(
    `SOURCE_DATE_EPOCH: got ${JSON.stringify(text)}; wanted are the seconds since 1970, for example 1767225600`,
  );
}

/** What git prints; undefined where there is no git, or this is not a checkout. */
function git(args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : undefined;
}
