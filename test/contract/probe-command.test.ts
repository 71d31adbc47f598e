import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { judgeCommand, runInline } from '../../src/litmus/probes/types/command.ts';
import { until } from '../process/play.ts';

const YES = { type: 'string', criteria: 'equal', value: 'yes' } as const;
const env = { PATH: process.env.PATH ?? '', WHO: 'orders' };

describe('a command of a cmdProbe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'probe-command-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (command: string, signal = AbortSignal.timeout(20_000)) => runInline(command, env, signal);
  const isAlive = (pid: number): boolean =>
    existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

  test.each([
    ['echo yes', 'passed', /printed "yes"; expected is equal yes/],
    ['printf "  yes \\n"', 'passed', /printed "yes"/],
    ['echo no', 'failed', /printed "no"/],
    ['echo no; echo why >&2', 'failed', /it says "why"/],
    ['echo yes; exit 3', 'unclear', /exit code 3/],
    ['no-such-program', 'unclear', /exit code 127; it says ".*not found/],
    ['kill -9 $$', 'unclear', /ended with a signal/],
    ['test "$WHO" = orders && echo yes', 'passed', /"yes"/],
  ])('%j', async (command, kind, why) => {
    const finding = judgeCommand(await run(command), YES);
    expect(finding).toMatchObject({ kind, description: expect.stringMatching(why) });
  });

  test('that is over at once is not waited for', async () => {
    const times: number[] = [];
    for (let nth = 0; nth < 40; nth += 1) {
      const began = performance.now();
      await run('echo yes');
      times.push(performance.now() - began);
    }
    expect(times.filter((ms) => ms > 900)).toEqual([]);
  });

  test('leaves its trimmed output as the register', async () => {
    expect(judgeCommand(await run('echo " 42 "'), { type: 'int', criteria: '>', value: '5' })).toMatchObject({
      kind: 'passed',
      register: '42',
    });
  });

  test('that floods its output does not fill the memory', async () => {
    const { stdout } = await run('head -c 5000000 /dev/zero | tr "\\0" x');
    expect(stdout.length).toBe(1_000_000);
  });

  test('that hangs is killed with everything that it has started', async () => {
    const path = join(folder, 'hang');
    const abort = new AbortController();
    const going = run(`sleep 300 & echo $! > ${path}; trap '' TERM; sleep 300`, abort.signal);
    await until('the child', () => existsSync(path) && readFileSync(path, 'utf8') !== '');
    const pid = Number(readFileSync(path, 'utf8'));
    const reason = new Error('too long');
    abort.abort(reason);
    await expect(going).rejects.toBe(reason);
    await until('its end', () => !isAlive(pid), 2_000);
  });

  test('that leaves something in the background does not wait for it, and does not leave it', async () => {
    const path = join(folder, 'background');
    const began = performance.now();
    const { stdout } = await run(`sleep 300 & echo $! > ${path}; echo yes`);
    expect(stdout.trim()).toBe('yes');
    expect(performance.now() - began).toBeLessThan(5_000);
    await until('its end', () => !isAlive(Number(readFileSync(path, 'utf8'))), 2_000);
  });
});
