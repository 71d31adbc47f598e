import { describe, expect } from '@jest/globals';
import { ACCOUNT, type Chain } from '../support/cluster/chain.ts';
import { AUDIENCE, IrsaWebhook } from '../support/cluster/irsa-webhook.ts';
import { PLANTED_SECRETS } from '../support/product/spool.ts';
import { inChain, SHORT, together } from './in-chain.ts';

const IRSA_ROLE = 'arn:aws:iam::123456789012:role/lambda-chaos';
const CHAOS_ROLE = 'arn:aws:iam::210987654321:role/chaos';
const EXTERNAL_ID = PLANTED_SECRETS[2];

const logOf = async (chain: Chain): Promise<string> => {
  const [pod] = await chain.pods();
  return chain.logs(pod?.metadata.name ?? '');
};

/** Values of a chart that knows no Secret: credentials come with the service account. */
const irsaValues = {
  credentials: { existingSecret: '' },
  serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': IRSA_ROLE } },
};

/** Plays `tell` with the webhook that EKS would run; the role trusts this chain's account, or `sub`. */
const withIrsa = (tell: (chain: Chain) => Promise<void>, sub?: string): (() => Promise<void>) => {
  const trust = { aud: AUDIENCE, sub: sub ?? '' };
  const roles = { [IRSA_ROLE]: { webIdentity: trust } };
  return inChain({ mappings: 1, values: irsaValues, lambda: { roles } }, async (chain) => {
    if (sub === undefined) trust.sub = `system:serviceaccount:${chain.namespace}:${ACCOUNT}`;
    const webhook = await IrsaWebhook.open(chain.api, chain.namespace, new URL(chain.url).hostname);
    try {
      await tell(chain);
    } finally {
      await webhook.close();
    }
  });
};

describe('a run with credentials', () => {
  together({
    'from the Secret that is mounted over /tmp uses that file, and works with a /tmp that it can not write to':
      inChain({ mappings: 1 }, async (chain) => {
        await chain.start('orders', { env: SHORT });
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        expect(await logOf(chain)).toContain('AWS credentials come from file /tmp/cloud_config.yml');
        expect(new Set(chain.writes.map(({ accessKey }) => accessKey))).toEqual(new Set(['AKIAFILE']));
      }),

    'from a projected token of its service account gets them from STS, as the trust policy allows': withIrsa(
      async (chain) => {
        await chain.start('orders', { env: SHORT });
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        expect(await logOf(chain)).toContain(`AWS credentials come from IRSA role ${IRSA_ROLE}`);
        expect(chain.lambda.credentialCalls).toEqual([
          expect.objectContaining({ action: 'AssumeRoleWithWebIdentity', roleArn: IRSA_ROLE }),
        ]);
      },
    ),

    'from a token that the trust policy does not allow ends before anything is touched, and says why':
      withIrsa(async (chain) => {
        await chain.start('orders', {
          env: SHORT,
          components: { statusCheckTimeouts: { delay: 1, timeout: 5 } },
        });
        expect(await chain.verdict('orders')).toBe('Error/Error');
        const reason = (await chain.result('orders'))?.status.experimentStatus.errorOutput?.reason ?? '';
        expect(reason).toMatch(/AssumeRoleWithWebIdentity/);
        expect(chain.writes).toEqual([]);
      }, 'system:serviceaccount:elsewhere:lambda-chaos'),

    'that assume a role in another account with an external id from a Secret act as that role': inChain(
      { mappings: 0, lambda: { roles: { [CHAOS_ROLE]: { externalId: EXTERNAL_ID } } } },
      async (chain) => {
        const account = '210987654321';
        chain.lambda.reset({
          functions: [{ name: 'orders', account }],
          mappings: [
            { functionName: 'orders', account, uuid: MAPPING, disablingLagMs: 300, enablingLagMs: 300 },
          ],
        });
        const secret = [
          'create',
          'secret',
          'generic',
          'chaos-external-id',
          `--from-literal=id=${EXTERNAL_ID}`,
        ];
        await chain.kubectl(...secret);
        await chain.start('orders', {
          env: {
            ...SHORT,
            EVENT_UUIDS: MAPPING,
            ASSUME_ROLE_ARN: CHAOS_ROLE,
            ASSUME_ROLE_EXTERNAL_ID: { secretKeyRef: { name: 'chaos-external-id', key: 'id' } },
          },
        });
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        expect(chain.lambda.mapping(MAPPING).state).toBe('Enabled');
        const [assumed, ...others] = chain.lambda.credentialCalls;
        expect(others).toEqual([]);
        expect(assumed).toMatchObject({ action: 'AssumeRole', accessKey: 'AKIAFILE', roleArn: CHAOS_ROLE });
        expect(new Set(chain.writes.map(({ accessKey }) => accessKey))).toEqual(
          new Set([assumed?.issuedKey]),
        );
        expect(await logOf(chain)).not.toContain(EXTERNAL_ID);
      },
    ),
  });
});

const MAPPING = '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11';
