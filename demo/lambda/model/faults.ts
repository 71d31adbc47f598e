/** What goes wrong with a request. `after`: Lambda does what was asked first and only the answer is lost. */
export type Effect =
  | { readonly kind: 'hang'; readonly phase?: 'before' | 'after' }
  | { readonly kind: 'reset'; readonly phase?: 'before' | 'after' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly html?: boolean;
      readonly phase?: 'before' | 'after';
    }
  /** `before`: the request is slow on its way; `after`: the answer is. */
  | { readonly kind: 'delay'; readonly ms: number; readonly phase?: 'before' | 'after' }
  /** The request arrives twice; the first answer is sent. */
  | { readonly kind: 'duplicate' }
  /** Answers with this error, by its name in the table of `wire/errors.ts`; the status matters to STS alone. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly status?: number;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    };

/** Which requests, which of them, for how long. */
export interface RequestFault {
  readonly match?: {
    readonly operation?: string;
    /** Of the mapping; or the name of the function, as the caller wrote it. */
    readonly uuid?: string;
    readonly accessKey?: string;
    /** Updates that enable, or that disable. */
    readonly enabled?: boolean;
  };
  /** Lets this many matching requests through first. */
  readonly skip?: number;
  /** How many requests it hits; one where nothing is said. */
  readonly times?: number | 'forever';
  /** Ends by itself after this many milliseconds. */
  readonly forMs?: number;
  readonly effect: Effect;
}

export interface FaultTarget {
  readonly operation: string;
  readonly uuid: string | undefined;
  readonly accessKey: string | undefined;
  readonly enabled: boolean | undefined;
}

interface ArmedFault {
  readonly id: string;
  readonly fault: RequestFault;
  readonly until: number;
  skip: number;
  left: number;
}

export class Faults {
  #armed: ArmedFault[] = [];

  get list(): readonly (RequestFault & { readonly id: string })[] {
    return this.#armed.map(({ id, fault }) => ({ id, ...fault }));
  }

  add(id: string, fault: RequestFault, now: number): void {
    const times = fault.times ?? (fault.forMs === undefined ? 1 : 'forever');
    this.#armed.push({
      id,
      fault,
      until: now + (fault.forMs ?? Infinity),
      skip: fault.skip ?? 0,
      left: times === 'forever' ? Infinity : times,
    });
  }

  remove(id: string): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter((armed) => armed.id !== id);
    return this.#armed.length < before;
  }

  clear(): void {
    this.#armed = [];
  }

  /** What the first fault that fits does to this request. */
  take(target: FaultTarget, now: number): Effect | undefined {
    this.#armed = this.#armed.filter(({ until, left }) => until > now && left > 0);
    for (const armed of this.#armed) {
      if (!fits(armed.fault, target)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      return armed.fault.effect;
    }
    return undefined;
  }
}

function fits({ match = {} }: RequestFault, target: FaultTarget): boolean {
  const wanted = Object.entries(match) as [keyof FaultTarget, unknown][];
  return wanted.every(([key, value]) => value === undefined || target[key] === value);
}
