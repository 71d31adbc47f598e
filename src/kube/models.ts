import type { V1Pod } from '@kubernetes/client-node';
import type { KubeEvent, Pod } from './objects.ts';

export function toPod(pod: V1Pod): Pod {
  const controller = pod.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  return {
    name: pod.metadata?.name ?? '',
    labels: pod.metadata?.labels ?? {},
    phase: pod.status?.phase ?? 'Unknown',
    ...(controller === undefined ? {} : { controllerUid: controller.uid }),
  };
}

/** A CoreV1Event as plain data: client-node's model classes are only shapes for its serializer. */
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
