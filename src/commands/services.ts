import type { Clock } from '../runtime/clock.ts';
import { likelyTypos, type Environment } from '../runtime/environment.ts';
import { ChaosError, ConfigError } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { Settings } from '../runtime/experiment.ts';
import type { Fault } from '../runtime/fault.ts';
import type { JournalRecord } from '../runtime/journal.ts';
import { NO_PROBES } from '../runtime/probes.ts';
import { FAULTS } from '../faults/index.ts';
import type { FaultDefinition } from '../faults/definition.ts';
import { COMMON_TUNABLES, readSchedule } from '../litmus/environment.ts';
import type { ComposedProbes, ProbeWorld } from '../litmus/probes/compose.ts';
import { PROBE_TUNABLES } from '../litmus/probes/types/settings.ts';
import { graceWarning } from '../litmus/grace.ts';

export interface Services {
  readonly env: Environment;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly experiment: string;
  readonly runUid: string;
  /** The probes that the run declares, and what they need. */
  readonly probes?: { readonly list: readonly unknown[]; readonly world: ProbeWorld };
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
  warnOfTypos(definition, services);
  const { schedule, problems } = readSchedule(services.env);
  const fault = definition.read(services);
  const probes = await readDeclared(services);
  const all = [...fault.problems, ...problems, ...probes.problems];
  if (schedule === undefined || fault.open === undefined || all.length > 0) throw new ConfigError(all);
  const tooShort = graceWarning(services.env, schedule.revertTimeoutSeconds);
  if (tooShort !== undefined) services.emit({ type: 'warning', message: tooShort });
  return { schedule, fault: await fault.open(schedule), probes: probes.open(schedule) };
}

function warnOfTypos({ tunables }: FaultDefinition, { env, emit }: Services): void {
  const known = [...COMMON_TUNABLES, ...PROBE_TUNABLES, ...tunables];
  for (const { name, meant } of likelyTypos(env, known)) {
    // With the name of one probe at its end.
    if (PROBE_TUNABLES.some((tunable) => name.startsWith(`${tunable}_`))) continue;
    emit({
      type: 'warning',
      message: `${name} is not a tunable of this fault and is ignored; ${meant} was probably meant.`,
    });
  }
}

/** A run without probes loads nothing of them. */
async function readDeclared({ probes, ...parts }: Services): Promise<ComposedProbes> {
  if (probes === undefined || probes.list.length === 0) return { open: () => NO_PROBES, problems: [] };
  const { composeProbes } = await import('../litmus/probes/compose.ts');
  return composeProbes(probes.list, { ...parts, world: probes.world });
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
