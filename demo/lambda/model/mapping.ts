import { Agenda, type MappingAction, type MappingEvent } from './agenda.ts';
import { Ledger, type LedgerView, type Rates } from './ledger.ts';
import { Pollers } from './pollers.ts';
import type { Source } from './sources.ts';
import {
  isTransitional,
  stepAfter,
  type Actor,
  type Lags,
  type Step,
  type Transition,
} from './transitions.ts';

/** Everything that a mapping is made of. */
export interface MappingParts {
  readonly uuid: string;
  readonly arn: string;
  readonly source: Source;
  readonly functionArn: string;
  readonly attributes: Record<string, unknown>;
  readonly state: string;
  readonly reason: string;
  /** The source's word for "a user did it". */
  readonly userReason: string;
  readonly lastProcessingResult: string | undefined;
  readonly backlog: number;
  readonly rates: Rates;
  readonly lags: Lags;
}

/** What a mapping's agenda does to the rest of the world. */
export interface Surroundings {
  wroteExternally(uuid: string, body: Readonly<Record<string, unknown>>, at: number): void;
  deleteFunction(functionArn: string, at: number): void;
}

/** One event source mapping: the state machine, its pollers and its source. Call `settle` before looking. */
export class Mapping {
  readonly parts: MappingParts;
  readonly agenda: Agenda = new Agenda();
  readonly transitions: Transition[] = [];
  functionArn: string;
  lags: Lags;
  reason: string;
  lastModified: number;
  lastProcessingResult: string | undefined;
  readonly #ledger: Ledger;
  readonly #pollers: Pollers;
  readonly #surroundings: Surroundings;
  #state = '';
  #pending: Step | undefined;
  #sticky: string | undefined;

  constructor(parts: MappingParts, at: number, surroundings: Surroundings) {
    this.parts = parts;
    this.#surroundings = surroundings;
    this.functionArn = parts.functionArn;
    this.lags = parts.lags;
    this.reason = parts.reason;
    this.lastModified = at;
    this.lastProcessingResult = parts.lastProcessingResult;
    this.#ledger = new Ledger(at, parts.backlog, parts.rates);
    this.#pollers = new Pollers(parts.state);
    this.#enter(parts.state, at, 'start');
  }

  get state(): string {
    return this.#state;
  }

  /** The pollers are reading; true for a while after `Disabled` where pollStopLagMs says so. */
  get polling(): boolean {
    return this.#pollers.on;
  }

  get ledger(): LedgerView {
    return this.#ledger.view;
  }

  /** Of the event that has waited longest; 0 when none waits. */
  get oldestEventAgeMs(): number {
    return this.#ledger.oldestEventAgeMs;
  }

  get gone(): boolean {
    return this.#state === 'gone';
  }

  get inTransition(): boolean {
    return isTransitional(this.#state);
  }

  /** Brings transitions, pollers, agenda and counts up to `now`, in the order in which they would have happened. */
  settle(now: number): void {
    for (;;) {
      const at = Math.min(this.#pending?.at ?? Infinity, this.#pollers.stopAt, this.agenda.nextAt());
      if (at > now) break;
      this.#advance(at);
      this.#step(at);
    }
    this.#advance(now);
  }

  /** Applies an accepted update. The caller has settled the mapping and refused a write in a transition. */
  update(body: Readonly<Record<string, unknown>>, at: number, by: Actor): void {
    for (const [name, value] of Object.entries(body)) {
      if (name !== 'Enabled' && name !== 'FunctionName') this.parts.attributes[name] = value;
    }
    const enabled = body['Enabled'];
    // Belief: a write that changes nothing still goes through a transition (not verified; the strict reading).
    if (typeof enabled === 'boolean') this.#enter(enabled ? 'Enabling' : 'Disabling', at, by);
    else this.#enter('Updating', at, by);
  }

  /** Belief: answers `Deleting`, gone seconds later (documentation). The pollers stop at once (assumed). */
  remove(at: number, by: Actor): void {
    this.#enter('Deleting', at, by);
  }

  plan(id: string, event: MappingEvent, now: number): void {
    this.agenda.add(id, event, { at: now, state: this.#state });
    this.settle(now);
  }

  setRates(rates: Partial<Rates>): void {
    this.#ledger.setRates(rates);
  }

  produce(count: number): void {
    this.#ledger.produce(count);
  }

  #advance(to: number): void {
    const seconds = Number(this.parts.attributes['MaximumRecordAgeInSeconds'] ?? -1);
    this.#ledger.advance(to, this.#pollers.on, seconds < 0 ? Infinity : seconds * 1000);
  }

  #step(at: number): void {
    if (this.#pending !== undefined && this.#pending.at <= at) {
      this.#enter(this.#pending.state, at);
    } else if (this.#pollers.stopAt <= at) {
      this.#pollers.stop();
    } else {
      const action = this.agenda.take();
      if (action !== undefined && !this.gone) this.#act(action, at);
    }
  }

  #enter(state: string, at: number, by?: Actor): void {
    const next = stepAfter({ state, at }, this.#state, this.lags);
    this.#pending = next !== undefined && this.#sticky === state ? { ...next, at: Infinity } : next;
    this.#state = state;
    this.transitions.push({ state, at, by: by ?? this.transitions.at(-1)?.by ?? 'lambda' });
    if (by !== undefined) this.lastModified = at;
    if (by === 'request' || by === 'external') this.reason = this.parts.userReason;
    this.#pollers.follow(state, at, this.lags.pollStopLagMs);
    this.agenda.entered(state, at);
  }

  #act(action: MappingAction, at: number): void {
    switch (action.kind) {
      case 'write':
        this.#writeExternally(action, at);
        break;
      case 'delete':
        this.remove(at, 'external');
        break;
      case 'delete-function':
        this.#surroundings.deleteFunction(this.functionArn, at);
        break;
      case 'force':
        this.#force(action, at);
        break;
      case 'stick':
        this.#sticky = action.state;
        if (this.#state === action.state) this.#endTransitionAt(Infinity);
        break;
      case 'release':
        this.#sticky = undefined;
        if (this.#pending?.at === Infinity) this.#endTransitionAt(at);
    }
  }

  #writeExternally(action: MappingAction & { kind: 'write' }, at: number): void {
    if (this.inTransition) {
      const when = { state: this.#pending?.state ?? 'Enabled', afterMs: 1 };
      this.agenda.add('retry', { uuid: this.parts.uuid, action, when }, { at, state: this.#state });
      return;
    }
    this.#surroundings.wroteExternally(this.parts.uuid, action.body, at);
    this.update(action.body, at, 'external');
  }

  #force({ state, reason, lastProcessingResult }: MappingAction & { kind: 'force' }, at: number): void {
    if (state !== undefined) this.#enter(state, at, 'lambda');
    this.reason = reason ?? this.reason;
    this.lastProcessingResult = lastProcessingResult ?? this.lastProcessingResult;
  }

  #endTransitionAt(at: number): void {
    if (this.#pending !== undefined) this.#pending = { ...this.#pending, at };
  }
}
