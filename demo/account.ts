import type { Ending } from './ending.ts';
import type { MappingView } from './lambda/view.ts';
import type { Sample } from './picture.ts';
import { TARGETS } from './world.ts';

/** What one mapping went through, by Lambda's own record. Milliseconds; undefined where it never happened. */
export interface Account {
  readonly name: string;
  /** From the disable request to `Disabled`. */
  readonly toDisabledMs: number | undefined;
  /** From `Disabled` to the enable request. */
  readonly heldMs: number | undefined;
  /** From the enable request to `Enabled`. */
  readonly toEnabledMs: number | undefined;
  readonly enabledAtMs: number | undefined;
  readonly peak: number;
  /** From `Enabled` to an empty backlog. */
  readonly drainMs: number | undefined;
}

/** What is on its way between source and poller at any time is no backlog. */
export const isDrained = (backlog: number): boolean => backlog <= 2;

export function targetsOf(mappings: readonly MappingView[]): readonly MappingView[] {
  return mappings.filter(({ uuid }) => TARGETS.includes(uuid));
}

export const nameOf = ({ source }: Pick<MappingView, 'source'>): string => `${source.type} ${source.name}`;

export function accountsOf(ending: Ending): Account[] {
  return targetsOf(ending.final.mappings).map((mapping) => {
    const sight = ending.sights.find(({ uuid }) => uuid === mapping.uuid);
    const at = transitionTimes(mapping);
    return {
      name: nameOf(mapping),
      toDisabledMs: between(at.Disabling, at.Disabled),
      heldMs: between(at.Disabled, at.Enabling),
      toEnabledMs: between(at.Enabling, at.Enabled),
      enabledAtMs: at.Enabled,
      peak: sight?.peak ?? 0,
      drainMs: between(at.Enabled, drainedAt(sight?.samples ?? [], at.Enabled)),
    };
  });
}

/** When each state was entered first, after the start. */
function transitionTimes({ transitions }: MappingView): Partial<Record<string, number>> {
  const changes = transitions.filter(({ by }) => by !== 'start');
  return Object.fromEntries(changes.toReversed().map(({ state, at }) => [state, at]));
}

function drainedAt(samples: readonly Sample[], enabledAtMs = Infinity): number | undefined {
  return samples.find(({ atMs, backlog }) => atMs >= enabledAtMs && isDrained(backlog))?.atMs;
}

const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : to - from;
