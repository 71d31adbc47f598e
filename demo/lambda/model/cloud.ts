import type { MappingEvent } from './agenda.ts';
import { Credentials, type RoleSpec } from './credentials.ts';
import { Faults, type RequestFault } from './faults.ts';
import { PLANTED, type FunctionSpec, type LambdaFunction } from './functions.ts';
import type { Mapping, Surroundings } from './mapping.ts';
import { parseFunctionRef, type Place } from './naming.ts';
import { RequestLog } from './request-log.ts';
import { AWS_RATE_LIMIT, type RateLimit } from './throttle.ts';
import type { Lags } from './transitions.ts';
import { World, type MappingSpec } from './world.ts';

/** What there is at the start. */
export interface WorldSpec {
  readonly functions?: readonly FunctionSpec[];
  readonly mappings?: readonly MappingSpec[];
  readonly hooks?: readonly (RequestFault | MappingEvent)[];
}

export interface CloudOptions {
  /** The place of what is added without one. */
  readonly region?: string;
  readonly account?: string;
  /** Milliseconds since the epoch; must not go back. */
  readonly now?: () => number;
  readonly rateLimit?: RateLimit | false;
  /** For mappings that bring none. */
  readonly lags?: Partial<Lags>;
  /**
   * Whether List by a bare name also returns mappings of its versions and aliases (`base`) or not (`exact`, the
   * default). AWS does not document it and third parties contradict each other.
   */
  readonly listMatch?: 'exact' | 'base';
  /** Account of an access key. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** By role ARN. */
  readonly roles?: Readonly<Record<string, RoleSpec>>;
  /** The token that the Pod Identity endpoint wants, and the role that it hands out. */
  readonly podIdentity?: { readonly token: string; readonly roleArn: string };
  readonly world?: WorldSpec;
}

/** Real transitions take tens of seconds to minutes (documentation, recorded runs); these keep a person's demo short. */
const DEFAULT_LAGS: Lags = {
  disablingLagMs: 1000,
  enablingLagMs: 1000,
  updatingLagMs: 1000,
  pollStopLagMs: 0,
};

/** Everything behind the HTTP server. */
export class Cloud implements Surroundings {
  readonly options: CloudOptions;
  readonly place: Place;
  readonly now: () => number;
  log = new RequestLog();
  faults = new Faults();
  credentials: Credentials;
  readonly #worlds = new Map<string, World>();
  #serial = 0;

  constructor(options: CloudOptions) {
    this.options = options;
    this.place = { region: options.region ?? 'us-east-1', account: options.account ?? '123456789012' };
    this.now = options.now ?? (() => performance.timeOrigin + performance.now());
    this.credentials = this.#freshCredentials();
    this.#build(options.world ?? {});
  }

  /** Back to the start, or on to another world; hooks and logs are gone. */
  reset(world: WorldSpec = this.options.world ?? {}): void {
    this.#worlds.clear();
    this.log = new RequestLog();
    this.faults = new Faults();
    this.credentials = this.#freshCredentials();
    this.#build(world);
  }

  world(place: Place): World {
    const key = `${place.account}/${place.region}`;
    const known = this.#worlds.get(key);
    if (known !== undefined) return known;
    const rates = this.options.rateLimit ?? AWS_RATE_LIMIT;
    const world = new World(place, this, { rates, now: this.now() });
    this.#worlds.set(key, world);
    return world;
  }

  addFunction(spec: FunctionSpec): LambdaFunction {
    return this.world(this.#placeOf(spec)).addFunction(spec);
  }

  addMapping(spec: MappingSpec): Mapping {
    const lags = { ...DEFAULT_LAGS, ...this.options.lags };
    return this.world(this.#placeOf(spec)).addMapping(spec, lags, this.now());
  }

  /** All mappings of all places, settled; deleted ones too. */
  get mappings(): readonly Mapping[] {
    const all = [...this.#worlds.values()].flatMap((world) => [...world.mappings.values()]);
    for (const mapping of all) mapping.settle(this.now());
    return all;
  }

  get functions(): readonly LambdaFunction[] {
    return [...this.#worlds.values()].flatMap((world) => [...world.functions.values()]);
  }

  /** @throws Error where no such mapping was ever there. */
  mapping(uuid: string): Mapping {
    const found = this.mappings.find(({ parts }) => parts.uuid === uuid);
    if (found === undefined) throw new Error(`the stand-in has no event source mapping ${uuid}`);
    return found;
  }

  /** Arms a request fault or plans a mapping event. Returns the id with which it can be taken back. */
  hook(hook: RequestFault | MappingEvent): string {
    this.#serial += 1;
    const id = `hook-${this.#serial}`;
    if ('effect' in hook) this.faults.add(id, hook, this.now());
    else this.mapping(hook.uuid).plan(id, hook, this.now());
    return id;
  }

  get hooks(): readonly object[] {
    return [...this.faults.list, ...this.mappings.flatMap(({ agenda }) => agenda.events)];
  }

  /** Takes one hook back, or all. */
  unhook(id?: string): boolean {
    const agendas = this.mappings.map(({ agenda }) => agenda);
    if (id !== undefined) return this.faults.remove(id) || agendas.some((agenda) => agenda.remove(id));
    this.faults.clear();
    for (const agenda of agendas) agenda.clear();
    return true;
  }

  /** Everything that must not appear in anybody's log. */
  get secrets(): readonly string[] {
    return [...PLANTED, ...this.credentials.secrets];
  }

  wroteExternally(uuid: string, body: Readonly<Record<string, unknown>>, at: number): void {
    this.log.external(uuid, body, at);
  }

  /** Belief: the function's mappings stay, Enabled. Source: recorded. */
  deleteFunction(functionArn: string, at: number): void {
    const { region, account, name } = parseFunctionRef(functionArn) ?? {};
    const found = this.functions.find(
      ({ place, spec }) => spec.name === name && place.region === region && place.account === account,
    );
    if (found !== undefined) found.deletedAt = Math.min(found.deletedAt, at);
  }

  #build(world: WorldSpec): void {
    for (const spec of world.functions ?? []) this.addFunction(spec);
    for (const spec of world.mappings ?? []) this.addMapping(spec);
    for (const hook of world.hooks ?? []) this.hook(hook);
  }

  #placeOf(spec: { readonly account?: string; readonly region?: string }): Place {
    return { account: spec.account ?? this.place.account, region: spec.region ?? this.place.region };
  }

  #freshCredentials(): Credentials {
    return new Credentials(this.place.account, this.options.accounts ?? {}, this.options.roles ?? {});
  }
}
