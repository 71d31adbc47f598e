import { Deadline } from './deadline.ts';
import { ChecksFailedError } from './errors.ts';
import type { ProbesSoFar } from './events.ts';
import type { Plan } from './fault.ts';
import { injectAll } from './forward.ts';
import { heldByOthers } from './rivals.ts';
import type { Run } from './run.ts';

/** The forward path: checks, probes, ramp, every cycle, ramp, probes. Throws at the first thing that ends the run. */
export async function perform(run: Run): Promise<void> {
  const plan = await check(run);
  await withProbes(
    run,
    () => run.probes.preChaos(run.signal),
    (probes) => {
      run.emit({ type: 'pre-chaos', ok: true, ...probes });
    },
  );
  await ramp(run, 'before');
  await injectAll(run, plan.targets);
  await ramp(run, 'after');
  const ok = run.lost.size === 0;
  await withProbes(
    run,
    () => run.probes.postChaos(run.signal),
    (probes) => {
      run.emit({ type: 'post-chaos', ok, ...probes });
    },
  );
}

/** Evaluates probes and tells how they came out, whether or not that ends the run. */
async function withProbes(
  run: Run,
  evaluate: () => Promise<void>,
  tell: (probes: { probes?: ProbesSoFar }) => void,
): Promise<void> {
  try {
    await evaluate();
  } catch (error) {
    tell({ probes: 'unsuccessful' });
    throw error;
  }
  const verdicts = run.probes.verdicts();
  if (verdicts.length === 0) tell({});
  else tell({ probes: verdicts.some(({ verdict }) => verdict === 'Failed') ? 'unsuccessful' : 'successful' });
}

async function check(run: Run): Promise<Plan> {
  const { fault, schedule, clock, signal, journal } = run;
  try {
    const found = await fault.discover({
      signal,
      deadline: new Deadline(clock, schedule.statusTimeoutSeconds * 1000),
    });
    const held = await heldByOthers(
      found.targets.map((target) => target.id),
      run,
    );
    const plan = { ...found, problems: [...found.problems, ...held] };
    run.emit({ type: 'planned', plan });
    if (plan.problems.length > 0) throw new ChecksFailedError(plan.problems);
    journal.describe({ context: plan.context });
    return plan;
  } catch (error) {
    run.emit({ type: 'pre-chaos', ok: false });
    throw error;
  }
}

async function ramp(run: Run, position: 'before' | 'after'): Promise<void> {
  // A signal that came while the last mappings were brought back waited for that, and still stops the run.
  run.signal.throwIfAborted();
  const { rampSeconds } = run.schedule;
  if (rampSeconds === 0) return;
  run.emit({ type: 'ramp', position, seconds: rampSeconds });
  await run.clock.sleep(rampSeconds * 1000, run.signal);
}
