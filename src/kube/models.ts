import type { Job, KubeEvent, Pod } from './objects.ts';

/** What we read of a core/v1 Pod; nothing of it is promised by the server's answer as such. */
export interface PodAnswer {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[];
  };
  readonly status?: { readonly phase?: string };
}

export function toPod(pod: PodAnswer): Pod {
  const controller = pod.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  return {
    name: pod.metadata?.name ?? '',
    labels: pod.metadata?.labels ?? {},
    phase: pod.status?.phase ?? 'Unknown',
    ...(controller === undefined ? {} : { controllerUid: controller.uid }),
  };
}

/** What we read of a batch/v1 Job. */
export interface JobAnswer {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export const toJob = ({ metadata, status }: JobAnswer): Job => ({
  name: metadata?.name ?? '',
  uid: metadata?.uid ?? '',
  labels: metadata?.labels ?? {},
  over: (status?.conditions ?? []).some(
    (condition) =>
      condition.status === 'True' && (condition.type === 'Complete' || condition.type === 'Failed'),
  ),
});

/** A core/v1 Event as it is created; its dates become RFC 3339 in JSON. */
export function eventBody(event: KubeEvent): object {
  const { name, namespace, involvedObject, reason, message, type, component, at } = event;
  return {
    metadata: { name, namespace },
    involvedObject,
    reason,
    message,
    type,
    source: { component },
    count: 1,
    firstTimestamp: at,
    // chaos-exporter takes its times from lastTimestamp alone.
    lastTimestamp: at,
  };
}

export const eventUpdate = (event: KubeEvent, count: number): object => ({
  count,
  lastTimestamp: event.at.toISOString(),
  message: event.message,
  type: event.type,
  source: { component: event.component },
});
