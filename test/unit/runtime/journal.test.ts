import { describe, expect, test } from '@jest/globals';
import {
  isOpen,
  JOURNAL_VERSION,
  newRecord,
  openTargets,
  parseJournal,
  type TargetPhase,
} from '../../../src/runtime/journal.ts';
import { BEGIN, identity, recordWith } from './pieces.ts';

const PHASES: readonly TargetPhase[] = ['targeted', 'injected', 'reverted', 'released', 'gone'];

const good = (): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(recordWith({ a: 'targeted' }, { deadline: BEGIN, context: { region: 'r' } })),
  ) as Record<string, unknown>;

const whyUnreadable = (value: unknown): string => {
  const parsed = parseJournal(typeof value === 'string' ? value : JSON.stringify(value));
  return parsed.kind === 'unreadable' ? parsed.why : `it was taken for a ${parsed.kind}`;
};

describe('a journal', () => {
  test('is read as it was written', () => {
    const record = recordWith(Object.fromEntries(PHASES.map((phase) => [phase, phase])));
    expect(parseJournal(JSON.stringify(record))).toEqual({ kind: 'record', record });
  });

  test('of a later version is refused and never guessed at', () => {
    expect(whyUnreadable({ ...good(), version: 2 })).toBe(
      'it has version 2 and this program reads version 1',
    );
    expect(whyUnreadable({ version: 99, somethingElse: true })).toMatch(/version 99/);
    expect(JOURNAL_VERSION).toBe(1);
  });

  test.each<[string, unknown, string]>([
    ['nothing at all', '', 'it is not JSON'],
    ['half a record', '{"version":1,"run":{', 'it is not JSON'],
    ['null', 'null', 'it names no version'],
    ['a list', [], 'it names no version'],
    ['a number', 1, 'it names no version'],
    ['no version', { ...good(), version: undefined }, 'it names no version'],
    ['a version in words', { ...good(), version: '1' }, 'it names no version'],
  ])('that holds %s is unreadable', (_what, value, why) => {
    expect(whyUnreadable(value)).toBe(why);
  });

  test.each(['run', 'owner', 'startedAt', 'finished', 'context', 'targets'])(
    'without %s is unreadable',
    (field) => {
      expect(whyUnreadable({ ...good(), [field]: undefined })).toMatch(/lacks fields/);
      expect(whyUnreadable({ ...good(), [field]: 7 })).toMatch(/lacks fields/);
    },
  );

  test.each(['experiment', 'engine', 'engineUid', 'jobId', 'pod', 'attempt'])(
    'whose run has no %s is unreadable',
    (field) => {
      expect(whyUnreadable({ ...good(), run: { ...identity(), [field]: undefined } })).toMatch(
        /lacks fields/,
      );
    },
  );

  test.each<[string, unknown]>([
    ['a phase that nobody knows', { phase: 'paused', before: 'Enabled', at: BEGIN }],
    ['no time', { phase: 'targeted', before: 'Enabled' }],
    ['no state before', { phase: 'targeted', at: BEGIN }],
    ['nothing', null],
  ])('with a target that has %s is unreadable', (_what, target) => {
    expect(whyUnreadable({ ...good(), targets: { a: target } })).toMatch(/lacks fields/);
  });

  test('keeps what a later program of the same version has added', () => {
    expect(parseJournal(JSON.stringify({ ...good(), note: 'x' }))).toMatchObject({ record: { note: 'x' } });
  });
});

describe('the targets of a journal', () => {
  test.each<[TargetPhase, boolean]>([
    ['targeted', true],
    ['injected', true],
    ['reverted', false],
    ['released', false],
    ['gone', false],
  ])('may be off because of the run in phase %s: %p', (phase, open) => {
    expect(isOpen({ phase, before: 'Enabled', at: BEGIN })).toBe(open);
    expect(openTargets(recordWith({ a: phase }))).toEqual(open ? ['a'] : []);
  });

  test('are none in the record of a run that begins', () => {
    expect(newRecord(identity({ attempt: 'me' }), new Date(BEGIN))).toEqual({
      version: JOURNAL_VERSION,
      run: identity({ attempt: 'me' }),
      owner: 'me',
      startedAt: BEGIN,
      finished: false,
      context: {},
      targets: {},
    });
  });
});
