import type { UsedRight } from '../rights.ts';
import type { KubernetesInputs, Probe } from './definition.ts';

/** What `probes` ask of the API server beside what every run asks; each is one that the run can't do without. */
export function rightsOfProbes(probes: readonly Probe[]): UsedRight[] {
  const all = probes.flatMap(rightsOf);
  const key = (right: UsedRight): string => JSON.stringify(right);
  return all.filter((right, index) => all.findIndex((other) => key(other) === key(right)) === index);
}

function rightsOf(probe: Probe): UsedRight[] {
  if (probe.type === 'k8sProbe') return verbsOf(probe.inputs).map((verb) => rightOn(probe.inputs, verb));
  return probe.type === 'cmdProbe' && probe.inputs.source !== undefined ? POD_RIGHTS : [];
}

const pods = (verb: string, subresource?: string): UsedRight => ({
  group: '',
  resource: 'pods',
  verb,
  ...(subresource === undefined ? {} : { subresource }),
});

/** Both of exec: a WebSocket is a GET, and from Kubernetes 1.35 on has to be allowed to create as well. */
export const POD_RIGHTS: UsedRight[] = [
  pods('create'),
  pods('get'),
  pods('delete'),
  pods('get', 'exec'),
  pods('create', 'exec'),
];

function verbsOf({ operation, resourceNames }: KubernetesInputs): readonly string[] {
  const isNamed = resourceNames.trim() !== '';
  switch (operation) {
    case 'create':
      return ['create'];
    case 'delete':
      return isNamed ? ['delete'] : ['list', 'delete'];
    case 'present':
    case 'absent':
      return [isNamed ? 'get' : 'list'];
  }
}

const rightOn = ({ group, resource, namespace }: KubernetesInputs, verb: string): UsedRight => ({
  group,
  resource,
  verb,
  namespace,
});
