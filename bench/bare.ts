import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:process';

/** Milliseconds from spawn to exit of `node -e 0`: what any Node program costs on this machine, at this moment. */
export async function bareNodeMs(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - startedAt;
}

const PRINT_STATUS = "process.stdout.write(require('fs').readFileSync('/proc/self/status'))";

/** Peak resident memory of a Node that does nothing, in MB of 10^6 bytes; undefined without /proc. */
export function bareNodeMemory(): number | undefined {
  if (platform !== 'linux') return undefined;
  return peakIn(execFileSync(process.execPath, ['-e', PRINT_STATUS], { encoding: 'utf8' }));
}

/** VmHWM of the text of /proc/<pid>/status, in MB of 10^6 bytes. A process that has ended has none. */
export function peakIn(status: string): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
}
