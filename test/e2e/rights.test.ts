import { describe, expect } from '@jest/globals';
import type { Chain } from '../support/cluster/chain.ts';
import { until } from '../support/cluster/until.ts';
import { inChain, SHORT, together } from './in-chain.ts';

interface Role {
  readonly rules: readonly { readonly resources: readonly string[] }[];
}

/** Takes `resource` from every rule of a Role of the chart. */
async function without(chain: Chain, role: string, resource: string): Promise<void> {
  const path = `apis/rbac.authorization.k8s.io/v1/namespaces/${chain.namespace}/roles/${role}`;
  const { rules } = await chain.api.call<Role>('GET', path);
  const kept = rules
    .map((rule) => ({ ...rule, resources: rule.resources.filter((name) => name !== resource) }))
    .filter(({ resources }) => resources.length > 0);
  await chain.api.call('PATCH', path, { rules: kept }, 'application/merge-patch+json');
}

describe('a service account', () => {
  // chaos-runner and experiment share one account, so what the one may, the other may too.
  const ROLES = ['lambda-chaos-runner', 'lambda-chaos-experiment'];

  together({
    'without rights for events: the run passes, with one warning': inChain({ mappings: 1 }, async (chain) => {
      for (const role of ROLES) await without(chain, role, 'events');
      await chain.start('orders', { env: SHORT });
      expect(await chain.verdict('orders')).toBe('Completed/Pass');
      const [pod] = await chain.pods();
      const log = await chain.logs(pod?.metadata.name ?? '');
      expect(log.match(/Kubernetes Events can't be written and the run goes on without/g)).toHaveLength(1);
      expect(log).toContain('needs the verb \\"create\\" on events');
    }),

    'without rights for pods: the run passes, and says what it can not see': inChain(
      { mappings: 1 },
      async (chain) => {
        await without(chain, 'lambda-chaos-experiment', 'pods');
        await without(chain, 'lambda-chaos-runner', 'pods');
        await chain.start('orders', { env: SHORT });
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        const [pod] = await chain.pods();
        expect(await chain.logs(pod?.metadata.name ?? '')).toContain('other pods of its Job are not seen');
      },
    ),

    'without rights for ChaosResults: the error names the verb, and AWS is not even asked': inChain(
      { mappings: 1 },
      async (chain) => {
        for (const role of ROLES) await without(chain, role, 'chaosresults');
        await chain.start('orders', { env: SHORT });
        const failed = await until('the end of the pod', async () =>
          (await chain.pods()).find(({ status }) => status.phase === 'Failed'),
        );
        expect(await chain.logs(failed.metadata.name)).toContain(
          'needs the verb \\"get\\" on chaosresults.litmuschaos.io',
        );
        expect(failed.status.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(71);
        expect(chain.lambda.requests).toEqual([]);
      },
    ),

    'with all that the chart grants passes without a warning about rights': inChain(
      { mappings: 1 },
      async (chain) => {
        await chain.start('orders', { env: SHORT });
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        const [pod] = await chain.pods();
        expect(await chain.logs(pod?.metadata.name ?? '')).not.toMatch(/needs the verb|"level":"warn"/);
      },
    ),
  });
});
