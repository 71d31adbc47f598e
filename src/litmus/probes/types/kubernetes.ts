import { parseAllDocuments } from 'yaml';
import type { Clock } from '../../../runtime/clock.ts';
import { Deadline } from '../../../runtime/deadline.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isKubeError } from '../../../kube/errors.ts';
import type { ResourceRef } from '../../../kube/objects.ts';
import type { CallOptions } from '../../../kube/transport.ts';
import { resourceOf } from '../../rights.ts';
import type { KubernetesInputs, ProbeOf } from '../definition.ts';
import { failed, passed, unclear, type Finding } from '../judgement.ts';

export interface KubernetesDeps {
  readonly client: KubeClient;
  readonly clock: Clock;
}

/** The attempt is ended by its own timeout; this only keeps an API that is away from being asked for ever. */
const LONGEST_MS = 300_000;

/** One look at Kubernetes, or one change to it, by a k8sProbe. An API that refuses is an error, not a failure. */
export function attemptKubernetes(
  { inputs }: ProbeOf<'k8sProbe'>,
  { client, clock }: KubernetesDeps,
  signal: AbortSignal,
): Promise<Finding> {
  const limit = { deadline: new Deadline(clock, LONGEST_MS), signal };
  // Safety: names that come to nothing, after a template or a comma, must not become "all of them".
  if (inputs.resourceNames !== '' && namesIn(inputs).length === 0)
    return Promise.resolve(unclear(`resourceNames ${JSON.stringify(inputs.resourceNames)} names nothing`));
  switch (inputs.operation) {
    case 'present':
      return present(inputs, client, limit);
    case 'absent':
      return absent(inputs, client, limit);
    case 'create':
      return create(inputs, client, limit);
    case 'delete':
      return remove(inputs, client, limit);
  }
}

async function present(inputs: KubernetesInputs, client: KubeClient, limit: CallOptions): Promise<Finding> {
  const names = namesIn(inputs);
  const missing = await missingOf(names, inputs, client, limit);
  // As litmus-go: what is missing by its name can't be evaluated, what no selector finds is not there.
  if (missing.length > 0)
    return unclear(`${resourceOf(inputs)} ${some(missing)} not found ${whereOf(inputs)}`);
  if (names.length > 0) return passed(`${resourceOf(inputs)} ${some(names)} found ${whereOf(inputs)}`);
  const found = await client.listNames(refOf(inputs), selectorsOf(inputs), limit);
  return found.length === 0
    ? failed(`no ${resourceOf(inputs)} found ${whereOf(inputs)}`)
    : passed(`${found.length} ${resourceOf(inputs)} found ${whereOf(inputs)}`);
}

async function absent(inputs: KubernetesInputs, client: KubeClient, limit: CallOptions): Promise<Finding> {
  const names = namesIn(inputs);
  const found =
    names.length === 0
      ? await client.listNames(refOf(inputs), selectorsOf(inputs), limit)
      : await namesThere(names, inputs, client, limit);
  return found.length === 0
    ? passed(`no such ${resourceOf(inputs)} ${whereOf(inputs)}`)
    : failed(`${resourceOf(inputs)} ${some(found)} found ${whereOf(inputs)}`);
}

async function create(inputs: KubernetesInputs, client: KubeClient, limit: CallOptions): Promise<Finding> {
  const [document, another] = parseAllDocuments(inputs.data);
  if (document === undefined || another !== undefined || 'empty' in document)
    return unclear('data holds no single manifest');
  const [flaw] = document.errors;
  if (flaw !== undefined) return unclear(`data is no YAML: ${flaw.message}`);
  const body: unknown = document.toJS();
  if (typeof body !== 'object' || body === null) return unclear('data holds no manifest');
  const name = await client.createResource(refOf(inputs), body, limit);
  return passed(`${resourceOf(inputs)} ${name} created ${whereOf(inputs)}`);
}

async function remove(inputs: KubernetesInputs, client: KubeClient, limit: CallOptions): Promise<Finding> {
  const named = namesIn(inputs);
  // Safety: without a name and a selector a list holds everything of that kind.
  if (named.length === 0 && Object.keys(selectorsOf(inputs)).length === 0)
    return unclear(`neither a name nor a selector says which ${resourceOf(inputs)} to delete`);
  const names = named.length > 0 ? named : await client.listNames(refOf(inputs), selectorsOf(inputs), limit);
  if (names.length === 0)
    return unclear(`there is no such ${resourceOf(inputs)} to delete ${whereOf(inputs)}`);
  for (const name of names) await client.deleteResource(refOf(inputs), name, limit);
  return passed(`${resourceOf(inputs)} ${some(names)} deleted ${whereOf(inputs)}`);
}

async function namesThere(
  names: readonly string[],
  inputs: KubernetesInputs,
  client: KubeClient,
  limit: CallOptions,
): Promise<string[]> {
  const missing = await missingOf(names, inputs, client, limit);
  return names.filter((name) => !missing.includes(name));
}

async function missingOf(
  names: readonly string[],
  inputs: KubernetesInputs,
  client: KubeClient,
  limit: CallOptions,
): Promise<string[]> {
  const missing: string[] = [];
  for (const name of names) {
    try {
      await client.getResource(refOf(inputs), name, limit);
    } catch (error) {
      if (!isKubeError(error, 'not-found')) throw error;
      missing.push(name);
    }
  }
  return missing;
}

const MOST_NAMES = 10;

const some = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : names.join(', ');

const namesIn = ({ resourceNames }: KubernetesInputs): string[] =>
  resourceNames
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const selectorsOf = ({ fieldSelector, labelSelector }: KubernetesInputs): Record<string, string> => ({
  ...(fieldSelector.trim() === '' ? {} : { fieldSelector }),
  ...(labelSelector.trim() === '' ? {} : { labelSelector }),
});

const refOf = ({ group, version, resource, namespace }: KubernetesInputs): ResourceRef => ({
  group,
  version,
  plural: resource,
  namespace,
});

const whereOf = ({ namespace }: KubernetesInputs): string =>
  namespace === '' ? 'in the cluster' : `in namespace ${namespace}`;
