import { describe, expect } from '@jest/globals';
import type { Chain } from '../support/cluster/chain.ts';
import { kubectl } from '../support/cluster/programs.ts';
import { killContainer } from '../support/cluster/kill.ts';
import { until } from '../support/cluster/until.ts';
import { inChain, LONG, runsCounted, together } from './in-chain.ts';

const RECOVERED = 'Error/Error';

/** What a run that another process had to finish records. */
async function expectRecovered(chain: Chain, engine: string): Promise<void> {
  expect(await chain.verdict(engine)).toBe(RECOVERED);
  const { errorOutput } = (await chain.result(engine))?.status.experimentStatus ?? {};
  expect(errorOutput?.errorCode).toBe('EXPERIMENT_ABORTED');
  expect(chain.writesThat(false)).toHaveLength(chain.ids.length);
  expect(await runsCounted(chain, engine)).toBe(0);
}

/** Takes the pod away at once, while AWS refuses whatever its process tries in its last two seconds. */
async function deleteAtOnce(chain: Chain): Promise<void> {
  const hook = chain.lambda.hook({
    match: { enabled: true },
    times: 'forever',
    effect: { kind: 'error', code: 'AccessDeniedException', message: 'not now' },
  });
  const [pod] = await chain.pods();
  await chain.kubectl('delete', 'pod', pod?.metadata.name ?? '', '--grace-period=0', '--force');
  // The kubelet gives a process two seconds also then. No API tells when it is dead.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  chain.lambda.unhook(hook);
}

async function sweep(chain: Chain, name: string): Promise<string> {
  await chain.kubectl('create', 'job', name, '--from=cronjob/lambda-chaos-sweeper');
  await chain.kubectl('wait', '--for=condition=complete', `job/${name}`, '--timeout=90s');
  return chain.kubectl('logs', `job/${name}`);
}

describe('a run whose pod is lost in the hold', () => {
  together({
    "by a deletion without grace is finished by the Job's next pod": inChain(
      { mappings: 2 },
      async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        await deleteAtOnce(chain);
        await chain.all('Enabled');
        await expectRecovered(chain, 'orders');
      },
    ),

    "by SIGKILL of its container is finished by the Job's next pod": inChain(
      { mappings: 2 },
      async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        const [pod] = await chain.pods();
        killContainer(pod?.metadata.name ?? '');
        await until('the death', async () =>
          (await chain.pods()).some(({ status }) =>
            status.containerStatuses?.some(({ state }) => state?.terminated?.exitCode === 137),
          ),
        );
        expect(chain.ids.map((id) => chain.lambda.mapping(id).state)).toEqual(['Disabled', 'Disabled']);
        await chain.all('Enabled', 120_000);
        await expectRecovered(chain, 'orders');
      },
    ),

    'together with its Job is finished by the sweeper, which left it alone as long as it lived': inChain(
      { mappings: 2, values: { sweeper: { enabled: true, schedule: '0 0 1 1 *' } } },
      async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        expect(await sweep(chain, 'sweep-early')).toMatch(/is left alone: pod /);
        expect(chain.writesThat(true)).toEqual([]);
        const [job] = (await chain.jobs()).filter(({ metadata }) => !metadata.name.startsWith('sweep'));
        await chain.kubectl('delete', 'job', job?.metadata.name ?? '', '--cascade=orphan');
        expect(await sweep(chain, 'sweep-orphan')).toMatch(/is left alone: pod /);
        await deleteAtOnce(chain);
        expect(chain.ids.map((id) => chain.lambda.mapping(id).state)).toEqual(['Disabled', 'Disabled']);
        expect(await sweep(chain, 'sweep-late')).toContain('was abandoned: its Job starts no pod any more');
        await chain.all('Enabled', 5_000);
        await expectRecovered(chain, 'orders');
      },
    ),

    'by the schedule of the sweeper alone, every minute, comes back too': inChain(
      { mappings: 1, values: { sweeper: { enabled: true, schedule: '* * * * *' } } },
      async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        await chain.kubectl('delete', 'jobs', '-l', 'chaosUID', '--cascade=orphan');
        await deleteAtOnce(chain);
        await chain.all('Enabled', 150_000);
        await expectRecovered(chain, 'orders');
      },
    ),

    'by the drain of its node reverts on its way out; if the Job starts a next pod, that one has nothing to do':
      inChain({ mappings: 2 }, async (chain) => {
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        const [pod] = await chain.pods();
        const node = pod?.spec.nodeName ?? '';
        try {
          // Only this story's pods: the others on a cluster of one node have no other one to go to.
          const selector = `--pod-selector=job-name=${pod?.metadata.labels?.['job-name'] ?? ''}`;
          await kubectl(
            'drain',
            node,
            selector,
            '--ignore-daemonsets',
            '--delete-emptydir-data',
            '--timeout=120s',
          );
          await chain.all('Enabled');
        } finally {
          await kubectl('uncordon', node);
        }
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        // A pod that has ended before the Job's controller looks is the Job's success, and no next one comes.
        await chain.kubectl('wait', '--for=condition=complete', 'job', '-l', 'chaosUID', '--timeout=90s');
        expect(await runsCounted(chain, 'orders')).toBe(1);
        expect(chain.writesThat(false)).toHaveLength(2);
      }),
  });
});
