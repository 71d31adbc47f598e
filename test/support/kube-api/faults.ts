/** One request as the API server understands it. */
export interface Seen {
  readonly verb: string;
  /** Plural, e.g. `chaosresults`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly contentType: string;
  readonly body: unknown;
  /** Which connection it came over, counted from 1. */
  readonly connection: number;
}

export type Match = Partial<Pick<Seen, 'verb' | 'resource' | 'name'>>;

export interface Fault {
  /** `hang` never answers; `reset` cuts the connection; a number is the HTTP status. */
  readonly act: 'hang' | 'reset' | number;
  /** `after`: the request takes effect and only its answer is lost. */
  readonly when?: 'before' | 'after';
  readonly retryAfter?: string;
  readonly match?: Match;
  /** How many requests it hits; all of them when absent. */
  readonly times?: number;
}

/** What can go wrong between a client and the API server, on demand. */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];
  readonly #forbidden: Match[] = [];

  add(fault: Fault): void {
    this.#active.push({ fault, left: fault.times ?? Infinity });
  }

  /** RBAC without this verb on this resource. */
  forbid(verb: string, resource: string): void {
    this.#forbidden.push({ verb, resource });
  }

  clear(): void {
    this.#active = [];
    this.#forbidden.length = 0;
  }

  isForbidden(seen: Required<Match>): boolean {
    return this.#forbidden.some((match) => fits(match, seen));
  }

  /** The fault that this request meets, counted as used. */
  take(seen: Seen): Fault | undefined {
    const hit = this.#active.find(({ fault, left }) => left > 0 && fits(fault.match ?? {}, seen));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    return hit.fault;
  }
}

const fits = (match: Match, seen: Required<Match>): boolean =>
  (match.verb === undefined || match.verb === seen.verb) &&
  (match.resource === undefined || match.resource === seen.resource) &&
  (match.name === undefined || match.name === seen.name);
