import { describe, expect } from '@jest/globals';
import { imageNames } from '../../image/names.ts';
import { core } from '../support/cluster/api.ts';
import type { Chain } from '../support/cluster/chain.ts';
import { killContainer } from '../support/cluster/kill.ts';
import type { Items, PodSeen } from '../support/cluster/objects.ts';
import { until } from '../support/cluster/until.ts';
import { inChain, LONG, SHORT, together } from './in-chain.ts';

const SHELL = `${process.env.IMAGE_UNDER_TEST ?? imageNames().image}-shell`;
const PROPERTIES = { probeTimeout: '30s', interval: '1s', probePollingInterval: '1s' };
const ONE = { mappings: 1 };
const PODS = { ...ONE, values: { rbac: { probePods: true } } };
const RULE = { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'create', 'delete'] };

const command = (name: string, mode: string, text: string, more: object = {}): object => ({
  name,
  mode,
  type: 'cmdProbe',
  runProperties: { ...PROPERTIES, ...more },
  'cmdProbe/inputs': { command: text, comparator: { type: 'string', criteria: 'equal', value: 'yes' } },
});

/** The same in a pod of its own. */
function source(name: string, mode: string, text: string, more: object = {}): object {
  const inline = command(name, mode, text, more) as { 'cmdProbe/inputs': object };
  const image = { image: SHELL, imagePullPolicy: 'IfNotPresent' };
  return { ...inline, 'cmdProbe/inputs': { ...inline['cmdProbe/inputs'], source: image } };
}

const configMaps = (chain: Chain, name: string, mode: string, inputs: object): object => ({
  name,
  mode,
  type: 'k8sProbe',
  runProperties: PROPERTIES,
  'k8sProbe/inputs': { version: 'v1', resource: 'configmaps', namespace: chain.namespace, ...inputs },
});

async function probesOf(chain: Chain): Promise<string[]> {
  const { probeStatuses = [] } = (await chain.result('orders'))?.status ?? {};
  return probeStatuses.map(({ name, status }) => `${name} ${status.verdict}`);
}

async function probePods(chain: Chain): Promise<readonly PodSeen[]> {
  const selector = encodeURIComponent('app.kubernetes.io/component=probe');
  const path = `${core(chain.namespace, 'pods')}?labelSelector=${selector}`;
  return (await chain.api.call<Items<PodSeen>>('GET', path)).items;
}

const noPodLeft = (chain: Chain): Promise<true> =>
  until('the pods of probes are gone', async () => (await probePods(chain)).length === 0);

