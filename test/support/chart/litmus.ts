import type { ChaosEngine, ChaosExperiment } from '../chaos-runner/objects.ts';
import { buildJob } from '../chaos-runner/job.ts';
import {
  only,
  type Container,
  type KubeObject,
  type Labels,
  type PodSpec,
  type PodTemplate,
  type Rule,
} from './objects.ts';

/** A pod by itself: admission looks at pods, and only warns about what makes them. */
export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: { readonly name: string; readonly labels?: object; readonly annotations?: object };
  readonly spec: object;
}

/** The pod of the Job that chaos-runner would build for `engine`. */
export function experimentPod(experiment: KubeObject, engine: KubeObject): Pod {
  const { spec } = engine as unknown as ChaosEngine;
  const metadata = { ...engine.metadata, uid: '00000000-0000-4000-8000-000000000000' };
  const job = buildJob({
    engine: { metadata, spec },
    experiment: experiment as unknown as ChaosExperiment,
    components: spec.experiments[0]?.spec?.components ?? {},
    runner: {
      engine: engine.metadata.name,
      namespace: engine.metadata.namespace ?? '',
      serviceAccount: (spec as unknown as { chaosServiceAccount: string }).chaosServiceAccount,
      targets: '',
      auxiliaryAppInfo: '',
    },
  });
  const { template } = job.spec as { template: PodTemplate };
  return podOf(job.metadata.name, template);
}

export const podOf = (name: string, { metadata, spec }: PodTemplate): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...metadata, name },
  spec,
});

/** The pod that chaos-operator makes for chaos-runner, with the security contexts of the ChaosExperiment. */
export function runnerPod(experiment: KubeObject, engine: KubeObject): Pod {
  const { definition } = experiment.spec as {
    definition: {
      securityContext: { podSecurityContext: object; containerSecurityContext: object };
    };
  };
  const { chaosServiceAccount } = engine.spec as { chaosServiceAccount: string };
  const { podSecurityContext, containerSecurityContext } = definition.securityContext;
  const labels = {
    app: engine.metadata.name,
    'app.kubernetes.io/component': 'chaos-runner',
    'app.kubernetes.io/part-of': 'litmus',
  };
  const container = {
    name: 'chaos-runner',
    image: 'none.invalid/chaos-runner',
    securityContext: containerSecurityContext,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${engine.metadata.name}-runner`, labels },
    spec: {
      restartPolicy: 'OnFailure',
      serviceAccountName: chaosServiceAccount,
      securityContext: podSecurityContext,
      containers: [container],
    },
  };
}

/** The pod of a CronJob's next Job. */
export function cronJobPod(cronJob: KubeObject): Pod {
  const { jobTemplate } = cronJob.spec as { jobTemplate: { spec: { template: PodTemplate } } };
  return podOf(cronJob.metadata.name, jobTemplate.spec.template);
}

export const jobPod = (job: KubeObject): Pod =>
  podOf('revert', (job.spec as { template: PodTemplate }).template);

/** What a kind of ours runs: the spec of the pod that comes of it. */
export function podSpecOf(object: KubeObject): PodSpec {
  if (object.kind === 'Pod') return object.spec as PodSpec;
  return (object.kind === 'CronJob' ? cronJobPod(object) : jobPod(object)).spec as PodSpec;
}

/** The definition in a ChaosExperiment. */
export interface Definition extends Container {
  readonly labels: Labels;
  readonly imagePullPolicy: string;
  readonly scope: string;
  readonly permissions: readonly Rule[];
  readonly secrets?: readonly object[];
}

/** That of the one ChaosExperiment among `objects`. */
export const definitionOf = (objects: readonly KubeObject[]): Definition =>
  (only(objects, 'ChaosExperiment').spec as { definition: Definition }).definition;

/** The literal value of a variable. */
export const valueOf = ({ env }: Pick<Container, 'env'>, name: string): string | undefined =>
  env.find((variable) => variable.name === name)?.value;
