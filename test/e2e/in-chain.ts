import { expect } from '@jest/globals';
import { Chain, type ChainOptions } from '../support/cluster/chain.ts';
import { openStage } from '../support/product/together.ts';

/** Three: a pod's start is the work of a core, and the rest is waiting. */
export const { story, together } = openStage({ atOnce: 3, longestMs: 300_000 });

/** Plays a story on the cluster and checks on its way out what no run may ever break, by what Lambda saw. */
export const inChain =
  (options: ChainOptions, tell: (chain: Chain) => Promise<void>) => async (): Promise<void> => {
    const chain = await Chain.open(options);
    try {
      await tell(chain);
      expect(brokenPromises(chain)).toEqual([]);
    } catch (error) {
      if (error instanceof Error) error.message += `\n${await chain.account()}`;
      throw error;
    } finally {
      await chain.account();
      await chain.close();
    }
  };

function brokenPromises(chain: Chain): string[] {
  const { lambda, ids, bystanders, writes } = chain;
  const off = ids.filter((id) => lambda.mapping(id).state !== 'Enabled');
  const touched = writes.filter(({ label = '' }) => bystanders.includes(label));
  const strange = writes.filter(({ body }) => !/^\{"Enabled":(true|false)\}$/.test(JSON.stringify(body)));
  return [
    ...off.map((id) => `${id} is ${lambda.mapping(id).state}`),
    ...touched.map(({ label }) => `${label ?? ''} was written to`),
    ...strange.map(({ body }) => `somebody wrote ${JSON.stringify(body)}`),
  ];
}

export const LONG = { TOTAL_CHAOS_DURATION: '300' };
export const SHORT = { TOTAL_CHAOS_DURATION: '5' };

/** All runs that were counted. */
export async function runsCounted(chain: Chain, engine: string): Promise<number> {
  const history = (await chain.result(engine))?.status.history;
  return (history?.passedRuns ?? 0) + (history?.failedRuns ?? 0) + (history?.stoppedRuns ?? 0);
}
