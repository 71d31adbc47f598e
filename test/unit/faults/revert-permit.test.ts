import { describe, expect, test } from '@jest/globals';
import { revertAll } from '../../../src/faults/lambda-toggle-event-mapping-state/revert.ts';
import { Deadline } from '../../../src/runtime/deadline.ts';
import { FencedError } from '../../../src/runtime/errors.ts';
import { mapping, world } from './pieces.ts';

describe('a mapping of a run that is not our own', () => {
  test('is left alone once another process has the run, and does not depend on a question without an answer', async () => {
    const there = world({ ids: ['a'], script: { get: (id) => mapping(id, 'Disabled') } });
    const answers = [() => new Error('Kubernetes is away'), () => new FencedError('attempt-2')];
    const permit = (): Promise<void> => Promise.reject(answers.shift()?.() ?? new Error('asked too often'));
    const control = { deadline: new Deadline(there.clock, 600_000), settled: () => undefined, permit };
    const target = { id: 'a', inherited: true, lateWriteMs: 0 };
    const results = await there.clock.run(revertAll([target], control, there.context));
    expect(results).toMatchObject([{ id: 'a', status: 'left' }]);
    expect(answers).toEqual([]);
    expect(there.calls.filter((call) => !call.startsWith('get '))).toEqual([]);
    expect(there.events.filter(({ type }) => type === 'revert-sent')).toEqual([]);
  });

  test('names the one who does not answer, when it can not be brought back for that', async () => {
    const there = world({ ids: ['a'], script: { get: (id) => mapping(id, 'Disabled') } });
    const permit = (): Promise<void> => Promise.reject(new Error('Kubernetes is away'));
    const control = { deadline: new Deadline(there.clock, 60_000), settled: () => undefined, permit };
    const target = { id: 'a', inherited: true, lateWriteMs: 0 };
    const results = await there.clock.run(revertAll([target], control, there.context));
    expect(results).toMatchObject([{ status: 'failed', detail: 'Kubernetes is away' }]);
  });
});
