import type { MappingView } from '../demo/lambda/view.ts';
import { Scene } from '../test/support/product/scene.ts';
import { bareNodeMs } from './bare.ts';
import { tally, type Calls, type Figure, type Sample } from './figures.ts';
import { peakMemory } from './memory.ts';
import { mustEnd } from './product.ts';
import type { Size } from './size.ts';

/** What AWS takes is longer, tens of seconds; it changes the number of looks, not the error of the hold. */
export const LAG_MS = 1_000;
const MEMORY_AIM_MB = 100;
const LONGEST_MS = 180_000;
/** Starts burn a core each: spread, so that none falls into another's hold. */
const STAGGER_MS = 400;

interface Whole {
  readonly bareMs: number;
  /** Milliseconds beyond the asked hold that the mappings were `Disabled`: the shortest and the longest of all. */
  readonly shortest: number;
  readonly longest: number;
  readonly peakMb: number | undefined;
  readonly requests: readonly string[];
}

/** Runs from start to verdict under a ChaosEngine, with the product's defaults: hold error, peak memory, requests. */
export async function measureWholeRuns(
  mappings: number,
  size: Size,
): Promise<{ figures: Figure[]; calls: Calls }> {
  const runs = await Promise.all(
    Array.from({ length: size.runs }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * STAGGER_MS));
      return wholeRun(mappings, size);
    }),
  );
  return { figures: figuresOf(runs, mappings), calls: tally(runs.map(({ requests }) => requests)) };
}

function figuresOf(runs: readonly Whole[], mappings: number): Figure[] {
  const plural = mappings === 1 ? '1 mapping' : `${mappings} mappings`;
  const of = (pick: (run: Whole) => number): Sample[] =>
    runs.map((run) => ({ value: pick(run), bareMs: run.bareMs }));
  const hold = (name: string, samples: readonly Sample[]): Figure => ({ name, unit: 'ms', samples });
  const shortest = of(({ shortest: value }) => value);
  const holds =
    mappings === 1
      ? [hold(`hold error, ${plural}`, shortest)]
      : [
          hold(`hold error, ${plural}, shortest held`, shortest),
          hold(
            `hold error, ${plural}, longest held`,
            of(({ longest }) => longest),
          ),
        ];
  const measured = runs.filter(({ peakMb }) => peakMb !== undefined);
  if (measured.length === 0) return holds;
  const peaks = measured.map(({ bareMs, peakMb = 0 }) => ({ value: peakMb, bareMs }));
  return [...holds, { name: `peak memory, ${plural}`, unit: 'MB', samples: peaks, aim: MEMORY_AIM_MB }];
}

async function wholeRun(mappings: number, { holdSeconds, apiRate }: Size): Promise<Whole> {
  const rate: Record<string, string> = apiRate === undefined ? {} : { API_RATE: String(apiRate) };
  // Empty means the default, as in a chart.
  const env = { TOTAL_CHAOS_DURATION: String(holdSeconds), STATUS_CHECK_DELAY: '', ...rate };
  const bareMs = await bareNodeMs();
  const scene = await Scene.open({ mappings, lagMs: LAG_MS, env });
  const { product } = scene.startPod();
  try {
    const [peakMb] = await Promise.all([peakMemory(product), mustEnd(product, LONGEST_MS)]);
    const errors = scene.ids.map((id) => offMs(scene.lambda.mapping(id)) - holdSeconds * 1000);
    const requests = requestsOf(scene);
    return { bareMs, shortest: Math.min(...errors), longest: Math.max(...errors), peakMb, requests };
  } finally {
    product.kill('SIGKILL');
    await scene.close();
  }
}

/** From `Disabled` to the enable's arrival, by the stand-in's own clock. @throws Error when it was not off once and is on now */
function offMs({ uuid, state, transitions }: MappingView): number {
  const times = (wanted: string): number[] =>
    transitions.flatMap((entry) => (entry.state === wanted ? entry.at : []));
  const [[off, ...more], [on]] = [times('Disabled'), times('Enabling')];
  if (off === undefined || on === undefined || more.length > 0 || state !== 'Enabled') {
    throw new Error(`${uuid} is ${state} after ${transitions.map((entry) => entry.state).join(', ')}`);
  }
  return on - off;
}

const requestsOf = ({ lambda, kube }: Scene): string[] => [
  ...lambda.requests.map(({ operation }) => `AWS ${operation}`),
  ...kube.requests.map(({ verb, resource }) => `Kubernetes ${verb} ${resource}`),
];
