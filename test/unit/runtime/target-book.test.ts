import { describe, expect, test } from '@jest/globals';
import { TargetBook } from '../../../src/runtime/target-book.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { pass, recordWith } from './pieces.ts';

describe('the book of targets', () => {
  test('adds up what was asked and what was held over all cycles', async () => {
    const clock = new VirtualClock();
    const book = new TargetBook(clock);
    for (const heldMs of [30_000, 10_400]) {
      book.confirmed('a');
      book.asked(['a'], 10_000);
      await pass(clock, heldMs);
      book.ended('a');
    }
    book.detail('a', 'enabled again');
    book.detail('a', 'and seen');
    expect(book.outcomes(recordWith({ a: 'reverted' }))).toEqual([
      {
        id: 'a',
        chaosStatus: 'reverted',
        askedHoldMs: 20_000,
        heldMs: 40_400,
        detail: 'enabled again; and seen',
      },
    ]);
  });

  test('counts a hold to the moment that its end was sent, and only once', async () => {
    const clock = new VirtualClock();
    const book = new TargetBook(clock);
    book.confirmed('a');
    await pass(clock, 60_000);
    book.ended('a', 30_000);
    book.ended('a', 59_000);
    book.ended('a');
    expect(book.outcomes(recordWith({ a: 'reverted' }))[0]?.heldMs).toBe(30_000);
  });

  test('counts nothing for a target that was never confirmed off', async () => {
    const clock = new VirtualClock();
    const book = new TargetBook(clock);
    book.asked(['a'], 30_000);
    await pass(clock, 5_000);
    book.ended('a');
    expect(book.outcomes(recordWith({ a: 'targeted' }))).toMatchObject([{ askedHoldMs: 30_000, heldMs: 0 }]);
  });

  test('counts nothing below zero when the end was sent before the confirmation', async () => {
    const clock = new VirtualClock();
    const book = new TargetBook(clock);
    await pass(clock, 5_000);
    book.confirmed('a');
    book.ended('a', 1_000);
    expect(book.outcomes(recordWith({ a: 'reverted' }))[0]?.heldMs).toBe(0);
  });

  test('knows which targets are held now', () => {
    const book = new TargetBook(new VirtualClock());
    expect(book.isHeld('a')).toBe(false);
    book.confirmed('a');
    expect([book.isHeld('a'), book.isHeld('b')]).toEqual([true, false]);
    book.ended('a');
    expect(book.isHeld('a')).toBe(false);
  });

  test('accounts for every target of the journal, in the words of a ChaosResult', () => {
    const book = new TargetBook(new VirtualClock());
    const record = recordWith({ a: 'targeted', b: 'injected', c: 'reverted', d: 'released', e: 'gone' });
    expect(book.outcomes(record).map(({ id, chaosStatus }) => [id, chaosStatus])).toEqual([
      ['a', 'targeted'],
      ['b', 'injected'],
      ['c', 'reverted'],
      ['d', 'reverted'],
      ['e', 'reverted'],
    ]);
  });
});
