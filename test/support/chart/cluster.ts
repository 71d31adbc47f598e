import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { describe, test } from '@jest/globals';
import { withCluster } from '../kube-api/cluster.ts';
import type { KubeObject, Labels } from './objects.ts';
import { helm, kubectl, mustSucceed, type Ended, type RunOptions } from './programs.ts';

const CRDS = ['chaosengines', 'chaosexperiments', 'chaosresults'].map((plural) => `${plural}.litmuschaos.io`);

/** A namespace of one test file on a real cluster. */
export interface Scratch {
  readonly namespace: string;
  /** kubectl on that cluster and, unless the arguments say otherwise, in that namespace. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<Ended>;
  helm(args: readonly string[]): Promise<Ended>;
  /** Sends objects with `kubectl apply`, as `args` say. @throws Error with what kubectl said. */
  apply(objects: readonly object[], args?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Runs `suite` on a cluster with the real Litmus CRDs; where they are missing it says so, as `withCluster` does. */
export function withLitmus(suite: (kubeconfig: string) => void): void {
  withCluster((kubeconfig) => {
    const missing = kubeconfig === '' ? [] : missingCrds(kubeconfig);
    if (missing.length === 0) {
      suite(kubeconfig);
      return;
    }
    const why = `the cluster of KUBECONFIG has no ${missing.join(', ')}: install Litmus, at least its CRDs`;
    if (process.env.REQUIRE_KUBE === '1') {
      test('the cluster has the CRDs of Litmus', () => {
        throw new Error(why);
      });
      return;
    }
    process.stderr.write(`SKIPPED: ${why}\n`);
    describe.skip(`SKIPPED: ${why}`, () => {
      suite('');
    });
  });
}

function missingCrds(kubeconfig: string): string[] {
  const args = ['get', 'crd', '--output=name', `--kubeconfig=${kubeconfig}`];
  const { stdout, stderr, status } = spawnSync('tools/bin/kubectl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the cluster of KUBECONFIG can't be asked: ${stderr}`);
  return CRDS.filter((name) => !stdout.includes(`/${name}\n`));
}

/** A new namespace, with `labels`. */
export async function openScratch(kubeconfig: string, labels: Labels = {}): Promise<Scratch> {
  const namespace = `chart-${randomBytes(4).toString('hex')}`;
  const at = ['--kubeconfig', kubeconfig];
  const inNamespace = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
    kubectl([...at, '--namespace', namespace, ...args], options);
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  await mustSucceed(kubectl([...at, 'create', '-f', '-'], { input: JSON.stringify(object) }));
  // Every pod is of a service account, and a new namespace gets its first one a moment later.
  const account = ['wait', '--for=create', 'serviceaccount/default', '--timeout=30s'];
  await mustSucceed(inNamespace(account));
  return {
    namespace,
    kubectl: inNamespace,
    helm: (args) => helm([...args, ...at, '--namespace', namespace]),
    apply: (objects, args = []) => {
      const input = objects.map((item) => JSON.stringify(item)).join('\n---\n');
      return mustSucceed(inNamespace(['apply', '-f', '-', ...args], { input }));
    },
    close: async () => {
      await kubectl([...at, 'delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

/** The objects of `kubectl -o json`. */
export const itemsOf = (text: string): KubeObject[] => {
  const parsed = JSON.parse(text) as KubeObject & { items?: KubeObject[] };
  return parsed.items ?? [parsed];
};
