import { setTimeout as delay } from 'node:timers/promises';
import { core, type Api } from '../cluster/api.ts';

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly phase: string;
      readonly containerStatuses?: readonly {
        readonly name: string;
        readonly state?: { readonly terminated?: object };
      }[];
    };
  }[];
}

export interface WatchedJob {
  readonly namespace: string;
  readonly name: string;
  /** `statusCheckTimeouts.timeout`. */
  readonly timeoutSeconds: number;
}

type Look = { readonly pod: string; readonly state: 'done' | 'running' | 'pending' | 'failed' };

const POLL_MS = 2_000;

/**
 * Follows the Job's one pod to its end, and tells `seen` its name at each look. As chaos-runner has it: no pod, or
 * more than one, is an error that is tried again `timeoutSeconds / 2` times; Pending may last `timeoutSeconds`; a
 * Failed pod is given up at once; exit codes are not looked at.
 * @throws Error when it gives the Job up
 */
export async function watchJob(
  api: Api,
  job: WatchedJob,
  seen: (pod: string) => Promise<void>,
): Promise<string> {
  let tries = Math.floor(job.timeoutSeconds / 2);
  let pendings = Math.floor((job.timeoutSeconds * 1000) / POLL_MS);
  for (;;) {
    const found = await look(api, job);
    if (found === undefined && (tries -= 1) <= 0) throw new Error(`Job ${job.name} has not exactly one pod`);
    if (found?.state === 'done') return found.pod;
    if (found?.state === 'failed') throw new Error(`pod ${found.pod} failed`);
    if (found?.state === 'pending' && (pendings -= 1) <= 0) throw new Error(`pod ${found.pod} stays Pending`);
    if (found !== undefined) await seen(found.pod);
    await delay(POLL_MS);
  }
}

/** Undefined where there is no pod, or more than one. */
async function look(api: Api, job: WatchedJob): Promise<Look | undefined> {
  const path = `${core(job.namespace, 'pods')}?labelSelector=job-name%3D${job.name}`;
  const [pod, ...others] = (await api.call<PodList>('GET', path)).items;
  if (pod === undefined || others.length > 0) return undefined;
  const { phase, containerStatuses = [] } = pod.status;
  // Sidecars of a mesh have other names and may go on for ever.
  const ours = containerStatuses.filter(({ name }) => name.includes(job.name));
  const ended = ours.length > 0 && ours.every(({ state }) => state?.terminated !== undefined);
  const { name } = pod.metadata;
  if (phase === 'Succeeded' || (phase === 'Running' && ended)) return { pod: name, state: 'done' };
  if (phase === 'Failed') return { pod: name, state: 'failed' };
  return { pod: name, state: phase === 'Pending' ? 'pending' : 'running' };
}
