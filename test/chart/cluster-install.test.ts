import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { itemsOf, openScratch, withLitmus, type Scratch } from '../support/chart/cluster.ts';
import {
  parseObjects,
  templateArguments,
  type KubeObject,
  type Rendering,
} from '../support/chart/objects.ts';
import { helm, mustSucceed } from '../support/chart/programs.ts';

const RELEASE = 'lambda-chaos';
// The engine's runner is an image that no node has: what is looked at here are objects.
const runner = { image: 'localhost/none:1', imagePullPolicy: 'Never' };
const values: Rendering = {
  variant: 'probes',
  json: {
    engines: { 'orders-probes': { runner }, orders: { env: [{ name: 'FORCE', value: '' }], runner } },
    sweeper: { enabled: true, suspend: true },
    networkPolicy: { enabled: true, includeRunner: true },
  },
};
const OURS = 'sa,role,rolebinding,cronjob,networkpolicy,chaosexperiment,chaosengine';

interface Components {
  readonly env: readonly { readonly value?: string }[];
}

/**
 * An engine as chaos-operator leaves it after a run. It writes whole objects from typed ones, which have no empty
 * texts and are never without their structs, and it owns what it wrote differently.
 */
function asOperatorWrites(engine: KubeObject): object {
  const spec = engine.spec as { experiments: [{ name: string; spec: { components: Components } }] };
  const experiments = spec.experiments.map(({ name, spec: rest }) => {
    const { env } = rest.components;
    const written = env.map(({ value, ...variable }) => (value ? { ...variable, value } : variable));
    const structs = { resources: {}, statusCheckTimeouts: {} };
    return { name, spec: { ...rest, components: { ...structs, ...rest.components, env: written } } };
  });
  const status = { engineStatus: 'completed', experiments: null };
  return { ...engine, spec: { appinfo: {}, ...spec, experiments, engineState: 'stop' }, status };
}

