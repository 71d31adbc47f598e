import { randomUUID } from 'node:crypto';
import { LambdaFunction, type FunctionSpec } from './functions.ts';
import { Mapping, type Surroundings } from './mapping.ts';
import { arnIn, parseFunctionRef, type Place } from './naming.ts';
import { defaultAttributes, hasLastResult, sourceFromArn, sourceNamed, userInitiated } from './sources.ts';
import type { Source, SourceType } from './sources.ts';
import { TokenBucket, type RateLimit } from './throttle.ts';
import type { Lags } from './transitions.ts';

/** A mapping of the world. Everything but the function has a default. */
export interface MappingSpec extends Partial<Lags> {
  readonly uuid?: string;
  /** Any form in which Lambda takes a function; a qualifier is kept. */
  readonly functionName: string;
  readonly source?: SourceType;
  readonly sourceName?: string;
  readonly sourceArn?: string;
  /** `Enabled` where nothing is said. */
  readonly state?: string;
  /** StateTransitionReason; the source's own word for "a user did it" where nothing is said. */
  readonly reason?: string;
  readonly lastProcessingResult?: string;
  readonly arrivalPerSecond?: number;
  readonly drainPerSecond?: number;
  /** Events that wait at the start. */
  readonly backlog?: number;
  /** Further members of the configuration: BatchSize, StartingPosition, MaximumRecordAgeInSeconds, … */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly account?: string;
  readonly region?: string;
}

const DEFAULT_RATES = { arrivalPerSecond: 0, drainPerSecond: 100 };

/** One account in one Region: belief: nothing of it is visible from another one. Source: API behaviour. */
export class World {
  readonly place: Place;
  readonly functions = new Map<string, LambdaFunction>();
  /** In the order of creation; deleted ones stay, marked gone, so that a List marker stays true. */
  readonly mappings = new Map<string, Mapping>();
  readonly #surroundings: Surroundings;
  readonly #buckets: { readonly getFunction: TokenBucket; readonly others: TokenBucket } | undefined;

  constructor(place: Place, surroundings: Surroundings, limit: { rates: RateLimit | false; now: number }) {
    this.place = place;
    this.#surroundings = surroundings;
    if (limit.rates !== false) {
      this.#buckets = {
        getFunction: new TokenBucket(limit.rates.getFunctionPerSecond, limit.now),
        others: new TokenBucket(limit.rates.controlPlanePerSecond, limit.now),
      };
    }
  }

  /** Seconds to wait, or 0 where the request may pass. */
  throttle(operation: string, now: number): number {
    const bucket = operation === 'GetFunction' ? this.#buckets?.getFunction : this.#buckets?.others;
    return bucket?.take(now) ?? 0;
  }

  addFunction(spec: FunctionSpec): LambdaFunction {
    const added = new LambdaFunction(spec, this.place);
    this.functions.set(spec.name, added);
    return added;
  }

  addMapping(spec: MappingSpec, lags: Lags, now: number): Mapping {
    const uuid = spec.uuid ?? randomUUID();
    const source = sourceOf(spec, this.place);
    const { arrivalPerSecond, drainPerSecond } = { ...DEFAULT_RATES, ...spec };
    const mapping = new Mapping(
      {
        uuid,
        arn: arnIn(this.place, 'lambda', `event-source-mapping:${uuid}`),
        source,
        functionArn: this.functionArn(spec.functionName),
        attributes: { ...defaultAttributes(source, uuid), ...spec.attributes },
        state: spec.state ?? 'Enabled',
        reason: spec.reason ?? userInitiated(source.type),
        userReason: userInitiated(source.type),
        lastProcessingResult: spec.lastProcessingResult,
        backlog: spec.backlog ?? 0,
        rates: { arrivalPerSecond, drainPerSecond },
        lags: { ...lags, ...definedLags(spec) },
      },
      now,
      this.#surroundings,
    );
    this.mappings.set(uuid, mapping);
    return mapping;
  }

  /** Belief: the mapping keeps the qualifier with which it was made, `$LATEST` included. Source: recorded. */
  functionArn(reference: string): string {
    const { name, qualifier } = parseFunctionRef(reference) ?? { name: reference };
    const base = arnIn(this.place, 'lambda', `function:${name}`);
    return qualifier === undefined ? base : `${base}:${qualifier}`;
  }

  /** Lets what was planned for a moment happen, whoever is looked at: a deleted function must not outlive its time. */
  settlePlans(now: number): void {
    for (const mapping of this.mappings.values()) if (mapping.agenda.busy) mapping.settle(now);
  }

  /** The body of an EventSourceMappingConfiguration. LastModified is a number: the SDK breaks on a string. */
  describe(mapping: Mapping): Record<string, unknown> {
    const { uuid, arn, source, attributes } = mapping.parts;
    return {
      UUID: uuid,
      EventSourceMappingArn: arn,
      FunctionArn: mapping.functionArn,
      EventSourceArn: source.arn,
      State: mapping.state,
      StateTransitionReason: mapping.reason,
      LastModified: Math.round(mapping.lastModified) / 1000,
      ...attributes,
      ...(hasLastResult(source.type) ? { LastProcessingResult: lastResult(mapping) } : {}),
    };
  }
}

function lastResult(mapping: Mapping): string {
  return mapping.lastProcessingResult ?? (mapping.ledger.processed > 0 ? 'OK' : 'No records processed');
}

function sourceOf(spec: MappingSpec, place: Place): Source {
  const fromArn = spec.sourceArn === undefined ? undefined : sourceFromArn(spec.sourceArn);
  return fromArn ?? sourceNamed(spec.source ?? 'sqs', spec.sourceName ?? 'orders', place);
}

function definedLags(spec: MappingSpec): Partial<Lags> {
  const names = ['disablingLagMs', 'enablingLagMs', 'updatingLagMs', 'pollStopLagMs'] as const;
  return Object.fromEntries(names.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]])));
}
