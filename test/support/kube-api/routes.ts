import type { Resource } from './status.ts';

const litmus = (plural: string, kind: string): Resource => ({
  plural,
  kind,
  group: 'litmuschaos.io',
  apiVersion: 'litmuschaos.io/v1alpha1',
});

const core = (plural: string, kind: string): Resource => ({ plural, kind, group: '', apiVersion: 'v1' });

export const RESOURCES = {
  chaosresults: litmus('chaosresults', 'ChaosResult'),
  chaosengines: litmus('chaosengines', 'ChaosEngine'),
  pods: core('pods', 'Pod'),
  events: core('events', 'Event'),
  jobs: { plural: 'jobs', kind: 'Job', group: 'batch', apiVersion: 'batch/v1' },
} as const satisfies Record<string, Resource>;

export const isReview = ({ resource }: Route): boolean => resource === REVIEW;

export type Plural = keyof typeof RESOURCES;

export interface Route {
  readonly verb: string;
  readonly resource: Resource;
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
}

const PATH = /^\/(?:api\/v1|apis\/([^/]+)\/v1(?:alpha1)?)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/;
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** What an account may do, which it may always ask. */
const REVIEW: Resource = {
  plural: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
  group: 'authorization.k8s.io',
  apiVersion: 'authorization.k8s.io/v1',
};

/** Undefined where the real server answers that there is no such path; `/status` is one: Litmus has no subresources. */
export function route(method: string, path: string): Route | undefined {
  if (method === 'POST' && path === REVIEWS)
    return { verb: 'create', resource: REVIEW, namespace: '', name: '' };
  const found = PATH.exec(path);
  if (found === null) return undefined;
  const [, group = '', namespace = '', plural = '', name = ''] = found.map((part: string | undefined) =>
    decodeURIComponent(part ?? ''),
  );
  const resource = Object.values(RESOURCES).find((known) => known.plural === plural && known.group === group);
  const verb = verbOf(method, name);
  return resource === undefined || verb === undefined ? undefined : { verb, resource, namespace, name };
}

function verbOf(method: string, name: string): string | undefined {
  if (method === 'GET') return name === '' ? 'list' : 'get';
  if (method === 'POST') return name === '' ? 'create' : undefined;
  if (method === 'PATCH') return name === '' ? undefined : 'patch';
  if (method === 'DELETE') return name === '' ? undefined : 'delete';
  return undefined;
}
