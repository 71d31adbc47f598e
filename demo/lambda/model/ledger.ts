/** What became of every event that a source ever produced. `produced = processed + dropped + backlog`, always. */
export interface LedgerView {
  readonly produced: number;
  readonly processed: number;
  /** Discarded by the pollers because they were older than MaximumRecordAgeInSeconds; nothing else drops events. */
  readonly dropped: number;
  readonly backlog: number;
}

export interface Rates {
  readonly arrivalPerSecond: number;
  readonly drainPerSecond: number;
}

interface Segment {
  readonly at: number;
  readonly count: number;
  readonly perSecond: number;
}

/** How many events had arrived by any moment: straight lines, joined where the rate changed. */
class Arrivals {
  readonly #segments: Segment[];

  constructor(first: Segment) {
    this.#segments = [first];
  }

  countAt(time: number): number {
    const segment = this.#segments.findLast(({ at }) => at <= time);
    return segment === undefined ? 0 : Math.floor(exactCount(segment, time));
  }

  /** When event number `ordinal`, counted from 1, arrived. It has. */
  timeOf(ordinal: number): number {
    const index = this.#segments.findLastIndex(({ count }) => count < ordinal);
    const next = this.#segments[index + 1]?.at ?? Infinity;
    const segment = this.#segments[index];
    if (segment === undefined) return next;
    // Those that came at once came with the change of the rate.
    return Math.min(next, segment.at + ((ordinal - segment.count) * 1000) / segment.perSecond);
  }

  /** From `time` on: `extra` events at once, and the new rate. */
  change(time: number, extra: number, perSecond = this.#last().perSecond): void {
    this.#segments.push({ at: time, count: exactCount(this.#last(), time) + extra, perSecond });
  }

  #last(): Segment {
    const last = this.#segments.at(-1);
    if (last === undefined) throw new Error('an arrival curve has at least one segment');
    return last;
  }
}

function exactCount(segment: Segment, time: number): number {
  return segment.count + ((time - segment.at) * segment.perSecond) / 1000;
}

/**
 * The event source of one mapping, first in first out. Nothing ticks: the counts are worked out when somebody looks,
 * so that hundreds of mappings cost nothing. Times are milliseconds.
 */
export class Ledger {
  readonly #arrivals: Arrivals;
  #drainPerSecond: number;
  #at: number;
  #produced: number;
  #backlog: number;
  #processed = 0;
  #dropped = 0;
  /** The part of an event that the pollers have worked off since they finished the last one. */
  #credit = 0;

  constructor(at: number, backlog: number, rates: Rates) {
    this.#arrivals = new Arrivals({ at, count: backlog, perSecond: rates.arrivalPerSecond });
    this.#drainPerSecond = rates.drainPerSecond;
    this.#at = at;
    this.#produced = backlog;
    this.#backlog = backlog;
  }

  get view(): LedgerView {
    return {
      produced: this.#produced,
      processed: this.#processed,
      dropped: this.#dropped,
      backlog: this.#backlog,
    };
  }

  /** Milliseconds that the first event in the queue has waited; 0 when none waits. */
  get oldestEventAgeMs(): number {
    if (this.#backlog === 0) return 0;
    return Math.max(0, this.#at - this.#arrivals.timeOf(this.#processed + this.#dropped + 1));
  }

  /**
   * Moves on to `to`; the pollers were on, or off, all the way.
   * @param maxAgeMs records older than this are discarded when the pollers come to them; Infinity keeps all.
   */
  advance(to: number, polling: boolean, maxAgeMs: number): void {
    if (to <= this.#at) return;
    const from = this.#at;
    const produced = this.#arrivals.countAt(to);
    this.#backlog += produced - this.#produced;
    this.#produced = produced;
    this.#at = to;
    if (polling) this.#poll(from, to, maxAgeMs);
    else this.#credit = 0;
  }

  /** Events that arrive at once, now. */
  produce(count: number): void {
    this.#arrivals.change(this.#at, count);
    this.#produced += count;
    this.#backlog += count;
  }

  setRates(rates: Partial<Rates>): void {
    this.#arrivals.change(this.#at, 0, rates.arrivalPerSecond);
    this.#drainPerSecond = rates.drainPerSecond ?? this.#drainPerSecond;
  }

  #poll(from: number, to: number, maxAgeMs: number): void {
    this.#dropOlderThan(from - maxAgeMs);
    const credit = this.#credit + ((to - from) * this.#drainPerSecond) / 1000;
    const taken = Math.min(Math.floor(credit), this.#backlog);
    this.#processed += taken;
    this.#backlog -= taken;
    // An idle poller takes the next event at once, but it does not save up for a burst.
    this.#credit = this.#backlog === 0 ? Math.min(credit - taken, 1) : credit - taken;
    this.#dropOlderThan(to - maxAgeMs);
  }

  #dropOlderThan(time: number): void {
    const tooOld = this.#arrivals.countAt(time) - this.#processed - this.#dropped;
    if (tooOld <= 0) return;
    this.#dropped += tooOld;
    this.#backlog -= tooOld;
  }
}
