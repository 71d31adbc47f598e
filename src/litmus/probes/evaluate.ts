import { whileActive } from '../../runtime/abort.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Probe } from './definition.ts';
import { failed, unclear, type Finding } from './judgement.ts';

/** One attempt at `probe`; it ends, with whatever it has begun, as soon as `signal` aborts. */
export type Attempt = (probe: Probe, signal: AbortSignal) => Promise<Finding>;

export interface EvaluateDeps {
  /** What has to be there before an attempt begins, e.g. a pod; its time is not the probe's. */
  readonly prepare: (probe: Probe, signal: AbortSignal) => Promise<void>;
  readonly attempt: Attempt;
  readonly clock: Clock;
  /** Milliseconds that a preparation may take, and an attempt without a timeout of its own. */
  readonly longestMs: number;
  /** Told of each attempt that did not pass. */
  readonly tried?: (finding: Finding) => void;
}

/**
 * One evaluation: as many attempts as the probe allows, until one passes. What the last one found counts.
 * @throws the reason of `signal`
 */
export async function evaluate(probe: Probe, signal: AbortSignal, deps: EvaluateDeps): Promise<Finding> {
  const { attempts, intervalMs } = probe.run;
  for (let number = 1; ; number += 1) {
    const finding = counted(await once(probe, signal, deps), number, attempts);
    if (finding.kind === 'passed') return finding;
    deps.tried?.(finding);
    if (number >= attempts) return finding;
    await deps.clock.sleep(intervalMs, signal);
  }
}

/** "Drains within a minute" is told by the attempt that found it so. */
const counted = (finding: Finding, number: number, attempts: number): Finding =>
  attempts === 1
    ? finding
    : { ...finding, description: `${finding.description} (attempt ${number} of ${attempts})` };

class TooLong extends Error {}

async function once(probe: Probe, signal: AbortSignal, deps: EvaluateDeps): Promise<Finding> {
  const missing = await prepared(probe, signal, deps);
  if (missing !== undefined) return missing;
  const { clock, longestMs } = deps;
  const limitMs = probe.run.timeoutMs === 0 ? longestMs : probe.run.timeoutMs;
  try {
    return await within(limitMs, signal, clock, (limited) => deps.attempt(probe, limited));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TooLong)
      return failed(`no answer within ${limitMs / 1000} s, so the attempt was ended`);
    return unclear(messageOf(error));
  }
}

/** Sees to what has to be there before an attempt. @returns why it is not; @throws the reason of `signal` */
export async function prepared(
  probe: Probe,
  signal: AbortSignal,
  deps: EvaluateDeps,
): Promise<Finding | undefined> {
  const { clock, longestMs } = deps;
  try {
    await within(longestMs, signal, clock, (limited) => deps.prepare(probe, limited));
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TooLong) return unclear(`what it needs was not there within ${longestMs / 1000} s`);
    return unclear(messageOf(error));
  }
}

/**
 * litmus-go lets a command, a query and a look at Kubernetes run to their end, however long; here they are ended.
 * @throws TooLong, the reason of `signal`, or what `work` threw
 */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const over = new AbortController();
  clock.sleep(ms, over.signal).then(
    () => limit.abort(new TooLong()),
    () => undefined,
  );
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    // Not awaited beyond the signal: an attempt that does not end when it should must not hold the run up.
    return await whileActive(work(either), either);
  } finally {
    over.abort();
  }
}
