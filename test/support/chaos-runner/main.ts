import { Api, batch, core, litmus } from '../cluster/api.ts';
import { instanceOf, statusCheckTimeout } from './environment.ts';
import { EngineStatus } from './engine-status.ts';
import { tell, type RunnerEvent } from './events.ts';
import { buildJob, mountsOf, type JobParts } from './job.ts';
import type { ChaosEngine, ChaosExperiment, RunnerEnvironment } from './objects.ts';
import { watchJob } from './watch.ts';

/**
 * Does for a ChaosEngine what Litmus' chaos-runner does (pkg/utils), so that the chain from the unmodified operator
 * to the verdict can be tested where that image is not to be had. Always exits 0, as chaos-runner does.
 */

interface Run {
  readonly api: Api;
  readonly runner: RunnerEnvironment;
  readonly engine: ChaosEngine;
  readonly status: EngineStatus;
  readonly name: string;
  readonly tell: (event: RunnerEvent) => Promise<void>;
}

const read = (name: string): string => process.env[name] ?? '';

async function main(): Promise<void> {
  const runner: RunnerEnvironment = {
    engine: read('CHAOSENGINE'),
    namespace: read('CHAOS_NAMESPACE'),
    serviceAccount: read('CHAOS_SVC_ACC'),
    targets: read('TARGETS'),
    auxiliaryAppInfo: read('AUXILIARY_APPINFO'),
  };
  const api = new Api();
  for (const name of read('EXPERIMENT_LIST').split(',')) {
    const status = new EngineStatus(api, { namespace: runner.namespace, name: runner.engine }, name);
    const engine = await status.engine();
    const about = {
      namespace: runner.namespace,
      engine: runner.engine,
      engineUid: engine.metadata.uid,
      experiment: name,
    };
    await status.show({});
    await runExperiment({ api, runner, engine, status, name, tell: (event) => tell(api, about, event) });
  }
  api.close();
}

async function runExperiment(run: Run): Promise<void> {
  const { api, runner, engine, status, name } = run;
  const experiment = await api.find<ChaosExperiment>(litmus(runner.namespace, 'chaosexperiments', name));
  if (experiment === undefined) {
    await run.tell({ reason: 'ExperimentNotFound', type: 'Warning', message: `${name} is not there` });
    await status.show({ status: 'ChaosExperiment Not Found', verdict: 'Fail' });
    return;
  }
  const components = engine.spec.experiments.find((entry) => entry.name === name)?.spec?.components ?? {};
  const parts: JobParts = { engine, experiment, components, runner };
  const missing = await firstMissing(run, parts);
  const check = 'ExperimentDependencyCheck';
  if (missing !== undefined) {
    await run.tell({ reason: check, type: 'Warning', message: `Unable to find ${missing}` });
    await status.show({ status: 'Skipped', verdict: 'Fail' });
    return;
  }
  await run.tell({ reason: check, type: 'Normal', message: `Experiment resources validated for ${name}` });
  const job = buildJob(parts);
  await api.call('POST', batch(runner.namespace, 'jobs'), job);
  await run.tell({
    reason: 'ExperimentJobCreate',
    type: 'Normal',
    message: `Job ${job.metadata.name} is there`,
  });
  await follow(run, parts, job.metadata.name);
}

/** The first Secret or ConfigMap that is mounted and does not exist: there is no Job then. */
async function firstMissing({ api, runner }: Run, parts: JobParts): Promise<string | undefined> {
  const { secrets, configMaps } = mountsOf(parts);
  for (const [plural, mounts] of [
    ['secrets', secrets],
    ['configmaps', configMaps],
  ] as const) {
    for (const { name } of mounts)
      if ((await api.find(core(runner.namespace, plural, name))) === undefined) return `${plural} ${name}`;
  }
  return undefined;
}

async function follow(run: Run, parts: JobParts, job: string): Promise<void> {
  const { api, runner, status, name } = run;
  const timeoutSeconds = statusCheckTimeout(parts.components);
  const show = (pod: string): Promise<void> =>
    status.show({ experimentPod: pod, status: 'Running', verdict: 'Awaited' });
  try {
    const watched = { namespace: runner.namespace, name: job, timeoutSeconds };
    const pod = await watchJob(api, watched, show);
    await conclude(run, parts, pod);
  } catch (error) {
    const message = `The job of ${name} could not be watched: ${String(error)}`;
    await run.tell({ reason: 'ChaosContainerWatchNotPermitted', type: 'Warning', message });
    await status.show({ status: 'Skipped', verdict: 'Fail' });
    return;
  }
  if (parts.engine.spec.jobCleanUpPolicy === 'delete')
    await api.call('DELETE', batch(runner.namespace, 'jobs', job), { propagationPolicy: 'Foreground' });
  await run.tell({ reason: 'ExperimentJobCleanUp', type: 'Normal', message: `Job ${job} is dealt with` });
}

async function conclude({ api, runner, status, name }: Run, parts: JobParts, pod: string): Promise<void> {
  const instance = instanceOf(parts.components);
  const result = [runner.engine, name, instance].filter((part) => part !== '').join('-');
  const found = await api.find<{ status: { experimentStatus: { verdict: string } } }>(
    litmus(runner.namespace, 'chaosresults', result),
  );
  // As chaos-runner: without a result the engine shows Awaited for ever.
  if (found === undefined) process.stderr.write(`ChaosResult ${result} is not there\n`);
  else
    await status.show({
      experimentPod: pod,
      status: 'Completed',
      verdict: found.status.experimentStatus.verdict,
    });
}

// A Go program ends at SIGTERM, the first process of a container too; Node as the first one would ignore it, and the
// operator, which waits for every pod of the engine, with it.
process.on('SIGTERM', () => process.exit(2));

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
});
