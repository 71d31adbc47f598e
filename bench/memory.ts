import { readFileSync } from 'node:fs';
import type { Product } from '../test/support/product/product.ts';
import { peakIn } from './bare.ts';

const EVERY_MS = 25;

/**
 * Follows the peak resident memory of a process until it ends; undefined without /proc.
 *
 * VmHWM is the kernel's own high-water mark, so a peak between two looks is not missed: only growth in the last
 * 25 ms of the process is. The maxrss that wait4 reports would be wrong: Linux carries the peak of the forking
 * process over exec, so a small child of a big parent shows the parent's.
 */
export async function peakMemory(product: Product): Promise<number | undefined> {
  let peak: number | undefined;
  const look = (): void => {
    peak = read(product.pid) ?? peak;
  };
  const timer = setInterval(look, EVERY_MS);
  await product.exited.finally(() => clearInterval(timer));
  return peak;
}

function read(pid: number): number | undefined {
  try {
    return peakIn(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // It has just ended, or this machine has no /proc.
    return undefined;
  }
}
