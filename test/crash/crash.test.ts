import { describe, expect, test } from '@jest/globals';
import { headline, runSuite } from './suite.ts';

const SECONDS = Number(process.env.TEST_CRASH_SECONDS ?? 60);

/** A sample of every scenario, position and strike; `make crash` does all of them. */
describe('whatever request the process dies at', () => {
  test(
    'every mapping that was Enabled is Enabled, and the run has its verdict',
    async () => {
      const tally = await runSuite({ budgetMs: SECONDS * 1000, parallel: 16, done: new Set() });
      process.stdout.write(`${headline(tally)} (a sample of ${tally.known} points; make crash does all)\n`);
      const broken = tally.failures.map(
        ({ point, report }) => `${point}: ${report.broken.join('; ')}\n${report.output}`,
      );
      expect(broken).toEqual([]);
      expect(tally.survived).toBe(tally.struck);
      expect(tally.struck).toBeGreaterThan(10);
      expect(tally.leftDisabled).toBe(0);
    },
    SECONDS * 1000 + 180_000,
  );
});
