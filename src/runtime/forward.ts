import { Deadline } from './deadline.ts';
import { ChaosError } from './errors.ts';
import type { Target } from './fault.ts';
import { hold } from './hold.ts';
import { openTargets } from './journal.ts';
import { restore } from './restore.ts';
import { refuseRivals } from './rivals.ts';
import type { Run } from './run.ts';
import { dueSeconds, planGroups, planHolds } from './schedule.ts';

/** A look at the targets that is older than this is taken again before they are disabled. */
const LOOK_FRESH_MS = 1_000;

/** Every cycle of every group, one after the other. Throws at the first thing that ends the run. */
export async function injectAll(run: Run, targets: readonly Target[]): Promise<void> {
  const holds = planHolds(run.schedule);
  const groups = planGroups(
    run.schedule,
    targets.map((target) => target.id),
  );
  for (const group of groups) {
    for (const [index, holdSeconds] of holds.entries()) {
      // What somebody else has enabled or deleted is not disabled again.
      const ids = group.filter((id) => !run.lost.has(id));
      if (ids.length === 0) break;
      run.emit({ type: 'cycle', cycle: index + 1, cycles: holds.length, targets: ids, holdSeconds });
      await oneCycle(
        run,
        targets.filter((target) => ids.includes(target.id)),
        holdSeconds,
      );
    }
  }
}

async function oneCycle(run: Run, targets: readonly Target[], holdSeconds: number): Promise<void> {
  const ids = targets.map((target) => target.id);
  await disable(run, targets, holdSeconds);
  const { settleSeconds } = run.schedule;
  if (settleSeconds > 0) await run.clock.sleep(settleSeconds * 1000, run.signal);
  run.book.asked(ids, holdSeconds * 1000);
  run.emit({ type: 'hold', targets: ids, seconds: holdSeconds });
  // The hold counts from here: the last target was confirmed off a moment ago, and has settled.
  const endMs = run.clock.monotonicMs() + holdSeconds * 1000;
  run.probes.chaosOn();
  try {
    await hold(ids, endMs, { ...run, lost: (id, kind, message) => run.lose(id, kind, message) });
  } finally {
    run.probes.chaosOff();
  }
  await enable(run, 'the hold is over');
}

async function disable(run: Run, targets: readonly Target[], holdSeconds: number): Promise<void> {
  const { fault, journal, signal, clock } = run;
  const ids = targets.map((target) => target.id);
  const deadline = new Deadline(clock, run.schedule.statusTimeoutSeconds * 1000);
  await fault.recheck(ids, { signal, deadline });
  const lookedAtMs = clock.monotonicMs();
  const stampDeadline = (): void => {
    const due = clock.now().getTime() + dueSeconds(run.schedule, holdSeconds) * 1000;
    journal.describe({ deadline: new Date(due).toISOString() });
  };
  stampDeadline();
  // Safety: the intent is durable before the first disable is sent.
  await journal.intend(targets, signal);
  // Safety: of two runs that begin at one moment each looks after its own intent, so at least one sees the other's.
  await refuseRivals(ids, run);
  // Safety: whoever switched one off while the journal was slow wants it off; disabling it would make it ours to enable.
  if (clock.monotonicMs() - lookedAtMs > LOOK_FRESH_MS) await fault.recheck(ids, { signal, deadline });
  const permit = (): Promise<void> => {
    stampDeadline();
    return journal.permit(signal);
  };
  const startedAtMs = clock.monotonicMs();
  await fault.inject(ids, { signal, deadline, permit });
  const confirmed = (id: string, certain: boolean): void => {
    run.book.confirmed(id);
    // Safety: it stays `targeted` while a disable may still arrive, which a later process has to wait for.
    if (certain) journal.note(id, 'injected');
    run.emit({ type: 'injected', target: id, afterMs: Math.round(clock.monotonicMs() - startedAtMs) });
  };
  const confirmBy = new Deadline(clock, run.schedule.statusTimeoutSeconds * 1000);
  await fault.confirm(ids, { signal, deadline: confirmBy, confirmed });
}

async function enable(run: Run, why: string): Promise<void> {
  const failed = (await revertOpen(run, why)).filter((result) => result.status === 'failed');
  if (failed.length === 0) return;
  throw new ChaosError(
    `${failed.length} ${run.fault.noun}(s) could not be enabled again: ${failed.map((f) => `${f.id} (${f.detail})`).join(', ')}`,
    { code: 'CHAOS_REVERT_ERROR', phase: 'ChaosInject', target: failed.map((f) => f.id).join(',') },
  );
}

/** Brings back whatever is still open in this run's journal, and enters in the book how long it was held. */
export async function revertOpen(run: Run, why: string): ReturnType<typeof restore> {
  const open = openTargets(run.journal.record).filter((id) => !run.givenUp.has(id));
  const targets = open.map((id) => ({ id, inherited: false, lateWriteMs: 0 }));
  const lookedAtMs = run.clock.monotonicMs();
  const results = await restore(targets, why, {
    ...run,
    revertTimeoutMs: run.schedule.revertTimeoutSeconds * 1000,
  });
  for (const result of results) {
    run.book.detail(result.id, result.detail);
    if (result.status === 'failed') run.givenUp.add(result.id);
    const wasHeld = run.book.isHeld(result.id);
    run.book.ended(result.id, result.sentAtMs ?? lookedAtMs);
    if (wasHeld && result.sentAtMs === undefined && result.status !== 'failed') {
      run.lose(result.id, result.status === 'gone' ? 'gone' : 'released', result.detail);
    }
  }
  return results;
}
