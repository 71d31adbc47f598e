import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openScratch, withLitmus, type Scratch } from '../support/chart/cluster.ts';
import { cronJobPod, experimentPod, jobPod, runnerPod, type Pod } from '../support/chart/litmus.ts';
import { ofKind, only, parseObjects, render, type KubeObject } from '../support/chart/objects.ts';

interface Spec {
  readonly securityContext: object;
  readonly containers: readonly { readonly securityContext: object }[];
  readonly volumes?: readonly object[];
}

type Change = (spec: Spec) => object;

const withoutContexts: Change = ({ containers }) => ({
  securityContext: {},
  containers: containers.map((container) => ({ ...container, securityContext: {} })),
});
const asRoot: Change = () => ({ securityContext: { runAsUser: 0 } });
const withoutSeccomp: Change = () => ({ securityContext: { runAsNonRoot: true } });
const withFolderOfTheNode: Change = ({ volumes = [] }) => ({
  volumes: [...volumes, { name: 'node', hostPath: { path: '/' } }],
});

withLitmus((kubeconfig) => {
  describe('a namespace with Pod Security restricted', () => {
    let scratch: Scratch;
    let objects: KubeObject[];
    beforeAll(async () => {
      scratch = await openScratch(kubeconfig, { 'pod-security.kubernetes.io/enforce': 'restricted' });
      objects = await render({ variant: 'everything', namespace: scratch.namespace });
      const defaults = await render({ namespace: scratch.namespace });
      await scratch.apply(ofKind([...objects, ...defaults], 'ServiceAccount'));
    });
    afterAll(() => scratch.close());

    const admit = (pod: Pod): Promise<string> => scratch.apply([pod], ['--dry-run=server', '-o', 'name']);
    const experiment = (): KubeObject => only(objects, 'ChaosExperiment');
    const engine = (): KubeObject => only(objects, 'ChaosEngine', 'orders');

    test.each<[string, () => Pod]>([
      ['the experiment, as chaos-runner would make it', () => experimentPod(experiment(), engine())],
      ['chaos-runner itself', () => runnerPod(experiment(), engine())],
      ['the sweeper', () => cronJobPod(only(objects, 'CronJob'))],
      ['helm test', () => only(objects, 'Pod') as Pod],
    ])('admits the pod of %s', async (_what, pod) => {
      expect(await admit(pod())).toMatch(/^pod\//);
    });

    test('admits the pods of the manifests', async () => {
      const read = (name: string): KubeObject[] => {
        const text = readFileSync(join(process.cwd(), 'manifests', name), 'utf8');
        return parseObjects(text.replaceAll(/namespace: chaos$/gm, `namespace: ${scratch.namespace}`));
      };
      const fault = only(read('experiment.yaml'), 'ChaosExperiment');
      const pods = [
        ...['parallel', 'file-secret', 'assume-role'].map((name) =>
          experimentPod(fault, only(read(`engines/${name}.yaml`), 'ChaosEngine')),
        ),
        cronJobPod(only(read('sweeper.yaml'), 'CronJob')),
        jobPod(only(read('revert.yaml'), 'Job')),
        jobPod(only(read('revert-file-secret.yaml'), 'Job')),
      ];
      for (const pod of pods) expect(await admit(pod)).toMatch(/^pod\//);
    });

    test.each([
      ['without any context', withoutContexts, 'allowPrivilegeEscalation != false'],
      ['as root', asRoot, 'runAsUser=0'],
      ['without a seccomp profile', withoutSeccomp, 'seccompProfile'],
      ['with a folder of the node', withFolderOfTheNode, 'restricted volume types'],
    ])('refuses the same pod %s', async (_what, change, why) => {
      const pod = experimentPod(experiment(), engine());
      const spec = { ...pod.spec, ...change(pod.spec as Spec) };
      await expect(admit({ ...pod, spec })).rejects.toThrow(why);
    });
  });
});
