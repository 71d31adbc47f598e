import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { planCommand } from '../../../src/commands/plan.ts';
import { revertCommand } from '../../../src/commands/revert.ts';
import { runCommand } from '../../../src/commands/run.ts';
import type { Io } from '../../../src/commands/io.ts';
import type { JournalRecord } from '../../../src/runtime/journal.ts';
import { systemClock, type Clock } from '../../../src/runtime/clock.ts';
import { AbortedError, type ChaosError } from '../../../src/runtime/errors.ts';
import { identity, recordWith } from '../runtime/pieces.ts';

const BAD = { REGION: '', FUNCTION_NAME: 'orders', EVENT_UUIDS: '', TOTAL_CHAOS_DURATION: '1m' };

/** The last word of a run that was stopped may take ten seconds; nothing here needs it. */
const IMPATIENT: Clock = {
  ...systemClock,
  sleep: (ms, signal) =>
    ms > 5_000 && signal === undefined ? new Promise(() => undefined) : systemClock.sleep(ms, signal),
};

let folder = '';
let journalPath = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
  journalPath = join(folder, 'journal.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function io(env: Record<string, string> = {}, stopped?: ChaosError): { io: Io; output: () => string } {
  let output = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      output += chunk.toString();
      done();
    },
  });
  const abort = new AbortController();
  if (stopped !== undefined) abort.abort(stopped);
  const source = {
    signal: abort.signal,
    abort: (reason: ChaosError) => abort.abort(reason),
    attach: () => undefined,
  };
  return {
    io: { env, stdout: stdout as unknown as NodeJS.WriteStream, clock: IMPATIENT, abort: source },
    output: () => output,
  };
}

const journal = (): { journal: JournalRecord; outcome?: { verdict: string; error?: { message: string } } } =>
  JSON.parse(readFileSync(journalPath, 'utf8')) as ReturnType<typeof journal>;
const keep = (record: unknown): void => writeFileSync(journalPath, JSON.stringify({ journal: record }));
const alone = {
  engine: undefined,
  namespace: undefined,
  experiment: undefined,
  instance: undefined,
  overdue: false,
};

describe('a standalone run', () => {
  test('with a bad environment still ends as a recorded verdict with every problem', async () => {
    const { io: given, output } = io(BAD);
    expect(await runCommand(given, { journal: journalPath })).toBe(2);
    const { journal: record, outcome } = journal();
    expect(record).toMatchObject({ finished: true, targets: {} });
    expect(outcome?.verdict).toBe('Error');
    for (const name of ['REGION', 'EVENT_UUIDS', 'TOTAL_CHAOS_DURATION'])
      expect(outcome?.error?.message).toContain(`${name}: `);
    expect(output()).toContain('"event":"outcome"');
  });

  test('that was stopped before it began says so', async () => {
    const { io: given } = io(BAD, new AbortedError('SIGTERM received'));
    expect(await runCommand(given, { journal: journalPath })).toBe(3);
    expect(journal().outcome?.verdict).toBe('Stopped');
  });

  test('without a place for its journal touches nothing and can not record a verdict', async () => {
    const { io: given, output } = io(BAD);
    expect(await runCommand(given, { journal: join(folder, 'missing', 'journal.json') })).toBe(71);
    expect(output()).toContain('No verdict could be recorded, and this process touched nothing');
  });

  test('in front of an unreadable journal leaves it as it is', async () => {
    keep({ version: 2 });
    const before = readFileSync(journalPath, 'utf8');
    const { io: given, output } = io(BAD);
    expect(await runCommand(given, { journal: journalPath })).toBe(70);
    expect(JSON.parse(readFileSync(journalPath, 'utf8'))).toMatchObject({
      journal: (JSON.parse(before) as { journal: unknown }).journal,
    });
    expect(output()).toContain('version 2');
  });
});

describe('the revert command', () => {
  const revert = async (env: Record<string, string> = {}) => {
    const { io: given, output } = io(env);
    return { code: await revertCommand(given, { ...alone, journalPath }), output: output() };
  };

  test('does not call it well when there is no journal at all, for the name may be mistyped', async () => {
    expect(await revert()).toMatchObject({
      code: 70,
      output: expect.stringContaining('there is no journal in'),
    });
  });

  test.each([true, false])('has nothing to do when nothing may be off (finished: %p)', async (finished) => {
    keep(recordWith({ a: 'reverted', b: 'released', c: 'gone' }, { finished }));
    expect(await revert()).toMatchObject({ code: 0, output: expect.stringContaining('Nothing to revert') });
  });

  test('refuses a journal that it can not read, with the code that calls for help', async () => {
    keep({ version: 2 });
    expect(await revert()).toMatchObject({
      code: 70,
      output: expect.stringContaining(
        "The revert could not begin: the journal can't be read: it has version 2",
      ),
    });
  });

  test('says that targets are off when the journal is of a fault that it does not know', async () => {
    keep(recordWith({ a: 'injected' }, { run: identity({ engine: '', experiment: 'ec2-stop' }) }));
    const { code, output } = await revert();
    expect(code).toBe(70);
    expect(output).toContain('The journal belongs to ec2-stop');
    expect(output).toContain('Still switched off: a.');
  });
});

describe('the plan command', () => {
  test('prints every problem of the environment and fails', async () => {
    const { io: given, output } = io({ ...BAD, FUNCTIONNAME: 'x' });
    expect(await planCommand(given)).toBe(2);
    expect(output()).toMatch(/^! FUNCTIONNAME is not a tunable/);
    for (const name of ['REGION', 'EVENT_UUIDS', 'TOTAL_CHAOS_DURATION'])
      expect(output()).toContain(`${name}: `);
  });

  test('lists the faults when the experiment is another', async () => {
    const { io: given, output } = io({ EXPERIMENT_NAME: 'pod-delete' });
    expect(await planCommand(given)).toBe(2);
    expect(output()).toContain('wanted is one of lambda-toggle-event-mapping-state');
  });
});
