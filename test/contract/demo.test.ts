import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';

interface Shown {
  readonly code: number | null;
  readonly output: string;
}

/** The demo as in CI: no terminal, no locale. `onOutput` may send it a signal. */
async function demo(
  args: readonly string[],
  onOutput?: (output: string, pid: number) => void,
): Promise<Shown> {
  const child = spawn(process.execPath, ['demo/run.ts', ...args], {
    env: { ...process.env, LC_ALL: 'C', NO_COLOR: '', FORCE_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    onOutput?.(output, child.pid ?? 0);
  });
  const [errors, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, output: output + errors };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function leftovers(output: string): Promise<string[]> {
  const pods = [...output.matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid));
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? 'http://no-stand-in.invalid';
  const standIn = await fetch(`${url}/_standin/state`).then(
    () => [url],
    () => [],
  );
  return [...pods.filter(isAlive).map(String), ...standIn];
}

// They wait most of the time.
test.concurrent(
  'the demo of a SIGKILL in the hold proves its claims in plain lines and leaves no process',
  async () => {
    const { code, output } = await demo(['--crash', '--hold', '3']);
    expect(output).toMatch(/ {2}All 10 claims are true\.\n.*\n\n$/);
    expect(code).toBe(0);
    expect(output).toMatch(/^[ -~\n]*$/);
    expect(output.match(/phase {4}\S+/g)?.map((line) => line.split(/ +/)[1])).toEqual(
      'traffic checks disabling hold nobody enabling draining over'.split(' '),
    );
    expect(output.match(/\(pid \d+\)/g)).toHaveLength(2);
    expect(await leftovers(output)).toEqual([]);
  },
  60_000,
);

test.concurrent(
  'the demo of hypotheses shows two that hold and one that fails, and calls that a Fail',
  async () => {
    const { code, output } = await demo(['--probes', '--hold', '5']);
    expect(output).toMatch(/ {2}All 10 claims are true\.\n.*\n\n$/);
    expect(code).toBe(0);
    expect(output).toContain('ok Verdict Fail, phase Completed_With_Probe_Failure, exit code 1');
    expect(output).toMatch(/ok service-answers holds - httpProbe, Continuous\n {5}GET .* answered 200;/);
    expect(output).toMatch(
      /NO backlog-stays-small FAILS - cmdProbe, OnChaos\n.*printed "\d{3}"; expected is < 100/,
    );
    expect(output).toMatch(/ok backlog-drains holds - httpProbe, EOT\n {5}GET .* answered 200;/);
    expect(await leftovers(output)).toEqual([]);
  },
  60_000,
);

test.concurrent(
  'Ctrl-C in the hold ends the product, waits for its revert and leaves no process',
  async () => {
    let sent = false;
    const { code, output } = await demo(['--hold', '30'], (soFar, pid) => {
      if (sent || !soFar.includes('phase    hold')) return;
      sent = true;
      process.kill(pid, 'SIGINT');
      process.kill(pid, 'SIGINT');
    });
    expect(output).toContain('ok Verdict Stopped, phase Stopped, exit code 3');
    expect(output).toContain('All 6 claims are true.');
    expect(code).toBe(130);
    expect(await leftovers(output)).toEqual([]);
  },
  60_000,
);
