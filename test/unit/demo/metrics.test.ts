import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startLambda, type LambdaStandIn } from '../../../demo/lambda/server.ts';

const UUID = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LABEL = /(\w+)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/g;

/** Reads what the format allows, and nothing else. */
function read(page: string): Series[] {
  return page.split('\n').flatMap((line) => {
    if (line === '' || /^# (HELP|TYPE) [a-z_]+ .+$/.test(line)) return [];
    const [, name = '', inside = '', value = ''] = /^([a-z_]+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (inside.replaceAll(LABEL, '') !== '' || name === '') throw new Error(`not the format: ${line}`);
    const labels = [...inside.matchAll(LABEL)].map(([, label = '', text = '']) => [
      label,
      text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)),
    ]);
    return [{ name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) }];
  });
}

describe('the metrics of the Lambda stand-in', () => {
  let now = 1_000_000;
  let standIn: LambdaStandIn;

  beforeEach(async () => {
    now = 1_000_000;
    standIn = await startLambda({ now: () => now });
    standIn.addFunction({ name: 'orders', aliases: { live: '1' }, versions: ['1'] });
    standIn.addFunction({ name: 'orders-archive' });
  });
  afterEach(() => standIn.close());

  async function scrape(): Promise<Series[]> {
    const answer = await fetch(`${standIn.url}/metrics`, { signal: AbortSignal.timeout(5000) });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    return read(await answer.text());
  }
  const valueOf = async (name: string, label = UUID): Promise<number | undefined> =>
    (await scrape()).find(
      (one) => one.name === `lambda_standin_${name}` && Object.values(one.labels).includes(label),
    )?.value;

  test('tell of a mapping that is off: what came, what waits and for how long', async () => {
    standIn.addMapping({
      uuid: UUID,
      functionName: 'orders:live',
      state: 'Disabled',
      source: 'kinesis',
      sourceName: 'clicks',
      arrivalPerSecond: 10,
    });
    now += 4_000;
    const series = (await scrape()).filter(({ labels }) => labels.uuid === UUID);
    expect(Object.fromEntries(series.map(({ name, value }) => [name, value]))).toEqual({
      lambda_standin_mapping_enabled: 0,
      lambda_standin_mapping_backlog_events: 40,
      lambda_standin_mapping_oldest_event_age_seconds: 3.9,
      lambda_standin_mapping_produced_events_total: 40,
      lambda_standin_mapping_processed_events_total: 0,
      lambda_standin_mapping_dropped_events_total: 0,
    });
    const labels = { uuid: UUID, function: 'orders', source_type: 'kinesis', source_name: 'clicks' };
    for (const one of series) expect(one.labels).toEqual(labels);
  });

  test('count the invocations of a function over all its mappings, gone ones included, and of no other', async () => {
    const busy = { arrivalPerSecond: 10, drainPerSecond: 100 };
    standIn.addMapping({ uuid: UUID, functionName: 'orders:live', ...busy });
    standIn.addMapping({ uuid: OTHER, functionName: 'orders', sourceName: 'b', ...busy });
    now += 3_000;
    expect(await valueOf('function_invocations_total', 'orders')).toBe(60);
    expect(await valueOf('function_invocations_total', 'orders-archive')).toBe(0);
    standIn.hook({ uuid: OTHER, action: { kind: 'delete' } });
    now += 60_000;
    expect(await valueOf('mapping_enabled', OTHER)).toBeUndefined();
    expect(await valueOf('function_invocations_total', 'orders')).toBe(660);
  });

  test('tell what was dropped', async () => {
    const attributes = { MaximumRecordAgeInSeconds: 60 };
    const rates = { arrivalPerSecond: 1, drainPerSecond: 1000 };
    standIn.addMapping({ uuid: UUID, functionName: 'orders', source: 'kinesis', attributes, ...rates });
    standIn.hook({ uuid: UUID, action: { kind: 'force', state: 'Disabled' } });
    now += 100_000;
    standIn.hook({ uuid: UUID, action: { kind: 'force', state: 'Enabled' } });
    now += 1_000;
    expect(await valueOf('mapping_dropped_events_total')).toBe(40);
    expect(await valueOf('mapping_oldest_event_age_seconds')).toBe(0);
  });

  test('keep to the format whatever a source is called', async () => {
    const sourceName = 'a,b="c"\\\nd{}';
    standIn.addMapping({ uuid: UUID, functionName: 'orders', source: 'mq', sourceName });
    const [first] = await scrape();
    expect(first?.labels.source_name).toBe(sourceName);
  });

  test('are no request to Lambda', async () => {
    await scrape();
    expect(standIn.requests).toEqual([]);
  });
});
