import { readdirSync, readFileSync } from 'node:fs';

/**
 * SIGKILL for the container of `pod`, as an out-of-memory kill is: from outside, for from inside its own namespace
 * the first process can't be killed. Needs the node's processes on this machine, and the right to signal them.
 * @throws Error where they are not to be seen
 */
export function killContainer(pod: string): void {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`POD_NAME=${pod}`));
  if (pids.length === 0) {
    throw new Error(
      `no process of pod ${pod} is on this machine, or this user may not see it (kind: run as root)`,
    );
  }
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended, or belongs to somebody else.
    return [];
  }
}
