import type { Clock } from '../runtime/clock.ts';
import { likelyTypos, type Environment } from '../runtime/environment.ts';
import { ChaosError, ConfigError } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { Settings } from '../runtime/experiment.ts';
import type { Fault } from '../runtime/fault.ts';
import type { JournalRecord } from '../runtime/journal.ts';
import { FAULTS } from '../faults/index.ts';
import type { FaultDefinition } from '../faults/definition.ts';
import { COMMON_TUNABLES, readSchedule } from '../litmus/environment.ts';
import { graceWarning } from '../litmus/grace.ts';

export interface Services {
  readonly env: Environment;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly experiment: string;
  readonly runUid: string;
}

/** The fault called `name`. @throws ConfigError that lists the faults there are. */
export function faultNamed(name: string): FaultDefinition {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found !== undefined) return found;
  const known = FAULTS.map((fault) => fault.name).join(', ');
  throw new ConfigError([
    { subject: 'EXPERIMENT_NAME', message: `got ${JSON.stringify(name)}; wanted is one of ${known}` },
  ]);
}

/** The kind under which a fault's targets are journaled; the first fault's where the name is unknown. */
export const targetKindOf = (name: string): string =>
  FAULTS.find((fault) => fault.name === name)?.targetKind ?? FAULTS[0]?.targetKind ?? '';

/** Reads the whole environment. @throws ConfigError with every problem at once. */
export async function configure(services: Services): Promise<Settings> {
  const definition = faultNamed(services.experiment);
  for (const { name, meant } of likelyTypos(services.env, [...COMMON_TUNABLES, ...definition.tunables])) {
    services.emit({
      type: 'warning',
      message: `${name} is not a tunable of this fault and is ignored; ${meant} was probably meant.`,
    });
  }
  const { schedule, problems } = readSchedule(services.env);
  const fault = definition.read(services);
  const all = [...fault.problems, ...problems];
  if (schedule === undefined || fault.open === undefined || all.length > 0) throw new ConfigError(all);
  const tooShort = graceWarning(services.env, schedule.revertTimeoutSeconds);
  if (tooShort !== undefined) services.emit({ type: 'warning', message: tooShort });
  return { schedule, fault: await fault.open(schedule) };
}

const DEFAULT_REVERT_TIMEOUT_MS = 600_000;

/** REVERT_TIMEOUT of this environment; the default where the environment can't be used, for a takeover has to go on. */
export function revertTimeoutMs(env: Environment): number {
  const seconds = readSchedule(env).schedule?.revertTimeoutSeconds;
  return seconds === undefined ? DEFAULT_REVERT_TIMEOUT_MS : seconds * 1000;
}

/** The fault of an earlier run, from its journal alone. */
export function reopen(record: JournalRecord, services: Services): Promise<Fault> {
  const definition = FAULTS.find((fault) => fault.name === record.run.experiment);
  if (definition !== undefined) return definition.reopen(record.context, services);
  throw new ChaosError(`The journal belongs to ${record.run.experiment}, which this version does not know`, {
    code: 'CHAOS_REVERT_ERROR',
    phase: 'PreChaos',
  });
}
