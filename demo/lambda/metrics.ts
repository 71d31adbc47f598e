import type { Cloud } from './model/cloud.ts';
import type { Mapping } from './model/mapping.ts';
import { parseFunctionRef } from './model/naming.ts';
import type { Reply } from './wire/replies.ts';

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Reading = readonly [Metric, (mapping: Mapping) => number];

const PREFIX = 'lambda_standin_';

const OF_MAPPINGS: readonly Reading[] = [
  [gauge('mapping_enabled', '1 in the state Enabled, else 0.'), ({ state }) => (state === 'Enabled' ? 1 : 0)],
  [gauge('mapping_backlog_events', 'Events that wait in the source.'), ({ ledger }) => ledger.backlog],
  [
    gauge('mapping_oldest_event_age_seconds', 'Age of the event that waits longest; 0 when none waits.'),
    ({ oldestEventAgeMs }) => oldestEventAgeMs / 1000,
  ],
  [counter('mapping_produced_events_total', 'Events that arrived.'), ({ ledger }) => ledger.produced],
  [
    counter('mapping_processed_events_total', 'Events that were processed.'),
    ({ ledger }) => ledger.processed,
  ],
  [counter('mapping_dropped_events_total', 'Events that were too old.'), ({ ledger }) => ledger.dropped],
];

const INVOCATIONS = counter('function_invocations_total', 'Invocations, one for each processed event.');

/** Everything that the sources hold, in the text format that Prometheus scrapes. */
export function metricsReply(cloud: Cloud): Reply {
  const { mappings } = cloud;
  // A series that goes on after its deletion would look like a mapping that is switched off.
  const alive = mappings.filter(({ gone }) => !gone);
  const families = [
    ...OF_MAPPINGS.map(([metric, value]) =>
      family(
        metric,
        alive.map((mapping) => ({ labels: labelsOf(mapping), value: value(mapping) })),
      ),
    ),
    family(INVOCATIONS, invocations(cloud, mappings)),
  ];
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
  return { status: 200, headers, body: families.join('') };
}

function labelsOf({ parts, functionArn }: Mapping): Record<string, string> {
  const { uuid, source } = parts;
  return { uuid, function: nameIn(functionArn), source_type: source.type, source_name: source.name };
}

const nameIn = (functionArn: string): string => parseFunctionRef(functionArn)?.name ?? functionArn;

/**
 * Belief: versions and aliases count for their function, and so do mappings that are gone, or the counter would go
 * back. Batches are not modelled, so that each event is an invocation of its own.
 */
function invocations(cloud: Cloud, mappings: readonly Mapping[]): Sample[] {
  return cloud.functions.map(({ arn, spec }) => {
    const own = mappings.filter(({ functionArn }) => `${functionArn}:`.startsWith(`${arn}:`));
    const value = own.reduce((sum, { ledger }) => sum + ledger.processed, 0);
    return { labels: { function: spec.name, arn }, value };
  });
}

function gauge(name: string, help: string): Metric {
  return { name: `${PREFIX}${name}`, type: 'gauge', help };
}

function counter(name: string, help: string): Metric {
  return { name: `${PREFIX}${name}`, type: 'counter', help };
}

function family({ name, type, help }: Metric, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}{${pairs.join(',')}} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** One quote that is not escaped makes Prometheus refuse the whole page. */
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
