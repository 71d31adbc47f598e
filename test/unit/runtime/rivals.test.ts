import { describe, expect, test } from '@jest/globals';
import type { Holder } from '../../../src/runtime/ports.ts';
import { heldByOthers, refuseRivals } from '../../../src/runtime/rivals.ts';
import { ALONE, rejection } from './pieces.ts';

const holder: Holder = {
  target: 'a',
  whose: 'the run of ChaosEngine shop/other (pod p)',
  finish: 'revert --engine other',
};
const deps = (holders: readonly Holder[], signal = new AbortController().signal) => ({
  surroundings: { ...ALONE, othersHolding: () => Promise.resolve(holders) },
  signal,
});

describe('a target in the hands of another run', () => {
  test('is a problem that says whose it is and how to get it back', async () => {
    expect(await heldByOthers(['a', 'b'], deps([holder]))).toEqual([
      {
        subject: 'a',
        message: expect.stringMatching(/shop\/other \(pod p\).*finish it: revert --engine other/),
      },
    ]);
    expect(await heldByOthers(['a', 'b'], deps([]))).toEqual([]);
  });

  test('is not disabled', async () => {
    expect(await rejection(refuseRivals(['a'], deps([holder])))).toMatchObject({
      code: 'TARGET_SELECTION_ERROR',
      target: 'a',
      message: expect.stringContaining(
        'Not disabled: a is in the hands of the run of ChaosEngine shop/other',
      ),
    });
    await expect(refuseRivals(['a'], deps([]))).resolves.toBeUndefined();
  });

  test('is not waited for by a run that is ending', async () => {
    const reason = new Error('stop');
    const never = { ...ALONE, othersHolding: () => new Promise<never>(() => undefined) };
    const ended = heldByOthers(['a'], { surroundings: never, signal: AbortSignal.abort(reason) });
    expect(await rejection(ended)).toBe(reason);
  });
});
