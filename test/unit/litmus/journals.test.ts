import { describe, expect, test } from '@jest/globals';
import { holdersOf, type NamedJournal } from '../../../src/litmus/journals.ts';
import { identity, recordWith } from '../runtime/pieces.ts';

const journal = (record: ReturnType<typeof recordWith>, instance = ''): NamedJournal => ({
  resultName: `engine-${record.run.experiment}${instance}`,
  stored: { kind: 'record', record },
});

describe('whose hands a target is in', () => {
  test.each(['targeted', 'injected'] as const)('the run that has it %s', (phase) => {
    const record = recordWith({ a: phase, b: 'reverted' }, { deadline: '2026-01-01T00:20:00.000Z' });
    expect(holdersOf(['a', 'b', 'c'], [journal(record)], 'shop')).toEqual([
      {
        target: 'a',
        finish: `revert --engine engine --namespace shop --experiment ${record.run.experiment}`,
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

  test('a run with an instance id, which has to be named to finish it', () => {
    const [holder] = holdersOf(['a'], [journal(recordWith({ a: 'injected' }), '-blue')], 'shop');
    expect(holder?.finish).toMatch(/ --instance blue$/);
  });

  test.each([
    ['under another name', { resultName: 'copy' }, 'shop'],
    ['in another namespace', {}, 'elsewhere'],
  ])('nobody, where the journal is a copy %s', (_what, change, namespace) => {
    const held = recordWith({ a: 'injected' }, { run: identity({ namespace: 'shop' }) });
    expect(holdersOf(['a'], [{ ...journal(held), ...change }], namespace)).toEqual([]);
  });

  test('nobody, as far as a journal that can not be read tells', () => {
    const unreadable: NamedJournal = {
      resultName: 'x',
      stored: { kind: 'unreadable', why: 'it is not JSON' },
    };
    expect(holdersOf(['a'], [unreadable], 'shop')).toEqual([]);
  });
});
