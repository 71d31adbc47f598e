import { open, stat, unlink } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { Deadline } from '../deadline.ts';

/** A lock is held for one small write; one this old was left by a process that died in it. */
const STALE_MS = 10_000;
const WAIT_MS = 20_000;
const PAUSE_MS = 20;

/**
 * Runs `work` while no other process that asks for the same lock does.
 * @throws when the lock file can't be made, or stays taken for 20 s.
 */
export async function withLock<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const deadline = new Deadline(clock, WAIT_MS);
  while (!(await take(path))) {
    if (deadline.passed) throw new Error(`${path} stays taken by another process`);
    await dropIfStale(path);
    await clock.sleep(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    await removeIfThere(path);
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function dropIfStale(path: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_MS) await removeIfThere(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
