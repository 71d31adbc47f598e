import type { CollectionRef, CustomRef, ResourceRef } from '../kube/objects.ts';
import type { LitmusIdentity } from './identity.ts';

const GROUP = 'litmuschaos.io';
const VERSION = 'v1alpha1';

/** Carries the engine's UID on its Jobs and pods (chaos-runner), and on the ChaosResult, where chaos-operator looks for it. */
export const ENGINE_LABEL = 'chaosUID';

export const API_VERSION = `${GROUP}/${VERSION}`;

export const resultsIn = (namespace: string): CollectionRef => ({
  group: GROUP,
  version: VERSION,
  plural: 'chaosresults',
  namespace,
});

export const resultRef = (identity: LitmusIdentity): CustomRef => ({
  ...resultsIn(identity.namespace),
  name: identity.resultName,
});

export const engineRef = (identity: LitmusIdentity): CustomRef => ({
  group: GROUP,
  version: VERSION,
  plural: 'chaosengines',
  namespace: identity.namespace,
  name: identity.engine,
});

/** All pods of a namespace. */
export const podsIn = (namespace: string): ResourceRef => ({
  group: '',
  version: 'v1',
  plural: 'pods',
  namespace,
});

/** `value[key]` where the server has checked nothing: undefined unless `value` is an object. */
export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

export const textField = (value: unknown, key: string): string => {
  const found = field(value, key);
  return typeof found === 'string' ? found : '';
};

export const listField = (value: unknown, key: string): readonly unknown[] => {
  const found = field(value, key);
  return Array.isArray(found) ? (found as unknown[]) : [];
};
