import type { ChaosEngine, ChaosExperiment, EngineComponents, EnvVar, RunnerEnvironment } from './objects.ts';

interface Parts {
  readonly engine: ChaosEngine;
  readonly experiment: ChaosExperiment;
  readonly components: EngineComponents;
  readonly runner: RunnerEnvironment;
}

/** Without statusCheckTimeouts chaos-runner passes these, whatever an experiment's own defaults are. */
const STATUS_CHECK = { delay: 2, timeout: 180 };

export const statusCheckTimeout = ({ statusCheckTimeouts }: EngineComponents): number =>
  statusCheckTimeouts?.timeout ?? STATUS_CHECK.timeout;

/** The environment of the experiment's container; later sources win, and the order of the list is none. */
export function buildEnvironment({ engine, experiment, components, runner }: Parts): EnvVar[] {
  const { definition } = experiment.spec;
  const { spec } = engine;
  const injected: EnvVar[] = [
    { name: 'CHAOSENGINE', value: runner.engine },
    { name: 'CHAOS_NAMESPACE', value: runner.namespace },
    { name: 'CHAOS_UID', value: engine.metadata.uid },
    { name: 'EXPERIMENT_NAME', value: experiment.metadata.name },
    { name: 'CHAOS_SERVICE_ACCOUNT', value: runner.serviceAccount },
    ...present('TARGETS', runner.targets),
    ...present('AUXILIARY_APPINFO', runner.auxiliaryAppInfo),
    { name: 'LIB_IMAGE_PULL_POLICY', value: definition.imagePullPolicy ?? 'Always' },
    { name: 'TERMINATION_GRACE_PERIOD_SECONDS', value: String(spec.terminationGracePeriodSeconds ?? 0) },
    { name: 'DEFAULT_HEALTH_CHECK', value: String(spec.defaultHealthCheck ?? false) },
  ];
  const last: EnvVar[] = [
    {
      name: 'STATUS_CHECK_DELAY',
      value: String(components.statusCheckTimeouts?.delay ?? STATUS_CHECK.delay),
    },
    { name: 'STATUS_CHECK_TIMEOUT', value: String(statusCheckTimeout(components)) },
    { name: 'JOB_CLEANUP_POLICY', value: spec.jobCleanUpPolicy ?? '' },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ];
  const all = [...injected, ...(definition.env ?? []), ...(components.env ?? []), ...last];
  return [...new Map(all.map((variable) => [variable.name, variable])).values()];
}

const present = (name: string, value: string): EnvVar[] => (value === '' ? [] : [{ name, value }]);

/** The instance that the ChaosResult is looked for under: the engine's own literal alone, as chaos-runner has it. */
export const instanceOf = ({ env }: EngineComponents): string =>
  env?.find(({ name }) => name === 'INSTANCE_ID')?.value ?? '';
