import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import { openTargets, type JournalRecord } from '../runtime/journal.ts';
import { takeOver } from '../runtime/takeover.ts';
import { readIdentity } from '../litmus/identity.ts';
import { safely } from '../telemetry/safely.ts';
import { logSink, stdoutTarget } from '../telemetry/log.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { logLevel, type Io } from './io.ts';
import { reopen, revertTimeoutMs } from './services.ts';
import { ALONE, fileWorld, outsideWorld, type World } from './world.ts';

export interface RevertArguments {
  readonly journalPath: string;
  /** Every abandoned run of the namespace, instead of one. */
  readonly overdue: boolean;
  /** Which run: the names that make up the ChaosResult's name. Empty engine: the journal file. */
  readonly engine: string | undefined;
  readonly namespace: string | undefined;
  readonly experiment: string | undefined;
  readonly instance: string | undefined;
}

/** Finishes what an earlier run left, or all that were abandoned. @returns 0 when everything is back. */
export async function revertCommand(io: Io, args: RevertArguments): Promise<number> {
  const log = logSink(stdoutTarget(io.stdout, logLevel(io.env)));
  const emit = safely(log);
  io.abort.attach(emit);
  const env = environmentOf(io.env, args);
  let world: World | undefined;
  try {
    const litmus = readIdentity(env);
    if (args.overdue)
      return await (await import('./sweep.ts')).sweepNamespace({ ...io, emit }, litmus.namespace);
    world =
      litmus.engine === ''
        ? fileWorld(litmus, { journal: args.journalPath }, io.clock, emit)
        : await outsideWorld(litmus, io.clock, emit);
    return await revertIn(world, { ...io, env, emit });
  } catch (error) {
    emit({ type: 'error', message: `The revert could not begin: ${messageOf(error)}`, error });
    return EXIT.leftOff;
  } finally {
    await world?.close();
  }
}

async function revertIn(world: World, io: Io & { readonly emit: Emit }): Promise<number> {
  const stored = await world.store.load();
  if (stored.kind === 'unreadable') throw new Error(`the journal can't be read: ${stored.why}`);
  // A mistyped name must not read as "all is well".
  if (stored.kind === 'none') throw new Error(`there is no journal in ${world.where}; check the names`);
  if (openTargets(stored.record).length === 0) {
    const message = `Nothing to revert: the journal in ${world.where} names no target that may be off.`;
    io.emit({ type: 'note', message });
    return EXIT.ok;
  }
  const { record } = stored;
  const { experiment, engineUid } = record.run;
  const services = { env: io.env, clock: io.clock, emit: io.emit, experiment, runUid: engineUid };
  const result = await takeOver(record, {
    identity: { ...(await world.identity()), jobId: record.run.jobId },
    configure: () => Promise.reject(new Error('a revert never injects')),
    reopen: (open: JournalRecord) => reopen(open, services),
    store: world.store,
    // Whoever asks for a revert by hand does not want to wait for the pod that failed to do it.
    surroundings: ALONE,
    clock: io.clock,
    emit: io.emit,
    signal: io.abort.signal,
    revertTimeoutMs: revertTimeoutMs(io.env),
  });
  return exitCodeOf(result, true);
}

function environmentOf(env: Io['env'], args: RevertArguments): Io['env'] {
  const given = {
    CHAOSENGINE: args.engine,
    CHAOS_NAMESPACE: args.namespace,
    EXPERIMENT_NAME: args.experiment,
    INSTANCE_ID: args.instance,
  };
  return { ...env, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
