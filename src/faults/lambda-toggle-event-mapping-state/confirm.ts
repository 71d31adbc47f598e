import type { MappingInfo } from '../../aws/gateway.ts';
import { ChaosError } from '../../runtime/errors.ts';
import type { ForwardControl } from '../../runtime/fault.ts';
import { pauseMs, type ToggleContext } from './context.ts';
import { retryForward, stepFailed, targetText } from './forward-retry.ts';
import { situationOf } from './states.ts';

type Control = Omit<ForwardControl, 'permit'> & {
  readonly confirmed: (id: string, certain: boolean) => void;
};

/** Resolves when every mapping is seen Disabled. @throws ChaosError for one that is not by the deadline. */
export async function confirmDisabled(
  ids: readonly string[],
  control: Control,
  context: ToggleContext,
): Promise<void> {
  const stop = new AbortController();
  const linked = { ...control, signal: AbortSignal.any([control.signal, stop.signal]) };
  const results = await Promise.allSettled(
    ids.map(async (id) => {
      try {
        await confirmOne(id, linked, context);
      } catch (error) {
        // One that can't be confirmed ends the run; the others need not be waited for.
        stop.abort(error);
        throw stepFailed('Could not confirm Disabled for', id, error, context);
      }
    }),
  );
  control.signal.throwIfAborted();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function confirmOne(id: string, control: Control, context: ToggleContext): Promise<void> {
  let sawItGoing = false;
  for (let look = 0; ; look += 1) {
    const seen = await retryForward(
      `GetEventSourceMapping ${id}`,
      () => context.reader.read(id, 'forward', control.signal),
      control,
      context,
    );
    if (seen === 'gone') throw interfered(id, 'was deleted by somebody else', context);
    const situation = situationOf(seen.state);
    if (situation === 'disabled') {
      accept(id, seen, control, context);
      return;
    }
    if ((situation === 'enabled' || situation === 'switching-on') && (sawItGoing || isLater(seen, context))) {
      throw interfered(
        id,
        `was ${seen.state} again before it was confirmed Disabled, by somebody else`,
        context,
      );
    }
    sawItGoing ||= situation === 'switching-off';
    if (control.deadline.passed) throw tooSlow(id, seen, context);
    await context.clock.sleep(
      Math.min(pauseMs(look, context), control.deadline.remainingMs + 1),
      control.signal,
    );
  }
}

/** Changed after our disable was accepted: an Enabled that is older is only a look that came too early. */
function isLater(seen: MappingInfo, context: ToggleContext): boolean {
  const ours = context.sent.get(seen.uuid)?.modifiedMs;
  return ours !== undefined && seen.lastModifiedMs !== undefined && seen.lastModifiedMs > ours;
}

function accept(id: string, seen: MappingInfo, control: Control, context: ToggleContext): void {
  context.baseline.set(id, seen);
  // Safety: a retry may have disabled it while the first attempt, whose answer was lost, is still on its way.
  const certain = (context.sent.get(id)?.lateUntilMs ?? 0) <= context.clock.monotonicMs();
  control.confirmed(id, certain);
}

const interfered = (id: string, what: string, context: ToggleContext): ChaosError =>
  new ChaosError(`${id} ${what}.`, {
    code: 'CHAOS_INJECT_ERROR',
    phase: 'ChaosInject',
    target: targetText(id, context.region),
  });

const tooSlow = (id: string, seen: MappingInfo, context: ToggleContext): ChaosError =>
  new ChaosError(
    `${id} is still ${seen.state} after ${context.schedule.statusTimeoutSeconds} s; streams may take minutes, so consider statusCheckTimeouts.timeout: 300 in the engine (STATUS_CHECK_TIMEOUT).`,
    { code: 'TIMEOUT', phase: 'ChaosInject', target: targetText(id, context.region) },
  );
