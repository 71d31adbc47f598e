import { Counter, Proxy, type Watch } from '../support/product/proxy.ts';
import { FOREIGN, OFF_BEFORE, Scene, type Pod } from '../support/product/scene.ts';
import type { Product } from '../support/product/product.ts';
import type { Point, Scenario } from './points.ts';

export interface TrialReport {
  /** The request was made, so the strike happened. */
  readonly reached: boolean;
  /** What was promised and not kept; empty is survival. */
  readonly broken: readonly string[];
  readonly leftDisabled: number;
  /** Processes that were started. */
  readonly processes: number;
  readonly requests: number;
  readonly verdict: string;
  /** What the processes printed, for the trials that broke a promise. */
  readonly output: string;
}

/** How many pods a Job starts at the most before this suite calls it hopeless. */
const MOST_PODS = 4;
const LATE_MS = 1_000;
const KILL_AFTER_TERM_MS = 2_000;
const LONGEST_MS = 90_000;

/** Plays one scenario with one strike, then starts pods as the Job would until one exits 0. */
export async function runTrial(scenario: Scenario, point?: Point): Promise<TrialReport> {
  const scene = await Scene.open({ mappings: scenario.mappings, env: tunables(scenario) });
  const counter = new Counter();
  let struck = false;
  let victim: Pod | undefined;
  const watch: Watch = (count, moment) => {
    if (struck || point === undefined || count !== point.request || moment !== momentOf(point)) return 'pass';
    struck = true;
    strike(victim?.product, point);
    return fateOf(point);
  };
  const proxies = [
    new Proxy(scene.lambda.url, counter, watch),
    new Proxy(scene.kube.url, counter, watch),
  ] as const;
  const [lambda, kube] = await Promise.all(proxies.map((proxy) => proxy.listen()));
  const pods: Pod[] = [];
  try {
    victim = scene.startPod({ lambda: lambda ?? '', kube: kube ?? '' });
    pods.push(victim);
    const requests = await end(scene, pods, counter);
    return {
      ...judge(scene, pods),
      reached: struck,
      requests,
      processes: pods.length,
      output: outputOf(pods),
    };
  } finally {
    for (const { product } of pods) product.kill('SIGKILL');
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await scene.close();
  }
}

const outputOf = (pods: readonly Pod[]): string =>
  pods.map(({ name, product }) => `--- ${name}\n${product.output}`).join('\n');

/** The Job: a pod that does not exit 0 is replaced. Returns the requests that the first pod made. */
async function end(scene: Scene, pods: Pod[], counter: Counter): Promise<number> {
  let code = await within(pods.at(-1)?.product);
  const requests = counter.count;
  while (code !== 0 && pods.length < MOST_PODS) {
    pods.push(scene.startPod());
    code = await within(pods.at(-1)?.product);
  }
  return requests;
}

async function within(product: Product | undefined): Promise<number | null> {
  if (product === undefined) return null;
  const tooLong = setTimeout(() => product.kill('SIGKILL'), LONGEST_MS);
  const { code } = await product.exited;
  clearTimeout(tooLong);
  return code;
}

const momentOf = (point: Point): 'before' | 'after' => (point.moment === 'after' ? 'after' : 'before');

function fateOf(point: Point): 'pass' | 'drop' | number {
  if (point.moment === 'late') return LATE_MS;
  return point.strike === 'kill' ? 'drop' : 'pass';
}

function strike(product: Product | undefined, { strike: how }: Point): void {
  if (product === undefined) return;
  product.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
  if (how === 'term-kill') setTimeout(() => product.kill('SIGKILL'), KILL_AFTER_TERM_MS).unref();
}

/** The promises, read off the stand-ins and never off what the product says of itself. */
function judge(scene: Scene, pods: readonly Pod[]): Pick<TrialReport, 'broken' | 'leftDisabled' | 'verdict'> {
  const off = scene.ids.filter((id) => scene.lambda.mapping(id).state !== 'Enabled');
  const broken = off.map((id) => `${id} is ${scene.lambda.mapping(id).state}`);
  for (const id of [OFF_BEFORE, FOREIGN]) {
    if (scene.lambda.mapping(id).writes.length > 0) broken.push(`${id} was written to`);
  }
  const strange = scene.lambda.writes.filter(
    ({ body }) => !/^\{"Enabled":(true|false)\}$/.test(JSON.stringify(body)),
  );
  if (strange.length > 0) broken.push('something else than Enabled was written');
  if (scene.injectors.length > 1) broken.push(`${scene.injectors.join(' and ')} both injected`);
  const verdict = verdictOf(scene);
  if (!/^(Pass|Fail|Stopped|Error)$/.test(verdict)) broken.push(`the verdict is ${verdict}`);
  const counted = countedRuns(scene);
  if (counted > 1) broken.push(`one run was counted ${counted} times`);
  if (pods.at(-1)?.product.alive !== false) broken.push('a pod never ended');
  return { broken, leftDisabled: off.length, verdict };
}

interface ResultStatus {
  readonly experimentStatus?: { readonly verdict?: string };
  readonly history?: {
    readonly passedRuns: number;
    readonly failedRuns: number;
    readonly stoppedRuns: number;
  };
}

const statusOf = (scene: Scene): ResultStatus => scene.result?.status ?? {};
const verdictOf = (scene: Scene): string => statusOf(scene).experimentStatus?.verdict ?? 'missing';

function countedRuns(scene: Scene): number {
  const { history } = statusOf(scene);
  return history === undefined ? 0 : history.passedRuns + history.failedRuns + history.stoppedRuns;
}

const tunables = ({ sequence, cycles }: Scenario): Record<string, string> => ({
  SEQUENCE: sequence,
  TOTAL_CHAOS_DURATION: String(cycles),
  CHAOS_INTERVAL: '1',
  // The stand-in takes more, and these runs have it to themselves.
  API_RATE: '50',
});
