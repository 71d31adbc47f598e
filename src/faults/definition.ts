import type { Clock } from '../runtime/clock.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Problem } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { Fault } from '../runtime/fault.ts';
import type { Schedule } from '../runtime/schedule.ts';

export interface FaultServices {
  readonly env: Environment;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Names the run in role sessions and user agents, e.g. `experiment` and a UID. */
  readonly experiment: string;
  readonly runUid: string;
}

/** A fault as the composition root knows it, before its environment has been read. */
export interface FaultDefinition {
  /** The ChaosExperiment's name. */
  readonly name: string;
  /** The kind under which its targets are journaled. */
  readonly targetKind: string;
  /** The variables that it reads beside the common ones, for the warning about typos. */
  readonly tunables: readonly string[];
  /** Reads the fault's part of the environment; no problems means that `open` works. */
  readonly read: (services: FaultServices) => {
    readonly problems: Problem[];
    readonly open?: (schedule: Schedule) => Promise<Fault>;
  };
  /** The fault as far as a revert needs it, from a journal's context alone, with today's credentials. */
  readonly reopen: (context: Readonly<Record<string, string>>, services: FaultServices) => Promise<Fault>;
}
