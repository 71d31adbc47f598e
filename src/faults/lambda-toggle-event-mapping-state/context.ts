import type { CallerInspector, MappingGateway, MappingInfo } from '../../aws/gateway.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Emit } from '../../runtime/events.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { ToggleConfig } from './config.ts';
import { parseFunctionRef } from './function-name.ts';
import { MappingReader } from './reader.ts';

export interface ToggleDeps {
  readonly gateway: MappingGateway & CallerInspector;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly region: string;
  readonly schedule: Schedule;
}

/** What this process has sent to one mapping. */
export interface SentWrite {
  /** Settles, and never rejects, when the answer to the last disable is known. */
  readonly answered: Promise<void>;
  /** The disable may still arrive although its answer was never seen, until this monotonic time. */
  lateUntilMs: number;
  /** An accepted disable may not be visible yet before this monotonic time. */
  unseenUntilMs?: number;
  /** `LastModified` in the answer to the disable: a later one is somebody else's. */
  modifiedMs?: number;
}

/** What all steps of the fault share: the ways out and what is known of each mapping. */
export interface ToggleContext extends ToggleDeps {
  readonly config: ToggleConfig;
  readonly reader: MappingReader;
  /** Each mapping as last seen and wanted: Enabled before a disable, Disabled after its confirmation. */
  readonly baseline: Map<string, MappingInfo>;
  /** Mappings that this process has tried to disable and not brought back yet. */
  readonly sent: Map<string, SentWrite>;
}

export function createContext(config: ToggleConfig, deps: ToggleDeps): ToggleContext {
  const reader = new MappingReader(deps.gateway, deps.clock);
  // A journal names the function by its ARN, so a revert knows the account from the start.
  reader.expectAccount(parseFunctionRef(config.functionName)?.account);
  return { ...deps, config, reader, baseline: new Map(), sent: new Map() };
}

/** Pauses between two looks: quick at first, then up to the configured delay. */
export function pauseMs(look: number, context: Pick<ToggleContext, 'schedule'>): number {
  const longest = context.schedule.statusDelaySeconds * 1000;
  return Math.min(longest, 200 * 1.6 ** Math.min(look, 20));
}
