import { describe, expect, test } from '@jest/globals';
import { FAULTS } from '../../src/faults/index.ts';
import { VERSION } from '../../src/version.ts';
import { definitionOf, valueOf } from '../support/chart/litmus.ts';
import { ofKind, only, render, VARIANTS, type Container, type KubeObject } from '../support/chart/objects.ts';
import { rightsOf } from '../support/chart/rights.ts';

const KUBE_VERSIONS = ['1.25.0', '1.30.0', '1.35.0'];
const FAULT = FAULTS[0]?.name ?? '';

describe.each(KUBE_VERSIONS)('rendered for Kubernetes %s', (kubeVersion) => {
  test.each(VARIANTS)('%s: everything is in the namespace, and named once', async (variant) => {
    const objects = await render({ variant, kubeVersion });
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['chaos']));
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
    expect(ofKind(objects, 'CustomResourceDefinition')).toEqual([]);
    expect(objects.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
  });
});

test('another Kubernetes than 1.25 and later is refused', async () => {
  await expect(render({ kubeVersion: '1.24.9' })).rejects.toThrow('requires kubeVersion: >=1.25.0-0');
});

describe('the ChaosExperiment', () => {
  test('has the name of the fault and what chaos-runner can not do without', async () => {
    const objects = await render();
    const experiment = only(objects, 'ChaosExperiment', FAULT);
    const { command, args, labels, imagePullPolicy, image, scope } = definitionOf([experiment]);
    expect({ command, args, imagePullPolicy, image, scope }).toEqual({
      command: ['/nodejs/bin/node'],
      args: ['/app/main.cjs', 'run'],
      imagePullPolicy: 'IfNotPresent',
      image: `lambda-chaos-runner:${VERSION}`,
      scope: 'Namespaced',
    });
    expect(Object.keys(labels).length).toBeGreaterThan(0);
  });

  test('says that it needs what the Roles grant', async () => {
    const objects = await render({ variant: 'everything' });
    const roles = ofKind(objects, 'Role').filter(({ metadata }) => !metadata.name.endsWith('-sweeper'));
    const rules = roles.flatMap((role) => role.rules ?? []);
    expect(rightsOf(definitionOf(objects).permissions)).toEqual(rightsOf(rules));
  });

  test('has target, tunables, credentials and env in this order of precedence', async () => {
    const definition = definitionOf(await render({ variant: 'everything' }));
    expect(valueOf(definition, 'FUNCTION_NAME')).toBe('orders');
    expect(valueOf(definition, 'EVENT_UUIDS')).toMatch(/^14e0db71-[0-9a-f-]+,7f3c1d52-[0-9a-f-]+$/);
    // A number in a values file is a float in Helm.
    expect(valueOf(definition, 'TOTAL_CHAOS_DURATION')).toBe('604800');
    expect(valueOf(definition, 'AWS_AUTHENTICATION_SECRET')).toBe('/var/run/aws/credentials');
    expect(valueOf(definition, 'LOG_LEVEL')).toBe('debug');
    const names = definition.env.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test('mounts the Secret of credentials.existingSecret and, without one, none', async () => {
    expect(definitionOf(await render({ variant: 'file-secret' })).secrets).toEqual([
      { name: 'cloud-secret', mountPath: '/tmp/' },
    ]);
    expect(definitionOf(await render({ variant: 'irsa' })).secrets).toBeUndefined();
  });

  test('takes the image by digest, whatever the tag says', async () => {
    const { image } = definitionOf(await render({ variant: 'digest' }));
    expect(image).toMatch(/^registry\.example\.com:5000\/chaos\/lambda-chaos-runner@sha256:[0-9a-f]{64}$/);
  });

  test('puts nothing on Job, pod and ChaosResult by which a GitOps tool would take them for its own', async () => {
    const objects = await render({ variant: 'parallel' });
    const engine = only(objects, 'ChaosEngine');
    for (const labels of [definitionOf(objects).labels, engine.metadata.labels ?? {}]) {
      expect(Object.keys(labels)).not.toContain('app.kubernetes.io/instance');
      expect(Object.keys(labels)).not.toContain('app.kubernetes.io/managed-by');
    }
  });
});

describe('a ChaosEngine', () => {
  interface EngineSpec {
    readonly engineState: string;
    readonly terminationGracePeriodSeconds: number;
    readonly experiments: readonly [{ name: string; spec: { components: Container; probe?: unknown[] } }];
  }
  const specOf = (objects: readonly KubeObject[], name: string): EngineSpec =>
    only(objects, 'ChaosEngine', name).spec as EngineSpec;

  test('starts nothing by itself, and leaves a pod time to revert', async () => {
    const spec = specOf(await render({ variant: 'parallel' }), 'orders-parallel');
    expect(spec.engineState).toBe('stop');
    const timeout = Number(valueOf(definitionOf(await render()), 'REVERT_TIMEOUT'));
    expect([timeout, spec.terminationGracePeriodSeconds]).toEqual([600, 660]);
    const json = { experiment: { env: { REVERT_TIMEOUT: 1200 } } };
    const longer = specOf(await render({ variant: 'parallel', json }), 'orders-parallel');
    expect(longer.terminationGracePeriodSeconds).toBe(1260);
  });

  test('names its whole target, its own before the default one', async () => {
    const objects = await render({ variant: 'everything' });
    const env = (name: string): Container => specOf(objects, name).experiments[0].spec.components;
    expect(valueOf(env('orders'), 'FUNCTION_NAME')).toBe(
      'arn:aws:lambda:eu-west-1:123456789012:function:orders:live',
    );
    expect(valueOf(env('payments'), 'REGION')).toBe('us-gov-west-1');
    const [inherited] = specOf(await render({ variant: 'irsa' }), 'orders-irsa').experiments;
    expect(valueOf(inherited.spec.components, 'REGION')).toBe('eu-west-1');
  });

  test('is of one experiment, and has its probes as they were given', async () => {
    const { experiments } = specOf(await render({ variant: 'probes' }), 'orders-probes');
    expect(experiments).toHaveLength(1);
    expect(experiments[0].name).toBe(FAULT);
    expect(experiments[0].spec.probe).toHaveLength(6);
  });

  test('without a target is refused, with the field that is missing and an example', async () => {
    const rendered = render({ json: { engines: { orders: { functionName: 'orders' } } } });
    await expect(rendered).rejects.toThrow(
      'engines.orders.region: is required and not set, nor is target.region; e.g. eu-west-1',
    );
  });
});
