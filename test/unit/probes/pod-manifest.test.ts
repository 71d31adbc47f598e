import { describe, expect, test } from '@jest/globals';
import { podManifest, type PodOwner } from '../../../src/litmus/probes/types/pod-manifest.ts';
import { entry, usable } from './pieces.ts';

const OWNER: PodOwner = {
  experiment: 'esm',
  namespace: 'chaos',
  engineUid: 'uid-1',
  pod: { name: 'esm-ab12-x', uid: 'pod-uid' },
  own: {
    serviceAccountName: 'lambda-chaos',
    securityContext: { runAsUser: 65532 },
    volumes: [{ name: 'cloud-secret' }, { name: 'others' }],
    containers: [
      { name: 'istio-proxy', env: [{ name: 'MESH', value: '1' }], securityContext: { runAsUser: 1337 } },
      {
        name: 'esm-ab12',
        env: [{ name: 'REGION', value: 'eu-west-1' }],
        volumeMounts: [{ name: 'cloud-secret' }, { name: 'others' }],
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      },
    ],
  },
};

function manifest(source: object): { metadata: Record<string, unknown>; spec: Record<string, unknown> } {
  const comparator = { type: 'string', criteria: 'equal', value: 'x' };
  const inputs = { command: 'true', comparator, source: { image: 'tools:1', ...source } };
  const [probe] = usable(entry('p', 'SOT', {}, { type: 'cmdProbe', 'cmdProbe/inputs': inputs }));
  if (probe?.type !== 'cmdProbe' || probe.inputs.source === undefined) throw new Error('no source');
  return podManifest('esm-probe-1', probe.inputs.source, OWNER, 60) as ReturnType<typeof manifest>;
}
const container = (source: object): unknown => (manifest(source).spec.containers as unknown[])[0];

describe('the pod of a command in source mode', () => {
  test('takes after the experiment: account, user, restrictions, owner, engine, and an end of its own', () => {
    const { metadata, spec } = manifest({});
    expect(metadata).toMatchObject({
      name: 'esm-probe-1',
      namespace: 'chaos',
      labels: { chaosUID: 'uid-1', 'chaos.lambda-chaos-runner.io/probe': 'true' },
      ownerReferences: [{ kind: 'Pod', name: 'esm-ab12-x', uid: 'pod-uid' }],
    });
    expect(spec).toMatchObject({
      serviceAccountName: 'lambda-chaos',
      securityContext: { runAsUser: 65532 },
      restartPolicy: 'Never',
      activeDeadlineSeconds: 60,
      volumes: [],
    });
    expect(container({})).toEqual({
      name: 'esm-probe',
      image: 'tools:1',
      command: ['/bin/sh'],
      args: ['-c', 'sleep 10000'],
      env: [],
      volumeMounts: [],
      securityContext: { allowPrivilegeEscalation: false },
    });
  });

  test('inherits environment and credentials where that is asked for, of our container and not of a mesh', () => {
    const source = { inheritInputs: true, env: [{ name: 'MORE', value: '1' }] };
    expect(manifest(source).spec.volumes).toEqual([{ name: 'cloud-secret' }]);
    expect(container(source)).toMatchObject({
      env: [
        { name: 'REGION', value: 'eu-west-1' },
        { name: 'MORE', value: '1' },
      ],
      volumeMounts: [{ name: 'cloud-secret' }],
    });
  });

  test('has what its manifest says, and never the label of a Job', () => {
    const labels = {
      team: 'orders',
      'job-name': 'x',
      'batch.kubernetes.io/job-name': 'x',
      'controller-uid': 'x',
    };
    const source = { labels, command: ['/keep'], nodeSelector: { a: 'b' }, imagePullPolicy: 'Always' };
    expect(Object.keys(manifest(source).metadata.labels as object).sort()).toEqual([
      'app.kubernetes.io/component',
      'chaos.lambda-chaos-runner.io/probe',
      'chaosUID',
      'name',
      'team',
    ]);
    expect(manifest(source).spec.nodeSelector).toEqual({ a: 'b' });
    expect(container(source)).toMatchObject({ command: ['/keep'], args: [], imagePullPolicy: 'Always' });
  });

  test('is privileged only on request, and then not under the restrictions of the experiment', () => {
    expect(container({ privileged: true })).toMatchObject({ securityContext: { privileged: true } });
    expect(manifest({ privileged: true }).spec).not.toHaveProperty('securityContext');
  });
});
