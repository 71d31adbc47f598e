import type { Cloud } from './model/cloud.ts';
import type { LedgerView } from './model/ledger.ts';
import type { Mapping } from './model/mapping.ts';
import type { RequestRecord } from './model/request-log.ts';
import type { Source } from './model/sources.ts';
import type { Transition } from './model/transitions.ts';

/** One mapping as a test or a live view sees it. Times are milliseconds since the epoch. */
export interface MappingView {
  readonly uuid: string;
  readonly arn: string;
  readonly functionArn: string;
  readonly source: Source;
  /** `gone` after a deletion. */
  readonly state: string;
  readonly reason: string;
  /** The pollers are reading, whatever the state says. */
  readonly polling: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly transitions: readonly Transition[];
  readonly ledger: LedgerView;
  /** Every write that was received for it, refused ones and external ones included. */
  readonly writes: readonly RequestRecord[];
}

export interface StateView {
  readonly now: number;
  readonly mappings: readonly MappingView[];
  readonly functions: readonly { readonly arn: string; readonly state: string; readonly deleted: boolean }[];
  /** Requests received, by operation. */
  readonly totals: Readonly<Record<string, number>>;
  readonly hooks: readonly object[];
}

export function viewMapping(cloud: Cloud, mapping: Mapping): MappingView {
  const { uuid, arn, source, attributes } = mapping.parts;
  return {
    uuid,
    arn,
    functionArn: mapping.functionArn,
    source,
    state: mapping.state,
    reason: mapping.reason,
    polling: mapping.polling,
    attributes: { ...attributes },
    transitions: [...mapping.transitions],
    ledger: mapping.ledger,
    writes: cloud.log.writes.filter(({ label }) => label === uuid),
  };
}

export function viewState(cloud: Cloud): StateView {
  const now = cloud.now();
  return {
    now,
    mappings: cloud.mappings.map((mapping) => viewMapping(cloud, mapping)),
    functions: cloud.functions.map(({ arn, spec, deletedAt }) => ({
      arn,
      state: spec.state ?? 'Active',
      deleted: deletedAt <= now,
    })),
    totals: { ...cloud.log.totals },
    hooks: cloud.hooks,
  };
}
