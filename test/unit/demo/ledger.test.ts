import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ledger } from '../../../demo/lambda/model/ledger.ts';

const RATES = { arrivalPerSecond: 10, drainPerSecond: 40 };

describe('the ledger of a source', () => {
  test('the backlog grows at the arrival rate while the pollers are off', () => {
    const ledger = new Ledger(0, 0, RATES);
    ledger.advance(3000, false, Infinity);
    expect(ledger.view).toEqual({ produced: 30, processed: 0, dropped: 0, backlog: 30 });
  });

  test('the backlog drains at the drain rate minus the arrivals, then keeps up with them', () => {
    const ledger = new Ledger(0, 60, RATES);
    ledger.advance(1000, true, Infinity);
    expect(ledger.view).toEqual({ produced: 70, processed: 40, dropped: 0, backlog: 30 });
    ledger.advance(10_000, true, Infinity);
    expect(ledger.view).toEqual({ produced: 160, processed: 160, dropped: 0, backlog: 0 });
  });

  test('pollers that were idle do not make up for it with a burst', () => {
    const ledger = new Ledger(0, 0, { arrivalPerSecond: 0, drainPerSecond: 10 });
    ledger.advance(60_000, true, Infinity);
    ledger.produce(100);
    ledger.advance(61_000, true, Infinity);
    expect(ledger.view.processed).toBeLessThanOrEqual(11);
  });

  test('records older than the limit are dropped when the pollers come back, and no others', () => {
    const ledger = new Ledger(0, 0, { arrivalPerSecond: 1, drainPerSecond: 1000 });
    ledger.advance(100_000, false, 60_000);
    expect(ledger.view).toMatchObject({ dropped: 0, backlog: 100 });
    ledger.advance(101_000, true, 60_000);
    expect(ledger.view).toEqual({ produced: 101, processed: 61, dropped: 40, backlog: 0 });
  });

  test('changed rates hold from then on', () => {
    const ledger = new Ledger(0, 0, RATES);
    ledger.advance(1000, false, Infinity);
    ledger.setRates({ arrivalPerSecond: 100 });
    ledger.advance(2000, false, Infinity);
    expect(ledger.view.produced).toBe(110);
  });

  test('the age is that of the first event in the queue, also of those that came at once', () => {
    const ledger = new Ledger(0, 0, { arrivalPerSecond: 0, drainPerSecond: 10 });
    ledger.advance(1000, false, Infinity);
    expect(ledger.oldestEventAgeMs).toBe(0);
    ledger.produce(20);
    ledger.setRates({ arrivalPerSecond: 10 });
    ledger.advance(4000, false, Infinity);
    expect(ledger.oldestEventAgeMs).toBe(3000);
    ledger.advance(6500, true, Infinity);
    // 25 are done: the 20 of second 1 and five of those that came after it.
    expect(ledger.oldestEventAgeMs).toBe(6500 - 1600);
  });

  const step = fc.record({
    ms: fc.integer({ min: 0, max: 90_000 }),
    polling: fc.boolean(),
    produce: fc.integer({ min: 0, max: 50 }),
    arrivalPerSecond: fc.double({ min: 0, max: 50, noNaN: true }),
    maxAgeMs: fc.constantFrom(Infinity, 60_000, 1000),
  });

  test('no event is ever lost or invented, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step), fc.double({ min: 0, max: 80, noNaN: true }), (steps, drainPerSecond) => {
        const ledger = new Ledger(0, 5, { arrivalPerSecond: 3, drainPerSecond });
        let now = 0;
        for (const { ms, polling, produce, arrivalPerSecond, maxAgeMs } of steps) {
          now += ms;
          const before = ledger.view;
          ledger.advance(now, polling, maxAgeMs);
          const { produced, processed, dropped, backlog } = ledger.view;
          expect(produced).toBe(processed + dropped + backlog);
          expect(
            Math.min(backlog, processed - before.processed, dropped - before.dropped),
          ).toBeGreaterThanOrEqual(0);
          const age = ledger.oldestEventAgeMs;
          expect(backlog === 0 ? age === 0 : age >= 0 && age <= now).toBe(true);
          if (!polling) expect([processed, dropped]).toEqual([before.processed, before.dropped]);
          if (maxAgeMs === Infinity) expect(dropped).toBe(before.dropped);
          ledger.produce(produce);
          ledger.setRates({ arrivalPerSecond });
        }
      }),
    );
  });

  test('looking often gives the same counts as looking once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 60 }), (backlog, arrivals) => {
        const rates = { arrivalPerSecond: arrivals, drainPerSecond: 37 };
        const [once, often] = [new Ledger(0, backlog, rates), new Ledger(0, backlog, rates)];
        once.advance(7000, true, Infinity);
        for (let now = 0; now <= 7000; now += 50) often.advance(now, true, Infinity);
        // Within the one event that a poller may be in the middle of.
        expect(Math.abs(once.view.processed - often.view.processed)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
