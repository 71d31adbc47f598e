import { nameOf, pointsOf, SCENARIOS, shuffled, type Point, type Scenario } from './points.ts';
import { runTrial, type TrialReport } from './trial.ts';

export interface Failure {
  readonly point: string;
  readonly report: TrialReport;
}

export interface Tally {
  /** Ways to die that there are. */
  readonly known: number;
  /** Ways to die that were tried and happened. */
  readonly struck: number;
  readonly survived: number;
  readonly runs: number;
  readonly leftDisabled: number;
  readonly failures: readonly Failure[];
  readonly verdicts: Readonly<Record<string, number>>;
}

export interface SuiteOptions {
  /** Stop taking up new points after this many milliseconds. */
  readonly budgetMs: number;
  readonly parallel: number;
  /** Names of points that survived an earlier, interrupted run. */
  readonly done: ReadonlySet<string>;
  readonly scenarios?: readonly Scenario[];
  readonly onTrial?: (name: string, report: TrialReport, progress: { tried: number; known: number }) => void;
}

/** The line that the README quotes. */
export const headline = (tally: Tally): string =>
  `crash points survived: ${tally.survived} / ${tally.struck} · runs: ${tally.runs} · left disabled: ${tally.leftDisabled}`;

/** Counts the requests of each scenario, then kills it at each of them. */
export async function runSuite(options: SuiteOptions): Promise<Tally> {
  const endsAt = performance.now() + options.budgetMs;
  const calm = await pool(options.scenarios ?? SCENARIOS, options.parallel, (scenario) => measure(scenario));
  const points = shuffled(calm.flat(), 20261123);
  const left = points.filter((point) => !options.done.has(nameOf(point)));
  const tally = {
    known: points.length,
    struck: options.done.size,
    survived: options.done.size,
    runs: 0,
    leftDisabled: 0,
  };
  const failures: Failure[] = [];
  const verdicts: Record<string, number> = {};
  await pool(left, options.parallel, async (point) => {
    if (performance.now() >= endsAt) return;
    const report = await runTrial(point.scenario, point);
    tally.runs += report.processes;
    tally.leftDisabled += report.leftDisabled;
    // A run that was over sooner than the calm one was not struck: it proves nothing.
    if (report.reached) tally.struck += 1;
    if (report.reached && report.broken.length === 0) tally.survived += 1;
    if (report.broken.length > 0) failures.push({ point: nameOf(point), report });
    verdicts[report.verdict] = (verdicts[report.verdict] ?? 0) + 1;
    options.onTrial?.(nameOf(point), report, { tried: tally.struck, known: tally.known });
  });
  return { ...tally, failures, verdicts };
}

async function measure(scenario: Scenario): Promise<Point[]> {
  const report = await runTrial(scenario);
  if (report.verdict !== 'Pass')
    throw new Error(`an undisturbed run ended as ${report.verdict}:\n${report.output}`);
  return pointsOf(scenario, report.requests);
}

/** Runs `work` over `items`, at most `size` at a time, in order. */
async function pool<T, R>(items: readonly T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
  return results;
}
