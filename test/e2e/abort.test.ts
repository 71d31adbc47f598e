import { describe, expect } from '@jest/globals';
import { until } from '../support/cluster/until.ts';
import { inChain, LONG, runsCounted, together } from './in-chain.ts';

/** Milliseconds after `since` at which the last enable was asked for. */
const lastEnable = (writes: readonly { readonly at: number }[], since: number): number =>
  Math.max(...writes.map(({ at }) => at)) - since;

describe('a run that is stopped', () => {
  together({
    'by engineState stop in its hold reverts within its grace period; run and engine are Stopped': inChain(
      { mappings: 3 },
      async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        const stoppedAt = Date.now();
        await chain.patchEngine('orders', 'stop');
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        expect(await chain.engineEnded('orders')).toBe('stop/stopped');
        expect((await chain.engine('orders'))?.status?.experiments).toMatchObject([{ verdict: 'Stopped' }]);
        const afterMs = lastEnable(chain.writesThat(true), stoppedAt);
        process.stdout.write(`engineState stop to the last enable: ${(afterMs / 1000).toFixed(1)} s\n`);
        expect(afterMs).toBeLessThan(30_000);
        expect(await runsCounted(chain, 'orders')).toBe(1);
        expect(await chain.pods()).toEqual([]);
        const reasons = (await chain.events()).map(({ reason }) => reason);
        expect(reasons).toEqual(expect.arrayContaining(['Summary', 'Abort', 'ChaosEngineStopped']));
      },
    ),

    'before its first disable touches nothing': inChain({ mappings: 1 }, async (chain) => {
      await chain.start('orders', { env: { ...LONG, RAMP_TIME: '300' } });
      await until('the ramp', async () => {
        const [pod] = await chain.pods();
        return pod !== undefined && (await chain.logs(pod.metadata.name)).includes('[Ramp]');
      });
      await chain.patchEngine('orders', 'stop');
      expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
      expect(chain.writes).toEqual([]);
    }),

    'by the deletion of its engine in the hold reverts, and its ChaosResult stays to tell it': inChain(
      { mappings: 2 },
      async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        await chain.kubectl('delete', 'chaosengine', 'orders', '--timeout=90s');
        expect(await chain.engine('orders')).toBeUndefined();
        await chain.all('Enabled');
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        expect(await chain.pods()).toEqual([]);
      },
    ),

    'by kubectl delete pod in its hold reverts; the pod that the Job starts meanwhile injects nothing; one verdict':
      inChain({ mappings: 2, lagMs: 3_000 }, async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        const [first] = await chain.pods();
        await chain.kubectl('delete', 'pod', first?.metadata.name ?? '', '--wait=false');
        const replacement = await until('the replacement', async () => {
          const others = (await chain.pods()).filter(
            ({ metadata }) => metadata.name !== first?.metadata.name,
          );
          return others[0];
        });
        await chain.all('Enabled');
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        const { name } = replacement.metadata;
        await until('the end of the replacement', async () =>
          (await chain.pods()).some(
            ({ metadata, status }) => metadata.name === name && status.phase === 'Succeeded',
          ),
        );
        // Once more when both are gone: nobody has written a second verdict over the first.
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        expect(await runsCounted(chain, 'orders')).toBe(1);
        expect(chain.writesThat(false)).toHaveLength(2);
        expect(await chain.engineEnded('orders')).toBe('stop/completed');
      }),

    // The last one: chaos-operator does one thing at a time, and here it waits for the pod.
    'while a mapping is still Disabling outlives the default of 30 s, because Lambda refuses the enable until then':
      inChain({ mappings: 1, lagMs: 40_000 }, async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.all('Disabling');
        await chain.patchEngine('orders', 'stop');
        await chain.all('Enabled', 120_000);
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        expect(await chain.engineEnded('orders')).toBe('stop/stopped');
      }),
  });
});
