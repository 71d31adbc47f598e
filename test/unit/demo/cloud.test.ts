import { describe, expect, test } from '@jest/globals';
import type { MappingEvent } from '../../../demo/lambda/model/agenda.ts';
import { Cloud } from '../../../demo/lambda/model/cloud.ts';
import type { Mapping } from '../../../demo/lambda/model/mapping.ts';
import type { MappingSpec } from '../../../demo/lambda/model/world.ts';

const UUID = '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a01';

/** One mapping in a world whose clock stands still until the test moves it. */
class Bench {
  now = 1000;
  readonly cloud = new Cloud({
    now: () => this.now,
    lags: { disablingLagMs: 100, enablingLagMs: 200, updatingLagMs: 50 },
  });

  constructor(spec: Partial<MappingSpec> = {}) {
    this.cloud.addFunction({ name: 'orders' });
    this.cloud.addMapping({ uuid: UUID, functionName: 'orders', ...spec });
  }

  get mapping(): Mapping {
    return this.cloud.mapping(UUID);
  }

  pass(ms: number): void {
    this.now += ms;
  }

  write(enabled: boolean): void {
    this.mapping.update({ Enabled: enabled }, this.now, 'request');
  }

  plan(event: Omit<MappingEvent, 'uuid'>): string {
    return this.cloud.hook({ uuid: UUID, ...event });
  }

  get history(): [string, number, string][] {
    return this.mapping.transitions.map(({ state, at, by }) => [state, at, by]);
  }
}

describe('an event source mapping of the stand-in', () => {
  test('is Disabling for the lag, then Disabled, and the same upwards', () => {
    const bench = new Bench();
    bench.write(false);
    bench.pass(99);
    expect(bench.mapping.state).toBe('Disabling');
    bench.pass(1);
    expect(bench.mapping.state).toBe('Disabled');
    bench.write(true);
    bench.pass(500);
    expect(bench.mapping.state).toBe('Enabled');
    expect(bench.history).toEqual([
      ['Enabled', 1000, 'start'],
      ['Disabling', 1000, 'request'],
      ['Disabled', 1100, 'request'],
      ['Enabling', 1100, 'request'],
      ['Enabled', 1300, 'request'],
    ]);
  });

  test('keeps processing after Disabled until the pollers have stopped', () => {
    const bench = new Bench({ arrivalPerSecond: 100, drainPerSecond: 1000, pollStopLagMs: 2000 });
    bench.write(false);
    bench.pass(1100);
    expect([bench.mapping.state, bench.mapping.polling]).toEqual(['Disabled', true]);
    expect(bench.mapping.ledger).toMatchObject({ processed: 110, backlog: 0 });
    bench.pass(2000);
    expect(bench.mapping.polling).toBe(false);
    expect(bench.mapping.ledger).toMatchObject({ produced: 310, processed: 210, backlog: 100 });
  });

  test('does not stop polling when it is enabled before the pollers had stopped', () => {
    const bench = new Bench({ arrivalPerSecond: 100, pollStopLagMs: 5000 });
    bench.write(false);
    bench.pass(100);
    expect(bench.mapping.state).toBe('Disabled');
    bench.write(true);
    bench.pass(10_000);
    expect([bench.mapping.state, bench.mapping.polling]).toEqual(['Enabled', true]);
  });

  test('drops only what MaximumRecordAgeInSeconds says', () => {
    const spec = { source: 'kinesis' as const, arrivalPerSecond: 1, state: 'Disabled' };
    const limited = new Bench({ ...spec, attributes: { MaximumRecordAgeInSeconds: 60 } });
    const unlimited = new Bench(spec);
    for (const bench of [limited, unlimited]) {
      bench.pass(100_000);
      expect(bench.mapping.state).toBe('Disabled');
      bench.write(true);
      bench.pass(10_000);
    }
    expect(limited.mapping.ledger).toMatchObject({ produced: 110, dropped: 40, backlog: 0 });
    expect(unlimited.mapping.ledger).toMatchObject({ produced: 110, processed: 110, dropped: 0 });
  });

  test('is switched on by somebody else half a second after it became Disabled', () => {
    const bench = new Bench();
    bench.plan({
      when: { state: 'Disabled', afterMs: 500 },
      action: { kind: 'write', body: { Enabled: true } },
    });
    bench.pass(60_000);
    expect(bench.mapping.state).toBe('Enabled');
    bench.write(false);
    bench.pass(60_000);
    expect(bench.history.slice(2)).toEqual([
      ['Disabled', 61_100, 'request'],
      ['Enabling', 61_600, 'external'],
      ['Enabled', 61_800, 'external'],
    ]);
    expect(bench.cloud.log.writes).toMatchObject([{ by: 'external', label: UUID, at: 61_600 }]);
  });

  test('an external writer that meets a transition tries again after it', () => {
    const bench = new Bench();
    bench.write(false);
    bench.plan({ when: { afterMs: 10 }, action: { kind: 'write', body: { BatchSize: 3 } } });
    bench.pass(1000);
    expect(bench.history.slice(2)).toEqual([
      ['Disabled', 1100, 'request'],
      ['Updating', 1101, 'external'],
      ['Disabled', 1151, 'external'],
    ]);
    expect(bench.mapping.parts.attributes['BatchSize']).toBe(3);
  });

  test('sticks in Disabling until it is released', () => {
    const bench = new Bench();
    bench.plan({ action: { kind: 'stick', state: 'Disabling' } });
    bench.write(false);
    bench.pass(86_400_000);
    expect(bench.mapping.state).toBe('Disabling');
    bench.plan({ action: { kind: 'release' } });
    expect(bench.mapping.state).toBe('Disabled');
  });

  test('is deleted, and then stays gone whatever was planned', () => {
    const bench = new Bench();
    bench.plan({ when: { afterMs: 100 }, action: { kind: 'delete' } });
    bench.plan({ when: { afterMs: 200 }, action: { kind: 'write', body: { Enabled: true } } });
    bench.pass(120);
    expect(bench.mapping.state).toBe('Deleting');
    bench.pass(1000);
    expect([bench.mapping.gone, bench.mapping.polling]).toEqual([true, false]);
  });

  test('is disabled by Lambda with a failure code, which a later enable of a user replaces', () => {
    const bench = new Bench({ source: 'mq' });
    bench.plan({ action: { kind: 'force', state: 'Disabled', reason: 'EVENT_SOURCE_AUTHZ_ERROR' } });
    expect([bench.mapping.state, bench.mapping.reason]).toEqual(['Disabled', 'EVENT_SOURCE_AUTHZ_ERROR']);
    bench.write(true);
    expect(bench.mapping.reason).toBe('USER_INITIATED');
  });

  test('a plan that was taken back does not happen', () => {
    const bench = new Bench();
    const id = bench.plan({ when: { afterMs: 100 }, action: { kind: 'delete' } });
    expect(bench.cloud.unhook(id)).toBe(true);
    bench.pass(1000);
    expect(bench.mapping.state).toBe('Enabled');
  });

  test('five hundred mappings cost nothing while a day goes by', () => {
    const bench = new Bench();
    for (let index = 0; index < 500; index += 1) {
      bench.cloud.addMapping({ functionName: 'orders', arrivalPerSecond: 1000, drainPerSecond: 900 });
    }
    bench.pass(86_400_000);
    const started = performance.now();
    const backlogs = bench.cloud.mappings.map(({ ledger }) => ledger.backlog);
    expect(performance.now() - started).toBeLessThan(250);
    expect(backlogs.filter((backlog) => backlog === 8_640_000)).toHaveLength(500);
  });
});
