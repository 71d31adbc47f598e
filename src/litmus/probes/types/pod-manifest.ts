import { ENGINE_LABEL } from '../../resources.ts';
import type { CommandSource } from '../definition.ts';

/** Whose pod it is. */
export interface PodOwner {
  readonly experiment: string;
  readonly namespace: string;
  readonly engineUid: string;
  /** The experiment's own pod: the garbage collector takes the probe's pod along with it. */
  readonly pod?: { readonly name: string; readonly uid: string };
  readonly own: OwnSpec;
}

/** The experiment's own pod, as far as a probe's pod takes after it. */
export interface OwnSpec {
  readonly securityContext?: object;
  readonly serviceAccountName?: string;
  readonly volumes?: readonly { readonly name?: string }[];
  readonly containers?: readonly OwnContainer[];
}

interface OwnContainer {
  readonly name?: string;
  readonly env?: readonly unknown[];
  readonly envFrom?: readonly unknown[];
  readonly volumeMounts?: readonly { readonly name?: string }[];
  readonly securityContext?: object;
}

/** On the pods of probes, so that a later process of the run finds them. */
export const PROBE_LABEL = 'chaos.lambda-chaos-runner.io/probe';

/** litmus-go inherits of the volumes the credentials alone. */
const CREDENTIALS_VOLUME = 'cloud-secret';

/**
 * The pod in which the commands of a source probe run, as litmus-go makes it. It runs as the user and under the
 * restrictions of the experiment's own pod, so that the namespace admits it, and ends by itself after
 * `longestSeconds`, should nobody be left to delete it.
 */
export function podManifest(
  name: string,
  source: CommandSource,
  owner: PodOwner,
  longestSeconds: number,
): object {
  const { own } = owner;
  const labels = { ...theirLabels(source.pod.labels), ...ownLabels(name, owner.engineUid) };
  const metadata = { name, namespace: owner.namespace, labels };
  const credentials = source.inheritInputs ? cloudSecret(own.volumes) : [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      ...given({ annotations: source.pod.annotations, ownerReferences: ownerReferences(owner) }),
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: longestSeconds,
      hostNetwork: source.hostNetwork,
      volumes: [...credentials, ...asList(source.pod.volumes)],
      ...given({
        securityContext: source.privileged ? undefined : own.securityContext,
        serviceAccountName: own.serviceAccountName,
        nodeSelector: source.pod.nodeSelector,
        tolerations: source.pod.tolerations,
        imagePullSecrets: source.pod.imagePullSecrets,
      }),
      containers: [container(source, owner)],
    },
  };
}

function container(source: CommandSource, { own, experiment }: PodOwner): object {
  // chaos-runner names it after its Job, and a mesh may put its own before it.
  const isOurs = ({ name = '' }: OwnContainer): boolean =>
    name === experiment || name.startsWith(`${experiment}-`);
  const model = own.containers?.find(isOurs) ?? own.containers?.[0] ?? {};
  const inputs = source.inheritInputs ? model : {};
  const { command = ['/bin/sh'], args } = source.pod;
  return {
    name: containerName(experiment),
    image: source.image,
    command,
    args: args ?? (source.pod.command === undefined ? ['-c', 'sleep 10000'] : []),
    env: [...asList(inputs.env), ...asList(source.pod.env)],
    volumeMounts: [...cloudSecret(inputs.volumeMounts), ...asList(source.pod.volumeMount)],
    securityContext: source.privileged ? { privileged: true } : restrictionsOf(model),
    ...given({ imagePullPolicy: source.pod.imagePullPolicy, envFrom: inputs.envFrom }),
  };
}

/** Tools write where they like: the experiment's own read-only root file system is not theirs. */
const restrictionsOf = ({ securityContext }: OwnContainer): object =>
  given({ ...securityContext, readOnlyRootFilesystem: undefined });

const given = (entries: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

const cloudSecret = <T extends { readonly name?: string }>(list: readonly T[] | undefined): readonly T[] =>
  list?.filter(({ name }) => name === CREDENTIALS_VOLUME) ?? [];

export const containerName = (experiment: string): string => `${experiment}-probe`;

/** Safety: with the label of a Job chaos-runner would take the pod for the experiment's own. */
const theirLabels = (labels: unknown): object =>
  Object.fromEntries(
    Object.entries(asObject(labels)).filter(([key]) => !/(^|\/)(job-name|controller-uid)$/.test(key)),
  );

const ownLabels = (name: string, engineUid: string): Record<string, string> => ({
  name,
  'app.kubernetes.io/component': 'probe',
  [PROBE_LABEL]: 'true',
  ...(engineUid === '' ? {} : { [ENGINE_LABEL]: engineUid }),
});

const ownerReferences = ({ pod }: PodOwner): object[] | undefined =>
  pod === undefined ? undefined : [{ apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid }];
