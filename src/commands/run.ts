import { messageOf } from '../runtime/errors.ts';
import { runExperiment } from '../runtime/experiment.ts';
import { momentAfter, whileActive } from '../runtime/abort.ts';
import type { RunResult } from '../runtime/outcome.ts';
import { readIdentity } from '../litmus/identity.ts';
import { logSink, stdoutTarget } from '../telemetry/log.ts';
import { safely } from '../telemetry/safely.ts';
import { VERSION } from '../version.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { logLevel, type Io } from './io.ts';
import { refuseTwoLists } from './probe-file.ts';
import { configure, reopen, revertTimeoutMs, type Services } from './services.ts';
import { clusterWorld, fileWorld, type RunFiles, type World } from './world.ts';

/** Runs the experiment that the environment describes and records its verdict. @returns the exit code. */
export async function runCommand(io: Io, files: RunFiles): Promise<number> {
  const litmus = readIdentity(io.env);
  refuseTwoLists(litmus, files.probes);
  const log = logSink(stdoutTarget(io.stdout, logLevel(io.env)));
  let world: World | undefined;
  const emit = safely((event) => {
    log(event);
    world?.handle(event);
  });
  io.abort.attach(emit);
  try {
    world =
      litmus.engine === ''
        ? fileWorld(litmus, files, io.clock, emit)
        : await clusterWorld(litmus, io.clock, emit);
    const result = await runIn(world, {
      ...io,
      emit,
      experiment: litmus.experiment,
      runUid: litmus.engineUid,
    });
    if (result.kind !== 'verdict') emit({ type: 'note', message: result.why });
    return exitCodeOf(result, litmus.engine !== '');
  } catch (error) {
    emit({
      type: 'error',
      message: `No verdict could be recorded, and this process touched nothing (an earlier one that was cut off may have): ${messageOf(error)}`,
      error,
    });
    return EXIT.unrecorded;
  } finally {
    await world?.close();
  }
}

async function runIn(world: World, services: Services & Io): Promise<RunResult> {
  const { clock, emit, abort } = services;
  const identity = await whileActive(world.identity(), momentAfter(abort.signal, clock));
  emit({ type: 'started', run: identity, version: VERSION });
  return runExperiment({
    identity,
    configure: () => configure({ ...services, probes: { list: world.probes(), world: world.probeWorld } }),
    reopen: (record) => reopen(record, services),
    store: world.store,
    surroundings: world.surroundings,
    clock,
    emit,
    signal: abort.signal,
    revertTimeoutMs: revertTimeoutMs(services.env),
  });
}
