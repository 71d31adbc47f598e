import { Deadline } from '../runtime/deadline.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { Plan } from '../runtime/fault.ts';
import { planHolds, type Schedule } from '../runtime/schedule.ts';
import { readIdentity } from '../litmus/identity.ts';
import { rightsOfProbes } from '../litmus/probes/rights.ts';
import { readProbes, type NamedProbe } from '../litmus/probes/read.ts';
import { hasCluster, viewCluster, type ClusterView } from './cluster-view.ts';
import { EXIT } from './exit-code.ts';
import type { Io } from './io.ts';
import { configure } from './services.ts';
import { probesToPlan } from './plan-probes.ts';
import { refuseTwoLists } from './probe-file.ts';
import { columns } from './table.ts';

/** The failed attempt in a row, after about a second, from which on somebody who watches wants to know. */
const TELL_AT = 3;

/** Everything up to the first write, printed for a person. @returns 0 when a run would start, 2 otherwise. */
export async function planCommand(io: Io, probesPath?: string): Promise<number> {
  const litmus = readIdentity(io.env);
  const print = (text: string): void => void io.stdout.write(`${text}\n`);
  const emit: Emit = (event) => {
    if (event.type === 'warning' || event.type === 'note') print(`! ${event.message}`);
    // A plan that waits has to say what for: an unreachable endpoint is tried for minutes.
    if (event.type === 'retry' && event.attempt === TELL_AT)
      print(`! ${event.what} failed ${event.attempt} times and is tried on: ${event.error}`);
  };
  try {
    refuseTwoLists(litmus, probesPath);
    const probes = await probesToPlan({ ...io, emit }, litmus, probesPath);
    const services = { ...io, emit, experiment: litmus.experiment, runUid: litmus.engineUid, probes };
    const { schedule, fault } = await configure(services);
    const deadline = new Deadline(io.clock, schedule.statusTimeoutSeconds * 1000);
    const found = await fault.discover({ signal: io.abort.signal, deadline });
    const ids = found.targets.map((target) => target.id);
    const declared = readProbes(probes.list);
    const toView = { targets: ids, rights: rightsOfProbes(declared.probes) };
    const view = hasCluster(io, litmus) ? await viewCluster({ ...io, emit }, litmus, toView) : NO_CLUSTER;
    const plan = { ...found, problems: [...found.problems, ...view.problems] };
    print(describe(plan, schedule, { ...view, probes: declared.named }));
    return plan.problems.length === 0 ? EXIT.ok : EXIT.error;
  } catch (error) {
    print(messageOf(error));
    return EXIT.error;
  }
}

const NO_CLUSTER: ClusterView = { rights: [], problems: [] };

interface Seen extends ClusterView {
  readonly probes: readonly NamedProbe[];
}

function describe(plan: Plan, schedule: Schedule, { rights, probes }: Seen): string {
  const calls = plan.calls.map(({ call, permission, times }) => ({
    call,
    times,
    'permission needed': permission,
  }));
  const sections = [
    `Caller: ${plan.identity}`,
    `Event source mappings:\n${columns(plan.table)}`,
    `Schedule: ${scheduleText(schedule)}`,
    `Calls:\n${columns(calls)}`,
    probes.length === 0
      ? ''
      : `Probes:\n${columns(probes.map(({ name, type, mode }) => ({ name, type, mode })))}`,
    rights.length === 0 ? '' : `Kubernetes rights of this account:\n${columns(rights)}`,
    list('Warnings', plan.warnings),
    list('Undo by hand, should everything die', Object.values(plan.undo)),
    list(
      'A run would refuse to start',
      plan.problems.map(({ subject, message }) => `${subject}: ${message}`),
    ),
    plan.problems.length === 0 ? 'Nothing was changed. A run would start.' : 'Nothing was changed.',
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function scheduleText(schedule: Schedule): string {
  const holds = planHolds(schedule).map((seconds) => `${seconds} s`);
  const ramp = schedule.rampSeconds === 0 ? '' : `, ramp ${schedule.rampSeconds} s before and after`;
  const settle = schedule.settleSeconds === 0 ? '' : `, settle ${schedule.settleSeconds} s after Disabled`;
  return `${schedule.sequence}, ${holds.length} cycle(s) of ${holds.join(' + ')} Disabled${settle}${ramp}`;
}

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `${title}:\n${items.map((item) => `  ${item}`).join('\n')}`;
