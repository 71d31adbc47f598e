import type { KubeObject } from '../../kube/objects.ts';
import type { Problem } from '../../runtime/errors.ts';
import { field, listField, textField } from '../resources.ts';
import { PROBE_MODES, PROBE_TYPES, type Probe, type ProbeMode, type RunProperties } from './definition.ts';
import { Fields } from './fields.ts';
import { readCommand, readHttp, readKubernetes, readPrometheus } from './inputs.ts';
import { referencesIn } from './template.ts';
import { templatesOf } from './templates.ts';

/** What a list of probes holds: enough of each to show it in a ChaosResult, and the probes once all can be used. */
export interface ReadProbes {
  readonly named: readonly NamedProbe[];
  readonly probes: readonly Probe[];
  readonly problems: readonly Problem[];
}

/** A probe as it is listed, whether or not it can be used. */
export interface NamedProbe {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
}

/** Reads `spec.experiments[].spec.probe[]` of a ChaosEngine, or the same list of a file. Every problem at once. */
export function readProbes(list: readonly unknown[]): ReadProbes {
  const problems: Problem[] = [];
  const named: NamedProbe[] = [];
  const probes = list.flatMap((entry, index) => {
    const quiet = Fields.of(entry, '', []);
    const name = quiet.text('name');
    named.push({ name, type: quiet.text('type'), mode: quiet.text('mode') });
    const probe = readProbe(Fields.of(entry, subjectOf(name, index), problems));
    return probe === undefined ? [] : [probe];
  });
  problems.push(...twice(named), ...strayReferences(probes, named));
  return { named, probes, problems };
}

/** The probes that `engine` declares for `experiment`, as they stand there. */
export const engineProbes = (engine: KubeObject, experiment: string): readonly unknown[] =>
  listField(engine.spec, 'experiments')
    .filter((entry) => textField(entry, 'name') === experiment)
    .flatMap((entry) => listField(field(entry, 'spec'), 'probe'));

const subjectOf = (name: string, index: number): string =>
  name === '' ? `probe ${index + 1} of the list` : `probe ${name}`;

function readProbe(fields: Fields): Probe | undefined {
  const name = fields.required('name', 'orders-depth');
  const mode = fields.choice('mode', PROBE_MODES);
  const type = readType(fields);
  if (!fields.has('runProperties')) fields.wrong('runProperties', 'is required and not set');
  const run = readRunProperties(fields.object('runProperties'), mode);
  if (type === undefined || mode === undefined) return undefined;
  const common = { name, mode, run };
  switch (type) {
    case 'httpProbe':
      return { ...common, type, inputs: readHttp(fields.object('httpProbe/inputs')) };
    case 'cmdProbe':
      return { ...common, type, inputs: readCommand(fields.object('cmdProbe/inputs')) };
    case 'k8sProbe':
      return {
        ...common,
        type,
        inputs: readKubernetes(fields.object('k8sProbe/inputs'), fields.text('data')),
      };
    case 'promProbe':
      return { ...common, type, inputs: readPrometheus(fields.object('promProbe/inputs')) };
  }
}

function readType(fields: Fields): (typeof PROBE_TYPES)[number] | undefined {
  if (fields.text('type') !== 'sloProbe') return fields.choice('type', PROBE_TYPES);
  // Passing over a probe would turn a broken hypothesis into a Pass.
  fields.wrong(
    'type',
    'got "sloProbe", which needs a commercial platform and is not supported; remove the probe',
  );
  return undefined;
}

function readRunProperties(fields: Fields, mode: ProbeMode | undefined): RunProperties {
  const timeoutMs = fields.duration('probeTimeout');
  const properties = {
    timeoutMs,
    intervalMs: fields.duration('interval'),
    attempts: Math.max(1, fields.count('attempt') || fields.count('retry')),
    pollingMs: fields.duration('probePollingInterval'),
    initialDelayMs: fields.duration('initialDelay'),
    stopOnFailure: fields.flag('stopOnFailure'),
  };
  const isBackground = mode === 'Continuous' || mode === 'OnChaos';
  // litmus-go would loop without a pause.
  return isBackground && properties.pollingMs < SHORTEST_POLLING_MS
    ? { ...properties, pollingMs: SHORTEST_POLLING_MS }
    : properties;
}

const SHORTEST_POLLING_MS = 1_000;

const twice = (named: readonly NamedProbe[]): Problem[] =>
  [...new Set(named.map(({ name }) => name))].flatMap((name) => {
    const count = named.filter((probe) => probe.name === name).length;
    if (name === '' || count === 1) return [];
    return [
      { subject: `probe ${name}`, message: `name is taken by ${count} probes; wanted is a name for each` },
    ];
  });

/** Templates that name no probe of the list, or one that leaves no register. */
const strayReferences = (probes: readonly Probe[], named: readonly NamedProbe[]): Problem[] =>
  probes.flatMap((probe) =>
    templatesOf(probe).flatMap(([field, text]): Problem[] => {
      const subject = `probe ${probe.name}`;
      const { names, error } = referencesIn(text);
      if (error !== undefined) return [{ subject, message: `${field}: ${error}` }];
      return names.flatMap((name) => {
        if (named.some((other) => other.name === name && other.type === 'cmdProbe')) return [];
        const message = `${field} refers to ${name}, which is no cmdProbe of the same list; only those leave a register`;
        return [{ subject, message }];
      });
    }),
  );
