import type { KubeClient } from '../kube/client.ts';
import type { Pod } from '../kube/objects.ts';
import type { CallOptions } from '../kube/transport.ts';
import type { SignsOfLife } from '../runtime/abandoned.ts';
import type { RunIdentity } from '../runtime/journal.ts';
import { ENGINE_LABEL } from './resources.ts';

/** Newest first: Kubernetes 1.27 and later set all three, older ones the last two. */
export const JOB_LABELS = ['batch.kubernetes.io/controller-uid', 'controller-uid', 'job-name'] as const;

type Labels = Readonly<Record<string, string>>;

const isOfJob = (labels: Labels, run: RunIdentity): boolean =>
  JOB_LABELS.some((key) => labels[key] === run.jobId);

/** Also a pod that is being deleted: it may be reverting, or about to inject. */
export const mayBeRunning = (pod: Pod): boolean => pod.phase !== 'Succeeded' && pod.phase !== 'Failed';

/**
 * Looks once at the Jobs and pods of `namespace`; the function returned tells what of a run is among them.
 * @throws KubeError
 */
export async function lookForLife(
  client: KubeClient,
  namespace: string,
  options: CallOptions,
): Promise<(run: RunIdentity) => SignsOfLife> {
  // Safety: Jobs first. A Job that is over now starts nothing later; the other way round, a pod of its could slip through.
  const jobs = (await client.listJobs(namespace, options)).filter((job) => !job.over);
  const pods = (await client.listPods(namespace, '', options)).filter(mayBeRunning);
  return (run) => {
    const isOfEngine = (labels: Labels): boolean =>
      run.engineUid !== '' && labels[ENGINE_LABEL] === run.engineUid;
    // The runner's pod has the engine's label too, and finishes nothing.
    const isOfEngineJob = (labels: Labels): boolean => isOfEngine(labels) && labels['job-name'] !== undefined;
    return {
      jobs: jobs
        .filter(({ uid, name, labels }) => uid === run.jobId || name === run.jobId || isOfEngine(labels))
        .map(({ name }) => name),
      pods: pods
        .filter(({ name, labels }) => name === run.pod || isOfJob(labels, run) || isOfEngineJob(labels))
        .map(({ name }) => name),
    };
  };
}
