import type { Clock } from '../runtime/clock.ts';
import { Deadline } from '../runtime/deadline.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { RunStore } from '../runtime/ports.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { LitmusIdentity } from '../litmus/identity.ts';
import type { ProbeWorld } from '../litmus/probes/compose.ts';
import type { OwnSpec, PodOwner } from '../litmus/probes/types/pod-manifest.ts';
import { podsIn } from '../litmus/resources.ts';
import type { LitmusSurroundings } from '../litmus/surroundings.ts';

export interface ClusterParts {
  readonly client: KubeClient;
  readonly litmus: LitmusIdentity;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly store: RunStore;
  readonly surroundings: LitmusSurroundings;
}

/** For a run that a ChaosEngine asked for. */
export const clusterProbes = (parts: ClusterParts): ProbeWorld => ({
  cluster: () => Promise.resolve(parts.client),
  owner: () => ownerOf(parts),
  show: (verdicts) => {
    parts.store.showProbes(verdicts).catch(() => undefined);
  },
  stopEngine: (why) => stopEngine(parts, why),
});

const LOOK_MS = 30_000;

/** Whose the pods of probes are: this one's, so that they are deleted with it and take after it. */
async function ownerOf({ client, litmus, clock }: ClusterParts): Promise<PodOwner> {
  const { experiment, namespace, engineUid, podName } = litmus;
  const owner = { experiment, namespace, engineUid };
  if (podName === '') return { ...owner, own: {} };
  try {
    const pod = (await client.getResource(podsIn(namespace), podName, {
      deadline: new Deadline(clock, LOOK_MS),
    })) as {
      readonly metadata?: { readonly uid?: string };
      readonly spec?: OwnSpec;
    };
    const { uid } = pod.metadata ?? {};
    const own = pod.spec ?? {};
    return uid === undefined ? { ...owner, own } : { ...owner, own, pod: { name: podName, uid } };
  } catch (error) {
    if (isKubeError(error, 'not-found', 'forbidden')) return { ...owner, own: {} };
    throw error;
  }
}

/** Never throws: the run has its verdict by then. */
async function stopEngine({ surroundings, emit }: ClusterParts, why: string): Promise<void> {
  try {
    if (await surroundings.stopEngine()) emit({ type: 'note', message: `The engine is set to stop: ${why}` });
  } catch (error) {
    emit({ type: 'warning', message: `The engine could not be set to stop: ${messageOf(error)}` });
  }
}

/** For a run outside Litmus: whatever cluster the kubeconfig names, and nobody to tell. */
export function standaloneProbes(litmus: LitmusIdentity, clock: Clock, emit: Emit): ProbeWorld {
  let client: Promise<KubeClient> | undefined;
  const cluster = (): Promise<KubeClient> => {
    client ??= import('../kube/client.ts').then(({ KubeClient: Client }) => new Client({ clock, emit }));
    return client;
  };
  const owner = { experiment: litmus.experiment, engineUid: '', own: {} };
  return {
    cluster,
    owner: () =>
      Promise.resolve({ ...owner, namespace: litmus.namespace === '' ? 'default' : litmus.namespace }),
    show: () => undefined,
    stopEngine: () => Promise.resolve(),
  };
}