withLitmus((kubeconfig) => {
  // One story: each test goes on where the one before it ended.
  describe('helm on a real cluster', () => {
    let scratch: Scratch;
    beforeAll(async () => {
      scratch = await openScratch(kubeconfig, { 'pod-security.kubernetes.io/enforce': 'restricted' });
    });
    afterAll(() => scratch.close());

    const upgrade = (verb: string, rendering: Rendering, flags: readonly string[] = []): Promise<string> => {
      const args = templateArguments({ ...rendering, namespace: scratch.namespace });
      const at = ['--kubeconfig', kubeconfig];
      const input = { input: JSON.stringify(rendering.json ?? {}) };
      return mustSucceed(helm([verb, ...args, ...at, ...flags], input));
    };
    const get = async (what: string): Promise<KubeObject[]> =>
      itemsOf(await mustSucceed(scratch.kubectl(['get', what, '-o', 'json'])));
    const engine = async (): Promise<KubeObject> => {
      const [found] = await get('chaosengine/orders');
      if (found === undefined) throw new Error('no engine');
      return found;
    };
    const state = async (): Promise<string> => ((await engine()).spec as { engineState: string }).engineState;
    const patch = (to: string): Promise<string> => {
      const body = JSON.stringify({ spec: { engineState: to } });
      return mustSucceed(scratch.kubectl(['patch', 'chaosengine', 'orders', '--type', 'merge', '-p', body]));
    };
    const names = async (): Promise<string[]> =>
      (await get(OURS))
        .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
        .filter((name) => name !== 'ServiceAccount/default')
        .sort();

    const INSTALLED = [
      'ChaosEngine/orders',
      'ChaosEngine/orders-probes',
      'ChaosExperiment/lambda-toggle-event-mapping-state',
      'CronJob/lambda-chaos-sweeper',
      'NetworkPolicy/lambda-chaos-chaos-runner',
      'NetworkPolicy/lambda-chaos-pods',
      ...['experiment', 'runner', 'sweeper'].flatMap((role) => [
        `Role/lambda-chaos-${role}`,
        `RoleBinding/lambda-chaos-${role}`,
      ]),
      'ServiceAccount/lambda-chaos',
    ].sort();

    test('installs everything and starts nothing', async () => {
      const text = await upgrade('install', values);
      expect(text).toContain('STATUS: deployed');
      expect(await names()).toEqual(INSTALLED);
      expect(await state()).toBe('stop');
      expect(await get('pods')).toEqual([]);
      expect(await get('jobs')).toEqual([]);
    });

    test('prints a ChaosEngine that the server takes as it is', async () => {
      const { namespace } = scratch;
      const text = await upgrade('upgrade', { ...values, variant: 'sweeper', json: {} }, [
        '--dry-run=client',
      ]);
      const heredoc = /<<'EOF'\n([\s\S]*?)^EOF$/m.exec(text)?.[1] ?? '';
      const [example] = parseObjects(heredoc);
      expect(example?.metadata).toEqual({ name: RELEASE, namespace });
      expect(await scratch.apply([example ?? {}], ['--dry-run=server'])).toContain(
        'created (server dry run)',
      );
    });

    test('prints a Job that reverts, where there is no sweeper, that the server takes as it is', async () => {
      const rendering = { ...values, json: {}, set: ['sweeper.enabled=false'] };
      const text = await upgrade('upgrade', rendering, ['--dry-run=client']);
      const input = /^job=.*<<'EOF'\n([\s\S]*?)^EOF$/m.exec(text)?.[1] ?? '';
      const created = await mustSucceed(
        scratch.kubectl(['create', '--dry-run=server', '-f', '-'], { input }),
      );
      expect(created).toMatch(/^job.batch\/lambda-chaos-revert-\w+ created \(server dry run\)\n$/);
    });

    test('upgrades after a run, for all that chaos-operator writes into the engines', async () => {
      for (const found of await get('chaosengine')) {
        const input = JSON.stringify(asOperatorWrites(found));
        const flags = ['--field-manager=chaos-operator', '-f', '-'];
        await mustSucceed(scratch.kubectl(['replace', ...flags], { input }));
      }
      expect(await upgrade('upgrade', { ...values, set: ['image.tag=0.1.1'] })).toContain('STATUS: deployed');
      const [experiment] = await get('chaosexperiment');
      expect(JSON.stringify(experiment)).toContain('lambda-chaos-runner:0.1.1');
    });

    test('ends no run that is going on: Helm 4 refuses to upgrade, Helm 3 leaves the state alone', async () => {
      await patch('active');
      const upgraded = upgrade('upgrade', { ...values, set: ['image.tag=0.1.2'] });
      const version = await mustSucceed(helm(['version', '--short']));
      if (version.startsWith('v3')) await upgraded;
      else await expect(upgraded).rejects.toThrow('.spec.engineState');
      expect(await state()).toBe('active');
      await patch('stop');
    });

    test('takes the sweeper and its rights away when it is switched off', async () => {
      await upgrade('upgrade', {
        ...values,
        set: ['sweeper.enabled=false'],
        json: { ...values.json, sweeper: {} },
      });
      expect(await names()).toEqual(INSTALLED.filter((name) => !name.includes('sweeper')));
    });

    test('leaves ChaosResults, which hold the journals, and nothing else', async () => {
      const result = {
        apiVersion: 'litmuschaos.io/v1alpha1',
        kind: 'ChaosResult',
        metadata: { name: 'orders-lambda-toggle-event-mapping-state' },
        spec: { engine: 'orders', experiment: 'lambda-toggle-event-mapping-state' },
      };
      await scratch.apply([result]);
      await mustSucceed(scratch.helm(['uninstall', RELEASE, '--wait', '--timeout=60s']));
      expect(await names()).toEqual([]);
      expect((await get('chaosresult')).map(({ metadata }) => metadata.name)).toEqual([result.metadata.name]);
    });
  });
});
