import { randomBytes } from 'node:crypto';
import { buildEnvironment } from './environment.ts';
import type { ChaosEngine, ChaosExperiment, EngineComponents, Mount, RunnerEnvironment } from './objects.ts';

export interface JobParts {
  readonly engine: ChaosEngine;
  readonly experiment: ChaosExperiment;
  readonly components: EngineComponents;
  readonly runner: RunnerEnvironment;
}

/** The Secrets and ConfigMaps of the experiment, with the engine's own put over them by name or added. */
export function mountsOf({ experiment, components }: JobParts): { secrets: Mount[]; configMaps: Mount[] } {
  const { definition } = experiment.spec;
  const merge = (base: readonly Mount[] = [], over: readonly Mount[] = []): Mount[] => [
    ...new Map([...base, ...over].map((mount) => [mount.name, mount])).values(),
  ];
  return {
    secrets: merge(definition.secrets, components.secrets),
    configMaps: merge(definition.configMaps, components.configMaps),
  };
}

const MODE = 0o644;

export interface JobObject {
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly spec: object;
}

/** `<experiment>-<6 random>`, and nothing set that chaos-runner does not set. */
export function buildJob(parts: JobParts): JobObject {
  const { engine, experiment, components, runner } = parts;
  const { definition } = experiment.spec;
  const name = `${experiment.metadata.name}-${randomBytes(3).toString('hex')}`;
  const labels = { ...definition.labels, chaosUID: engine.metadata.uid, ...engine.metadata.labels };
  const annotations = components.experimentAnnotations ?? {};
  const grace = engine.spec.terminationGracePeriodSeconds ?? 0;
  const pod = {
    restartPolicy: 'Never',
    serviceAccountName: runner.serviceAccount,
    ...(grace === 0 ? {} : { terminationGracePeriodSeconds: grace }),
    ...optional('securityContext', definition.securityContext?.podSecurityContext),
    ...optional('imagePullSecrets', components.experimentImagePullSecrets),
    ...optional('nodeSelector', components.nodeSelector),
    ...optional('tolerations', components.tolerations),
    volumes: volumesOf(parts),
    containers: [containerOf(name, parts)],
  };
  return {
    metadata: { name, namespace: runner.namespace, labels, annotations },
    spec: { template: { metadata: { labels, annotations }, spec: pod } },
  };
}

function volumesOf(parts: JobParts): object[] {
  const { secrets, configMaps } = mountsOf(parts);
  return [
    ...configMaps.map(({ name }) => ({ name, configMap: { name, defaultMode: MODE } })),
    ...secrets.map(({ name }) => ({ name, secret: { secretName: name, defaultMode: MODE } })),
  ];
}

function containerOf(name: string, parts: JobParts): object {
  const { definition } = parts.experiment.spec;
  const { secrets, configMaps } = mountsOf(parts);
  return {
    name,
    image: parts.components.experimentImage ?? definition.image,
    imagePullPolicy: definition.imagePullPolicy ?? 'Always',
    command: definition.command,
    args: definition.args,
    env: buildEnvironment(parts),
    ...optional('resources', parts.components.resources),
    volumeMounts: [...configMaps, ...secrets],
    ...optional('securityContext', definition.securityContext?.containerSecurityContext),
  };
}

const optional = (key: string, value: object | undefined): object =>
  value === undefined ? {} : { [key]: value };
