import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoOptions, Pace } from './options.ts';
import type { StateView } from './lambda/view.ts';
import type { LogLine } from './log-line.ts';
import type { Model } from './model.ts';
import { isDrained } from './account.ts';
import { askLambda } from './ask-lambda.ts';
import type { Ending, Kill, PodEnding } from './ending.ts';
import { readHypotheses } from './hypotheses.ts';
import { journalOf, Pod, type PodSpec } from './product.ts';
import type { StandIn } from './stand-in.ts';
import { BYSTANDERS, TARGETS } from './world.ts';

export interface Stage {
  readonly options: DemoOptions;
  readonly pace: Pace;
  readonly podSpec: PodSpec;
  readonly standIn: StandIn;
  readonly model: Model;
  /** Keeps every line of the product's log. */
  readonly keep: (raw: string) => void;
  /** Ctrl-C. Ends every pause; the revert is waited for all the same. */
  readonly stop: AbortSignal;
}

/** The whole story, from traffic to drained backlogs. Whatever happens in it, no pod outlives it. */
export async function tell(stage: Stage): Promise<Ending> {
  const { model, standIn, pace, stop, options, podSpec } = stage;
  const pods: Pod[] = [];
  try {
    let kill: Kill | undefined;
    await pause(pace.trafficMs, stop);
    if (!stop.aborted) kill = await chaos(stage, pods);
    model.see(await standIn.state());
    model.enter('draining', Date.now());
    const endings = await Promise.all(pods.map(endingOf));
    const answer = await askLambda(standIn.url, [...TARGETS, ...BYSTANDERS.map(({ spec }) => spec.uuid)]);
    const final = await drained(stage);
    model.enter('over', Date.now());
    const { sights } = model.picture;
    const hypotheses = options.probes ? readHypotheses(journalOf(podSpec)) : [];
    return { options, interrupted: stop.aborted, pods: endings, kill, hypotheses, answer, final, sights };
  } finally {
    await Promise.all(pods.map(({ child }) => child.stop(REVERT_MS)));
  }
}

/** The one pod of the run, or with a crash the pod that is killed and the next one. */
async function chaos(stage: Stage, pods: Pod[]): Promise<Kill | undefined> {
  const first = startPod('pod-1', stage, pods);
  if (!stage.options.crash) {
    await ended(first, stage);
    return undefined;
  }
  const kill = await killInHold(first, stage);
  if (kill === undefined) return undefined;
  const next = startPod('pod-2', stage, pods);
  await ended(next, stage);
  return { ...kill, nextPodAtMs: next.startedAtMs };
}

function startPod(name: string, stage: Stage, pods: Pod[]): Pod {
  const { model, keep, podSpec, stop } = stage;
  const pod = new Pod(name, podSpec, (line: LogLine, raw: string) => {
    keep(raw);
    model.hear(line);
  });
  pods.push(pod);
  model.say(`[Demo] ${name} is started (pid ${pod.child.pid}).`, Date.now());
  stop.addEventListener('abort', () => pod.child.kill('SIGTERM'), { once: true });
  return pod;
}

/** Everything around the hold: transitions, ramps and what a slow machine adds. */
const AROUND_HOLD_MS = 60_000;
/** REVERT_TIMEOUT of the pods and a bit. */
const REVERT_MS = 40_000;

async function ended(pod: Pod, stage: Stage): Promise<void> {
  const patience = stage.options.holdSeconds * 1000 + AROUND_HOLD_MS;
  if (!(await pod.child.endedWithin(patience))) await pod.child.stop(REVERT_MS);
}

/** Undefined when the pod has ended before, or the demo was asked to end. */
async function killInHold(pod: Pod, stage: Stage): Promise<Omit<Kill, 'nextPodAtMs'> | undefined> {
  const { model, standIn, pace, stop } = stage;
  if (await pod.logged('hold')) await pause(pace.killAfterMs, stop);
  if (stop.aborted || !pod.child.alive) {
    await ended(pod, stage);
    return undefined;
  }
  pod.child.kill('SIGKILL');
  const atMs = Date.now();
  await pod.exited;
  model.enter('nobody', atMs);
  model.say(`[Demo] SIGKILL: ${pod.name} is dead, and nobody is there to revert.`, atMs, 'error');
  const alone = await standIn.state();
  await pause(pace.nobodyMs, stop);
  return { atMs, alone, stillAlone: await standIn.state() };
}

/** The state when the backlogs have drained, or when the patience with that is over: at once after Ctrl-C. */
async function drained({ standIn, model, pace, stop }: Stage): Promise<StateView> {
  const giveUpAtMs = Date.now() + pace.drainMs;
  for (;;) {
    const state = await standIn.state();
    model.see(state);
    const waiting = state.mappings.filter(
      ({ uuid, ledger }) => TARGETS.includes(uuid) && !isDrained(ledger.backlog),
    );
    if (waiting.length === 0 || stop.aborted || Date.now() > giveUpAtMs) return state;
    await pause(200, stop);
  }
}

async function endingOf(pod: Pod): Promise<PodEnding> {
  const { name, startedAtMs, lines } = pod;
  return { name, startedAtMs, lines, exit: await pod.exited };
}

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal: stop }).catch(() => undefined);
