import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLambda } from '../../demo/lambda/server.ts';
import { DEMO_WORLD } from '../../demo/lambda/demo-world.ts';
import { together } from '../support/product/together.ts';
import { writesOf } from '../process/play.ts';
import { findPrometheus, Prometheus } from './server.ts';
import { BACKLOG, INVOCATIONS, judged, type Judged, type PromProbe } from './stories.ts';

/** So late into the hold that the window of a rate lies in it as a whole. */
const IN_HOLD = { initialDelay: '5s' };
const UNTIL_TRUE = { attempt: 30 };
const QUEUE = BACKLOG.replace('}', ',source_name="orders,eu"}');

const HYPOTHESES: readonly PromProbe[] = [
  { name: 'busy before', mode: 'SOT', query: `sum(rate(${INVOCATIONS}[5s]))`, expected: '> 10' },
  { name: 'depth grows', mode: 'OnChaos', query: `deriv(${QUEUE}[4s])`, expected: '>= 15', run: IN_HOLD },
  {
    ...{ name: 'no invocations', mode: 'OnChaos', query: `sum(rate(${INVOCATIONS}[4s]))` },
    ...{ expected: '== 0', run: IN_HOLD },
  },
  {
    ...{ name: 'age rises', mode: 'OnChaos', run: IN_HOLD, expected: '> 3' },
    query: 'max(lambda_standin_mapping_oldest_event_age_seconds{$})',
  },
  { name: 'was deep', mode: 'EOT', query: `max_over_time(${QUEUE}[1m])`, expected: '>= 120' },
  { name: 'drains', mode: 'EOT', query: `sum(${BACKLOG})`, expected: '<= 3', run: UNTIL_TRUE },
  {
    ...{ name: 'busy again', mode: 'EOT', query: `sum(rate(${INVOCATIONS}[4s]))` },
    ...{ expected: '> 10', run: UNTIL_TRUE },
  },
  {
    ...{ name: 'a scalar', mode: 'EOT', expected: '== 2' },
    query: 'scalar(sum(lambda_standin_mapping_enabled{$,function="orders"}))',
  },
  {
    ...{ name: 'quotes for a shell', mode: 'EOT', expected: '> 200' },
    query: String.raw`sum(lambda_standin_mapping_produced_events_total{$,source_name=\"orders,eu\"})`,
  },
  {
    ...{ name: 'a quote in a name', mode: 'EOT', expected: '>= 20' },
    query: String.raw`lambda_standin_mapping_produced_events_total{$,source_name="pay\"ments\\x"}`,
  },
];

const descriptionOf = ({ probes }: Judged, name: string): string =>
  probes.find((probe) => probe.name === name)?.description ?? '';

function suite(program: string): void {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await Prometheus.start(program);
  }, 60_000);
  afterAll(() => prometheus.stop());

  describe('a run with hypotheses about a real Prometheus', () => {
    together({
      'passes when depth and age grow, invocations stop, and all of it recovers': () =>
        judged(prometheus, 10, HYPOTHESES, (run) => {
          expect(run.probes.map(({ name, verdict }) => [name, verdict])).toEqual(
            HYPOTHESES.map(({ name }) => [name, 'Passed']),
          );
          expect([run.verdict, run.code]).toEqual(['Pass', 0]);
          expect(descriptionOf(run, 'depth grows')).toMatch(
            /\[4s\]\) is (19|20|21)\.?\d*; expected is >= 15; so each of \d+ times$/,
          );
          expect(descriptionOf(run, 'no invocations')).toMatch(
            / is 0; expected is == 0; so each of \d+ times$/,
          );
        }),

      'fails when a backlog is asked for too early, and tells how many events waited': () => {
        const probes: PromProbe[] = [
          { name: 'drained', mode: 'EOT', query: `sum(${BACKLOG})`, expected: '<= 3' },
          {
            name: 'stays busy',
            mode: 'OnChaos',
            query: `sum(rate(${INVOCATIONS}[4s]))`,
            expected: '> 0',
            run: IN_HOLD,
          },
        ];
        return judged(prometheus, 7, probes, (run) => {
          expect(run.probes.map(({ name, verdict }) => [name, verdict])).toEqual([
            ['drained', 'Failed'],
            ['stays busy', 'Failed'],
          ]);
          expect([run.verdict, run.code]).toEqual(['Fail', 1]);
          expect(descriptionOf(run, 'drained')).toMatch(/ is \d{2,3}; expected is <= 3$/);
        });
      },

      'ends as Error, and touches nothing, when a query gives more than one series': () =>
        judged(prometheus, 1, [{ name: 'all', mode: 'SOT', query: BACKLOG, expected: '>= 0' }], (run) => {
          expect([run.verdict, run.code]).toEqual(['Error', 2]);
          expect(run.product.output).toMatch(/Probe all could not be evaluated: the query gives 3 series/);
          expect(writesOf(run.scene)).toEqual([]);
        }),

      'ends as Error, with the words of Prometheus, when a query is no PromQL': () =>
        judged(prometheus, 1, [{ name: 'typo', mode: 'SOT', query: 'sum(', expected: '>= 0' }], (run) => {
          expect([run.verdict, run.code]).toEqual(['Error', 2]);
          expect(run.product.output).toMatch(/Prometheus answered 400: .*parse error/);
          expect(writesOf(run.scene)).toEqual([]);
        }),
    });
  });

  test("the stand-in's page of metrics is what promtool calls good", async () => {
    const standIn = await startLambda({ world: DEMO_WORLD });
    try {
      const page = await (await fetch(`${standIn.url}/metrics`)).text();
      expect(await promtool(join(dirname(program), 'promtool'), page)).toBe('');
    } finally {
      await standIn.close();
    }
  });
}

/** Its complaints. */
const promtool = (path: string, page: string): Promise<string> =>
  new Promise((resolve) => {
    const child = execFile(path, ['check', 'metrics'], { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve(`${stdout}${stderr}${error?.message ?? ''}`),
    );
    child.stdin?.end(page);
  });

const program = findPrometheus();
if (program !== undefined) suite(program);
else {
  const reason =
    'no Prometheus: run test/prometheus/install.sh .work/prometheus, or name the program in PROMETHEUS_BIN';
  if (process.env.REQUIRE_PROMETHEUS === '1') {
    test('a real Prometheus is there, because REQUIRE_PROMETHEUS=1', () => {
      throw new Error(reason);
    });
  } else {
    process.stderr.write(`\nSKIPPED: the hypotheses about a real Prometheus: ${reason}\n\n`);
    test.skip(`SKIPPED: ${reason}`, () => undefined);
  }
}
