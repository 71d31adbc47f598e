import { describe, expect, test } from '@jest/globals';
import { holdersOf, type NamedJournal } from '../../../src/litmus/journals.ts';
import { recordWith } from '../runtime/pieces.ts';

const journal = (record: ReturnType<typeof recordWith>): NamedJournal => ({
  resultName: 'engine-x',
  stored: { kind: 'record', record },
});

describe('whose hands a target is in', () => {
  test.each(['targeted', 'injected'] as const)('the run that has it %s', (phase) => {
    const record = recordWith({ a: phase, b: 'reverted' }, { deadline: '2026-01-01T00:20:00.000Z' });
    expect(holdersOf(['a', 'b', 'c'], [journal(record)], 'shop')).toEqual([
      {
        target: 'a',
        engine: 'engine',
        whose:
          'the run of ChaosEngine shop/engine (pod pod-1, due to have it back by 2026-01-01T00:20:00.000Z)',
      },
    ]);
  });

  test.each(['reverted', 'released', 'gone'] as const)('nobody, once it is %s', (phase) => {
    expect(holdersOf(['a'], [journal(recordWith({ a: phase }))], 'shop')).toEqual([]);
  });

  test('two runs, if two have it', () => {
    const held = recordWith({ a: 'injected' });
    expect(holdersOf(['a'], [journal(held), journal(held)], 'shop')).toHaveLength(2);
  });

  test('nobody, as far as a journal that can not be read tells', () => {
    const unreadable: NamedJournal = {
      resultName: 'x',
      stored: { kind: 'unreadable', why: 'it is not JSON' },
    };
    expect(holdersOf(['a'], [unreadable], 'shop')).toEqual([]);
  });
});
