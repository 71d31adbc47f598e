import { AwsError } from '../../aws/errors.ts';
import type { MappingInfo } from '../../aws/gateway.ts';
import { FencedError, messageOf } from '../../runtime/errors.ts';
import type { RevertControl, RevertResult, RevertStatus, RevertTarget } from '../../runtime/fault.ts';
import type { ToggleContext } from './context.ts';
import { tellOfEdit } from './observe.ts';
import { isFailureReason, situationOf } from './states.ts';
import { nextLook, setOut, WATCHING, type Way } from './way.ts';

const FIRST_PAUSE_MS = 200;
/** An outage of minutes is asked about twelve times a minute and a mapping: its end shows within seconds. */
const LONGEST_PAUSE_MS = 5_000;
/** As much of a Retry-After as is heeded. */
const LONGEST_QUIET_MS = 30_000;
/** How long an accepted enable may take to show. */
const UNSEEN_MS = 5_000;
/**
 * Brings the mappings back, all at once and each at its own pace: look, enable if needed, wait for Enabled.
 * The look comes first because an enable of an Enabled mapping is a change too.
 */
export async function revertAll(
  targets: readonly RevertTarget[],
  control: RevertControl,
  context: ToggleContext,
): Promise<RevertResult[]> {
  return Promise.all(
    targets.map(async (target) => {
      const result = await bringBack(target, control, context).catch((error: unknown): RevertResult => {
        // Safety: a bug on one mapping's way must not end the way of the others.
        return { id: target.id, status: 'failed', detail: messageOf(error) };
      });
      control.settled(result);
      return result;
    }),
  );
}

async function bringBack(
  target: RevertTarget,
  control: RevertControl,
  context: ToggleContext,
): Promise<RevertResult> {
  const { id } = target;
  const sent = context.sent.get(id);
  if (!target.inherited && sent === undefined)
    return { id, status: 'already-enabled', detail: 'was never disabled' };
  // Safety: a disable that is under way must have its answer first, or it could arrive after the enable.
  await sent?.answered;
  const way = setOut(target, sent, context, control.permit);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.6)) {
    const status = await step(way, context);
    if (status !== undefined) return settle(way, status, context);
    if (control.deadline.passed) return { id, status: 'failed', detail: way.obstacle, ...sentAt(way) };
    await context.clock.sleep(Math.min(nextLook(way, pause, context), control.deadline.remainingMs + 1));
  }
}

/** One look and, if needed, one write. Undefined: not there yet, `way.obstacle` says why. */
async function step(way: Way, context: ToggleContext): Promise<RevertStatus | undefined> {
  try {
    const seen = await context.reader.read(way.id, 'revert');
    if (seen === 'gone') return 'gone';
    return await act(way, seen, context);
  } catch (error) {
    // Safety: whoever has the run now may have begun to disable it again; an enable of ours would cut that window short.
    if (error instanceof FencedError) return 'left';
    way.obstacle = messageOf(error);
    way.busy = error instanceof AwsError && error.kind === 'busy';
    const quietMs = error instanceof AwsError ? (error.retryAfterMs ?? 0) : 0;
    // Safety: a proxy's Retry-After of an hour must not become an hour with the mapping off.
    way.quietUntilMs = context.clock.monotonicMs() + Math.min(quietMs, LONGEST_QUIET_MS);
    context.emit({
      type: 'retry',
      what: `enabling ${way.id} again`,
      attempt: (way.failures += 1),
      waitMs: 0,
      error: way.obstacle,
    });
    return undefined;
  }
}

async function act(way: Way, seen: MappingInfo, context: ToggleContext): Promise<RevertStatus | undefined> {
  const situation = situationOf(seen.state);
  if (way.sentAtMs === undefined) tellOfEdit(seen, context);
  switch (situation) {
    case 'enabled':
      return arrived(way, seen, context);
    case 'deleting':
      return 'gone';
    case 'switching-on':
    case 'updating':
      way.obstacle = `is ${seen.state}`;
      return undefined;
    case 'switching-off':
    case 'disabled':
    case 'unknown':
      way.obstacle = `is ${seen.state}`;
      // Asked once while it is still Disabling, so that the request is out even if this process dies now.
      if (situation === 'switching-off' && way.busy) return undefined;
      if (context.clock.monotonicMs() < way.resendAtMs) return undefined;
      await enable(way, context);
      return undefined;
  }
}

async function enable(way: Way, context: ToggleContext): Promise<void> {
  const beforeSend = async (): Promise<void> => {
    await way.permit?.();
    way.sentAtMs = context.clock.monotonicMs();
    context.emit({ type: 'revert-sent', target: way.id });
  };
  // Asked here too, outside the time that the request may take, so that an API that hangs is the obstacle by its name.
  await way.permit?.();
  way.sentAtMs = context.clock.monotonicMs();
  await context.gateway.setEnabled(way.id, true, { lane: 'revert', beforeSend });
  way.failures = 0;
  way.resendAtMs = context.clock.monotonicMs() + UNSEEN_MS;
  way.obstacle = 'was asked to be enabled and is not Enabled yet';
}

function arrived(way: Way, seen: MappingInfo, context: ToggleContext): RevertStatus | undefined {
  if (context.clock.monotonicMs() < way.lateUntilMs) {
    way.obstacle = WATCHING;
    return undefined;
  }
  if (isFailureReason(seen.stateTransitionReason)) {
    context.emit({
      type: 'warning',
      message: `${way.id} is Enabled, but Lambda gives the reason ${seen.stateTransitionReason ?? ''}: check that it really polls.`,
    });
  }
  context.baseline.set(way.id, seen);
  return way.sentAtMs === undefined ? 'already-enabled' : 'reverted';
}

function settle(way: Way, status: RevertStatus, context: ToggleContext): RevertResult {
  context.sent.delete(way.id);
  const detail = {
    reverted: 'enabled again and seen Enabled',
    'already-enabled': 'was Enabled when it was looked at',
    gone: 'no longer exists',
    left: 'is left to the process that has the run now',
    failed: way.obstacle,
  };
  return { id: way.id, status, detail: detail[status], ...sentAt(way) };
}

const sentAt = (way: Way): { sentAtMs?: number } =>
  way.sentAtMs === undefined ? {} : { sentAtMs: way.sentAtMs };
