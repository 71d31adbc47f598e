import { AwsError } from '../../aws/errors.ts';
import { whileActive } from '../../runtime/abort.ts';
import { ChaosError } from '../../runtime/errors.ts';
import type { ForwardControl } from '../../runtime/fault.ts';
import type { SentWrite, ToggleContext } from './context.ts';
import { retryForward, stepFailed, targetText } from './forward-retry.ts';
import { situationOf } from './states.ts';

/** How long a disable whose answer was lost may still arrive: the client's request time-out. */
const LATE_WRITE_MS = 10_000;

/** A fresh look before the intent is journaled. @throws ChaosError when a mapping is not Enabled any more. */
export async function recheck(
  ids: readonly string[],
  control: Pick<ForwardControl, 'signal' | 'deadline'>,
  context: ToggleContext,
): Promise<void> {
  const looks = ids.map(async (id) => {
    const seen = await retryForward(
      `GetEventSourceMapping ${id}`,
      () => context.reader.read(id, 'forward', control.signal),
      control,
      context,
    );
    if (seen !== 'gone' && situationOf(seen.state) === 'enabled') {
      context.baseline.set(id, seen);
      return;
    }
    // Safety: one that somebody else has disabled is not ours, so it must never enter the journal.
    throw new ChaosError(
      `${id} was Enabled and is ${seen === 'gone' ? 'deleted' : seen.state} now, by somebody else; it is left alone.`,
      {
        code: 'TARGET_SELECTION_ERROR',
        phase: 'ChaosInject',
        target: targetText(id, context.region),
      },
    );
  });
  await allOrFirstError(looks);
}

/**
 * Sends the disables. The first goes alone: no call of the Lambda API tells beforehand whether the caller
 * may update a mapping, so a missing permission shows on one mapping instead of fifty.
 */
export async function inject(
  ids: readonly string[],
  control: ForwardControl,
  context: ToggleContext,
): Promise<void> {
  const stop = new AbortController();
  const linked = { ...control, signal: AbortSignal.any([control.signal, stop.signal]) };
  const disable = async (id: string): Promise<void> => {
    try {
      await disableOne(id, linked, context);
    } catch (error) {
      stop.abort(error);
      control.signal.throwIfAborted();
      throw stepFailed('Could not disable', id, error, context);
    }
  };
  const [canary, ...others] = ids;
  // Safety: an abort is not kept waiting by one hung answer; the revert waits for each mapping's own.
  if (canary !== undefined) await whileActive(disable(canary), control.signal);
  await whileActive(allOrFirstError(others.map(disable)), control.signal);
}

async function disableOne(id: string, control: ForwardControl, context: ToggleContext): Promise<void> {
  await retryForward(
    `UpdateEventSourceMapping ${id}`,
    async (attempt) => {
      if (attempt > 1 && (await alreadyOff(id, control, context))) return;
      await send(id, control, context);
    },
    control,
    context,
  );
}

/** After a failed attempt: whether the write has arrived all the same, so that it is not sent twice. */
async function alreadyOff(id: string, control: ForwardControl, context: ToggleContext): Promise<boolean> {
  const seen = await context.reader.read(id, 'forward', control.signal);
  if (seen === 'gone')
    throw new ChaosError(`${id} was deleted by somebody else.`, {
      code: 'CHAOS_INJECT_ERROR',
      phase: 'ChaosInject',
      target: targetText(id, context.region),
    });
  const situation = situationOf(seen.state);
  const off = situation === 'disabled' || situation === 'switching-off';
  if (off && !context.sent.has(id))
    throw new ChaosError(`${id} is ${seen.state}, by somebody else; it is left alone.`, {
      code: 'CHAOS_INJECT_ERROR',
      phase: 'ChaosInject',
      target: targetText(id, context.region),
    });
  return off;
}

async function send(id: string, control: ForwardControl, context: ToggleContext): Promise<void> {
  const { clock, gateway, sent } = context;
  const answer = Promise.withResolvers<undefined>();
  const before = sent.get(id);
  const write: SentWrite = { answered: answer.promise, lateUntilMs: before?.lateUntilMs ?? 0 };
  // Safety: noted before it is sent, so that a revert that starts meanwhile waits for the answer of this very write.
  sent.set(id, write);
  const gate = { passed: false };
  const beforeSend = async (): Promise<void> => {
    await control.permit();
    gate.passed = true;
  };
  try {
    const options = { lane: 'forward', waitSignal: control.signal, beforeSend } as const;
    const accepted = await gateway.setEnabled(id, false, options);
    write.unseenUntilMs = clock.monotonicMs() + LATE_WRITE_MS;
    if (accepted.lastModifiedMs !== undefined) write.modifiedMs = accepted.lastModifiedMs;
  } catch (error) {
    const refused = error instanceof AwsError && !error.mayHaveHappened;
    if (!gate.passed || error instanceof ChaosError || refused) {
      // Safety: it was never sent, or AWS refused it: if the mapping is off now, then not by us.
      if (before === undefined) sent.delete(id);
    } else {
      // Safety: without an answer the write may still be on its way; the revert has to stay and watch.
      write.lateUntilMs = clock.monotonicMs() + LATE_WRITE_MS;
    }
    throw error;
  } finally {
    answer.resolve(undefined);
  }
}

/** Waits for all, then throws the first error: nothing is left running behind the caller's back. */
async function allOrFirstError(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
