import { describe, expect, test } from '@jest/globals';
import { definitionOf, podSpecOf } from '../support/chart/litmus.ts';
import { ofKind, only, render, type Labels } from '../support/chart/objects.ts';

describe('the sweeper', () => {
  test('is off by default and one value away', async () => {
    expect(ofKind(await render(), 'CronJob')).toEqual([]);
    expect(ofKind(await render({ set: ['sweeper.enabled=true'] }), 'CronJob')).toHaveLength(1);
  });

  test('reverts what is overdue in its own namespace, one at a time, with the credentials of the runs', async () => {
    const cronJob = only(await render({ set: ['sweeper.enabled=true'], variant: 'file-secret' }), 'CronJob');
    expect(cronJob.spec).toMatchObject({
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 0 } },
    });
    const spec = podSpecOf(cronJob);
    expect(spec.restartPolicy).toBe('Never');
    const [container] = spec.containers;
    expect(container?.args).toEqual(['/app/main.cjs', 'revert', '--overdue']);
    expect(container?.env).toContainEqual({
      name: 'CHAOS_NAMESPACE',
      valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
    });
    expect(container?.env).toContainEqual({
      name: 'AWS_AUTHENTICATION_SECRET',
      value: '/tmp/cloud_config.yml',
    });
    expect(spec['volumes']).toEqual([{ name: 'credentials', secret: { secretName: 'cloud-secret' } }]);
  });

  test('has longer than a revert with the time around it, and says so where it has not', async () => {
    const { jobTemplate } = only(await render({ variant: 'sweeper' }), 'CronJob').spec as {
      jobTemplate: { spec: { activeDeadlineSeconds: number } };
    };
    expect(jobTemplate.spec.activeDeadlineSeconds).toBe(1500);
    const json = { sweeper: { enabled: true, activeDeadlineSeconds: 719 } };
    await expect(render({ json })).rejects.toThrow(
      'sweeper.activeDeadlineSeconds: got 719, which would cut a revert short: it takes up to experiment.env.REVERT_TIMEOUT=600 seconds, and the sweep a minute before and after it; wanted is 720 or more',
    );
    const enough = { sweeper: { enabled: true, activeDeadlineSeconds: 720 } };
    expect(ofKind(await render({ json: enough }), 'CronJob')).toHaveLength(1);
  });
});

describe('helm test', () => {
  test('runs plan on the target, with what the experiment would be given', async () => {
    const objects = await render({ variant: 'assume-role' });
    const pod = only(objects, 'Pod');
    expect(pod.metadata.annotations).toEqual({
      'helm.sh/hook': 'test',
      'helm.sh/hook-delete-policy': 'before-hook-creation',
    });
    const [container] = podSpecOf(pod).containers;
    expect(container?.args).toEqual(['/app/main.cjs', 'plan']);
    expect(container?.env).toEqual(expect.arrayContaining([...definitionOf(objects).env]));
  });

  test.each([
    ['there is no target', {}],
    ['half a target is set', { target: { region: 'eu-west-1', functionName: 'orders' } }],
    ['it is switched off', { plan: { enabled: false } }],
  ])('is not there where %s', async (_why, json) => {
    const variant = 'plan' in json ? 'irsa' : 'default';
    expect(ofKind(await render({ variant, json }), 'Pod')).toEqual([]);
  });
});

describe('the network policy', () => {
  test('selects every pod of our image and no other', async () => {
    const objects = await render({ variant: 'everything' });
    const { podSelector } = only(objects, 'NetworkPolicy', 'orders-chaos-pods').spec as {
      podSelector: { matchLabels: Labels };
    };
    const { jobTemplate } = only(objects, 'CronJob').spec as {
      jobTemplate: { spec: { template: { metadata: { labels: Labels } } } };
    };
    const labels = [
      definitionOf(objects).labels,
      jobTemplate.spec.template.metadata.labels,
      only(objects, 'Pod').metadata.labels,
    ];
    for (const each of labels) expect(each).toMatchObject(podSelector.matchLabels);
    // chaos-runner puts the engine's labels over the experiment's.
    for (const engine of ofKind(objects, 'ChaosEngine'))
      for (const key of Object.keys(podSelector.matchLabels))
        expect(engine.metadata.labels).not.toHaveProperty([key]);
  });

  test('lets nothing in, and out what was asked for', async () => {
    const { spec } = only(await render({ variant: 'network-policy' }), 'NetworkPolicy', 'lambda-chaos-pods');
    const { ingress, egress } = spec as {
      ingress: unknown;
      egress: { to?: unknown; ports: { port: number }[] }[];
    };
    expect(ingress).toEqual([]);
    expect(egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([
      [53, 53, 5353, 5353],
      [443, 6443],
      [443],
      [3128],
    ]);
    expect(egress[2]?.to).toEqual([{ ipBlock: { cidr: '10.20.0.0/16' } }]);
  });

  test.each([
    ['aws.cidrs', { aws: { cidrs: null } }],
    ['aws.ports', { aws: { ports: null } }],
    ['aws.cidrs', { aws: null }],
    ['apiServer.cidrs', { apiServer: { cidrs: null } }],
    ['dns.ports', { dns: { ports: null } }],
  ])('opens nothing to everybody because %s was taken away', async (name, values) => {
    const rendered = render({ json: { networkPolicy: { enabled: true, ...values } } });
    await expect(rendered).rejects.toThrow(
      `networkPolicy.${name}: is empty, which Kubernetes takes for all there are; wanted is at least one, e.g. [`,
    );
  });
});
