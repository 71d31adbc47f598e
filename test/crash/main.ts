import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { headline, runSuite } from './suite.ts';

const USAGE = `Kills the product at every request that it makes, and counts what survives.

  node test/crash/main.ts [--seconds N] [--parallel N] [--resume] [--json FILE]

--resume skips the points that survived before (.work/crash-survived.txt).
`;

const SURVIVED = '.work/crash-survived.txt';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '7200' },
      parallel: { type: 'string', default: '24' },
      json: { type: 'string' },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  mkdirSync('.work', { recursive: true });
  if (!values.resume) writeFileSync(SURVIVED, '');
  const done = new Set(
    existsSync(SURVIVED) ? readFileSync(SURVIVED, 'utf8').split('\n').filter(Boolean) : [],
  );
  const startedAt = performance.now();
  const tally = await runSuite({
    budgetMs: Number(values.seconds) * 1000,
    parallel: Number(values.parallel),
    done,
    onTrial: (name, report, { tried, known }) => {
      if (report.broken.length > 0)
        process.stdout.write(`BROKEN ${name}: ${report.broken.join('; ')}\n${report.output}\n`);
      else if (report.reached) appendFileSync(SURVIVED, `${name}\n`);
      if (tried % 100 === 0) process.stdout.write(`${tried} of ${known}, ${seconds(startedAt)} s\n`);
    },
  });
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      JSON.stringify({ ...tally, failures: tally.failures.map(({ point }) => point) }),
    );
  process.stdout.write(
    `verdicts: ${JSON.stringify(tally.verdicts)}; points known: ${tally.known}; ${seconds(startedAt)} s\n`,
  );
  process.stdout.write(`${headline(tally)}\n`);
  return tally.failures.length === 0 && tally.struck > 0 ? 0 : 1;
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0);

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
