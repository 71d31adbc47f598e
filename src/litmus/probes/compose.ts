import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { Problem } from '../../runtime/errors.ts';
import type { Emit } from '../../runtime/events.ts';
import { NO_PROBES, type Probes } from '../../runtime/probes.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { ProbeVerdict } from '../../runtime/verdict.ts';
import { ProbeCourse } from './course.ts';
import type { Probe } from './definition.ts';
import { readProbes } from './read.ts';
import { Attempts } from './types/attempts.ts';
import { flawOfInline } from './types/command.ts';
import { PROBE_TUNABLES, suffixOf } from './types/settings.ts';
import type { PodOwner } from './types/pod-manifest.ts';

/** A pod that nobody has deleted ends by itself; no run is longer than this. */
const LONGEST_POD_SECONDS = 604_800;

/** What probes need of the world they run in. */
export interface ProbeWorld {
  /** A client for the cluster. @throws Error where there is none. */
  readonly cluster: () => Promise<KubeClient>;
  /** Whose the pods of probes are. @throws Error where there is no cluster. */
  readonly owner: () => Promise<PodOwner>;
  /** Told of each change of a verdict. */
  readonly show: (verdicts: readonly ProbeVerdict[]) => void;
  /** Sets the engine to stop, where there is one. Bounded; never throws. */
  readonly stopEngine: (why: string) => Promise<void>;
}

export interface ComposeDeps {
  readonly env: Environment;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly world: ProbeWorld;
}

/** The probes of a list, ready once all of them can be used. */
export interface ComposedProbes {
  readonly open: (schedule: Schedule) => Probes;
  readonly problems: readonly Problem[];
}

/** The probes of a list, and whatever keeps them from being used: all of it at once. */
export function composeProbes(list: readonly unknown[], deps: ComposeDeps): ComposedProbes {
  const { probes, problems } = readProbes(list);
  const open = (schedule: Schedule): Probes => {
    if (probes.length === 0) return NO_PROBES;
    const { world, ...parts } = deps;
    const attempts = new Attempts({ ...parts, ...world, longestSeconds: LONGEST_POD_SECONDS });
    return new ProbeCourse({
      ...parts,
      ...world,
      probes,
      longestMs: schedule.statusTimeoutSeconds * 1000,
      prepare: (probe, signal) => attempts.prepare(probe, signal),
      attempt: attempts.attempt,
      release: (probe) => attempts.release(probe),
      cleanUp: () => attempts.close(),
    });
  };
  return { open, problems: [...problems, ...inlineProblems(probes), ...sharedSettings(probes, deps.env)] };
}

/** Told before anything is touched: the run would end in the middle of the chaos otherwise. */
function inlineProblems(probes: readonly Probe[]): Problem[] {
  const flaw = flawOfInline();
  if (flaw === undefined) return [];
  return probes.flatMap((probe) =>
    probe.type === 'cmdProbe' && probe.inputs.source === undefined
      ? [{ subject: `probe ${probe.name}`, message: `cmdProbe/inputs.command ${flaw}` }]
      : [],
  );
}

/** Two httpProbes whose names differ in what a variable's name can't hold would get each other's headers. */
function sharedSettings(probes: readonly Probe[], env: Environment): Problem[] {
  const http = probes.filter(({ type }) => type === 'httpProbe');
  return http.flatMap(({ name }) => {
    const suffix = suffixOf(name);
    const isSet = PROBE_TUNABLES.some((tunable) => (env[`${tunable}_${suffix}`] ?? '').trim() !== '');
    const others = http.filter((other) => other.name !== name && suffixOf(other.name) === suffix);
    if (!isSet || others.length === 0) return [];
    const message = `has the variables that end with _${suffix} together with ${others.map((other) => other.name).join(', ')}; wanted are names that differ in letters and digits`;
    return [{ subject: `probe ${name}`, message }];
  });
}
