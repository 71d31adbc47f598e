import { describe, expect, test } from '@jest/globals';
import type { StoredJournal } from '../../../src/runtime/journal.ts';
import { decide, type Decision } from '../../../src/runtime/recovery.ts';
import { identity, recordWith } from './pieces.ts';

const NONE: StoredJournal = { kind: 'none' };
const stored = (...args: Parameters<typeof recordWith>): StoredJournal => ({
  kind: 'record',
  record: recordWith(...args),
});
const OLDER = { run: identity({ jobId: 'job-0', pod: 'pod-0' }) };

describe('the restart guard', () => {
  test.each<[string, StoredJournal, readonly string[], Decision['kind']]>([
    ['nothing stored, nobody else there', NONE, [], 'run'],
    ['nothing stored, another pod alive', NONE, ['pod-2'], 'stand-aside'],
    ['this run, finished', stored({ a: 'reverted' }, { finished: true }), [], 'done'],
    ['this run, finished, the other pod still ending', stored({}, { finished: true }), ['pod-2'], 'done'],
    ['this run, begun and nothing disabled', stored(), [], 'revert-only'],
    ['this run, a disable under way', stored({ a: 'targeted' }), [], 'revert-only'],
    ['this run, everything back but no verdict', stored({ a: 'reverted' }), [], 'revert-only'],
    ['this run, and the other pod alive', stored({ a: 'injected' }), ['pod-2'], 'revert-only'],
    ['an older run, finished', stored({ a: 'reverted' }, { ...OLDER, finished: true }), [], 'run'],
    ['an older run, unfinished with nothing off', stored({ a: 'released' }, OLDER), [], 'run'],
    ['an older run, unfinished with nothing off, a pod alive', stored({}, OLDER), ['pod-2'], 'stand-aside'],
    ['an older run, cut off', stored({ a: 'injected', b: 'gone' }, OLDER), [], 'revert-then-run'],
    [
      'an older run, cut off before its disable was answered',
      stored({ a: 'targeted' }, OLDER),
      [],
      'revert-then-run',
    ],
    ['an older run, cut off, a pod alive', stored({ a: 'injected' }, OLDER), ['pod-2'], 'stand-aside'],
    ['something unreadable', { kind: 'unreadable', why: 'not JSON' }, [], 'refuse'],
    ['something unreadable, a pod alive', { kind: 'unreadable', why: 'not JSON' }, ['pod-2'], 'refuse'],
  ])('with %s', (_what, found, pods, kind) => {
    expect(decide(found, identity(), pods).kind).toBe(kind);
  });

  test('never injects on top of a standalone run that was cut off, for nothing tells a restart from a second try', () => {
    const alone = identity({ engine: '', jobId: 'job-9' });
    expect(decide(stored({ a: 'injected' }, OLDER), alone, []).kind).toBe('revert-only');
    expect(decide(stored({ a: 'reverted' }, OLDER), alone, []).kind).toBe('run');
  });

  test('names the pods that it stands aside for, and why it refuses', () => {
    expect(decide(NONE, identity(), ['pod-2', 'pod-3'])).toEqual({
      kind: 'stand-aside',
      pods: ['pod-2', 'pod-3'],
    });
    expect(decide({ kind: 'unreadable', why: 'not JSON' }, identity(), [])).toEqual({
      kind: 'refuse',
      why: 'not JSON',
    });
  });
});