describe('probes of a ChaosEngine', () => {
  together({
    'in source mode run in pods of their own, which the namespace admits and which are gone afterwards':
      inChain(PODS, async (chain) => {
        const probes = [
          source('before', 'SOT', 'id -u >/dev/null && echo yes'),
          source('in', 'OnChaos', 'echo yes'),
          source('after', 'EOT', 'test -n "$HOSTNAME" && echo no'),
        ];
        await chain.start('orders', { env: { TOTAL_CHAOS_DURATION: '15' }, probes });
        expect(await chain.verdict('orders')).toBe('Completed_With_Probe_Failure/Fail');
        expect(await probesOf(chain)).toEqual(['before Passed', 'in Passed', 'after Failed']);
        await noPodLeft(chain);
      }),

    'in source mode that hang do not hold up the revert, and are gone with the run': inChain(
      PODS,
      async (chain) => {
        await chain.start('orders', {
          env: LONG,
          probes: [source('hangs', 'Continuous', 'sleep 600', { probeTimeout: '10m' })],
        });
        await chain.held('orders');
        await until('its pod', async () =>
          (await probePods(chain)).some(({ status }) => status.phase === 'Running'),
        );
        await chain.patchEngine('orders', 'stop');
        await chain.all('Enabled', 30_000);
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        await noPodLeft(chain);
      },
    ),

    'leave no pod behind when the container is killed': inChain(PODS, async (chain) => {
      await chain.start('orders', {
        env: LONG,
        probes: [source('waits', 'Continuous', 'sleep 600', { probeTimeout: '10m' })],
      });
      await chain.held('orders');
      await until('its pod', async () =>
        (await probePods(chain)).some(({ status }) => status.phase === 'Running'),
      );
      const [pod] = await chain.pods();
      killContainer(pod?.metadata.name ?? '');
      await chain.all('Enabled');
      expect(await chain.verdict('orders')).toBe('Error/Error');
      await noPodLeft(chain);
    }),

    'with stopOnFailure in the hold revert at once, record Stopped, and stop the engine': inChain(
      PODS,
      async (chain) => {
        // Fails as soon as the window has been open for a while.
        const text = 'test -e /tmp/asked && echo no || { touch /tmp/asked; echo yes; }';
        await chain.start('orders', {
          env: LONG,
          probes: [source('fails', 'OnChaos', text, { stopOnFailure: true })],
        });
        await chain.all('Disabled');
        await chain.all('Enabled');
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
        expect(await probesOf(chain)).toEqual(['fails Failed']);
        expect(await chain.engineEnded('orders')).toMatch(/^stop\/(stopped|completed)$/);
        await noPodLeft(chain);
      },
    ),

    'look at Kubernetes, make something and take it away, with the rights that the chart was asked for':
      inChain({ ...ONE, values: { rbac: { probeRules: [RULE] } } }, async (chain) => {
        const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: marker, labels: {of: probe}}\n';
        const probes = [
          configMaps(chain, 'absent', 'SOT', { labelSelector: 'of=probe', operation: 'absent' }),
          { ...configMaps(chain, 'create', 'SOT', { operation: 'create' }), data: manifest },
          configMaps(chain, 'present', 'OnChaos', { resourceNames: 'marker', operation: 'present' }),
          configMaps(chain, 'by-field', 'EOT', {
            fieldSelector: 'metadata.name=marker',
            operation: 'present',
          }),
          configMaps(chain, 'delete', 'EOT', { labelSelector: 'of=probe', operation: 'delete' }),
          configMaps(chain, 'gone', 'EOT', { resourceNames: 'marker', operation: 'absent' }),
        ];
        await chain.start('orders', { env: SHORT, probes });
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        expect((await probesOf(chain)).every((text) => text.endsWith(' Passed'))).toBe(true);
      }),

    'that lack a right end as Error that names it, and nothing is disabled': inChain(ONE, async (chain) => {
      await chain.start('orders', { env: SHORT, probes: [source('before', 'SOT', 'echo yes')] });
      expect(await chain.verdict('orders')).toBe('Error/Error');
      const { errorOutput } = (await chain.result('orders'))?.status.experimentStatus ?? {};
      expect(errorOutput?.errorCode).toBe('CMD_PROBE_ERROR');
      expect(errorOutput?.reason).toMatch(/the verb \\"create\\" on pods/);
      expect(chain.writes).toEqual([]);
    }),

    'with a command inline need the image with a shell, and say so': inChain(ONE, async (chain) => {
      await chain.start('orders', { env: SHORT, probes: [command('inline', 'SOT', 'echo yes')] });
      expect(await chain.verdict('orders')).toBe('Error/Error');
      const { errorOutput } = (await chain.result('orders'))?.status.experimentStatus ?? {};
      expect(errorOutput?.reason).toMatch(
        /probe inline: cmdProbe\/inputs.command .* no \/bin\/sh; .*-shell, or/,
      );
      expect(chain.writes).toEqual([]);
    }),

    'with a command inline run in the image with a shell': inChain(ONE, async (chain) => {
      const components = { experimentImage: SHELL };
      const probes = [command('inline', 'Edge', 'curl --version >/dev/null && echo yes')];
      await chain.start('orders', { env: SHORT, components, probes });
      expect(await chain.verdict('orders')).toBe('Completed/Pass');
      expect(await probesOf(chain)).toEqual(['inline Passed']);
    }),
  });
});
