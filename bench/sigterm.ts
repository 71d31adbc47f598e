import { startLambda, type LambdaStandIn } from '../demo/lambda/server.ts';
import { AWS_RATE_LIMIT } from '../demo/lambda/model/throttle.ts';
import { Scene, type Pod } from '../test/support/product/scene.ts';
import { bareNodeMs } from './bare.ts';
import type { Figure, Sample } from './figures.ts';
import { mustEnd } from './product.ts';

/** Runs that are prepared together; they then wait in their holds and are ended one after the other. */
const TOGETHER = 5;
/** The forward path of a run leaves nothing over of the account's requests. */
const FORWARD_PER_SECOND = 14;
/** The stand-in's token bucket is full again. */
const QUIET_MS = 1_100;
const LONGEST_MS = 120_000;
/** The run checks each mapping at API_RATE before it disables it. */
const REACHED_MS = 60_000;

interface Held {
  readonly scene: Scene;
  readonly lambda: LambdaStandIn;
  readonly pod: Pod;
}

interface Way {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly bareMs: number;
}

/**
 * SIGTERM in the hold to the first and to the last enable that the stand-in receives. The stand-in refuses what is
 * above 15 requests a second, as AWS does for an account; its bucket, like the product's, holds one second's worth.
 */
export async function measureSigterm(
  mappings: number,
  runs: number,
  tell: (text: string) => void,
): Promise<Figure[]> {
  const ways: Way[] = [];
  while (ways.length < runs) {
    tell(`SIGTERM with ${mappings} mappings ${ways.length}/${runs}`);
    const count = Math.min(TOGETHER, runs - ways.length);
    ways.push(...(await endHolds(mappings, count)));
  }
  const plural = mappings === 1 ? '1 mapping' : `${mappings} mappings`;
  const of = (pick: (way: Way) => number): Sample[] =>
    ways.map((way) => ({ value: pick(way), bareMs: way.bareMs }));
  const first: Figure = {
    name: `SIGTERM to first enable, ${plural}`,
    unit: 'ms',
    samples: of((way) => way.firstMs),
  };
  const last = {
    name: `SIGTERM to last enable, ${plural}`,
    unit: 'ms',
    samples: of((way) => way.lastMs),
  } as const;
  const limit = (mappings / AWS_RATE_LIMIT.controlPlanePerSecond) * 1000;
  return [first, { ...last, limit }];
}

async function endHolds(mappings: number, count: number): Promise<Way[]> {
  const held = await Promise.all(Array.from({ length: count }, () => reachHold(mappings)));
  try {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const ways: Way[] = [];
    for (const one of held) ways.push(await endOne(one));
    return ways;
  } finally {
    for (const { pod } of held) pod.product.kill('SIGKILL');
    await Promise.all(held.flatMap(({ scene, lambda }) => [scene.close(), lambda.close()]));
  }
}

async function reachHold(mappings: number): Promise<Held> {
  const env = { TOTAL_CHAOS_DURATION: String(LONGEST_MS / 1000), API_RATE: String(FORWARD_PER_SECOND) };
  const scene = await Scene.open({ mappings, env });
  const lambda = await startLambda({
    rateLimit: AWS_RATE_LIMIT,
    lags: { disablingLagMs: 30, enablingLagMs: 30 },
  });
  lambda.addFunction({ name: 'orders' });
  for (const uuid of scene.ids)
    lambda.addMapping({ uuid, functionName: 'orders', lastProcessingResult: 'OK' });
  const pod = scene.startPod({ lambda: lambda.url, kube: scene.kube.url });
  const giveUp = setTimeout(() => pod.product.kill('SIGKILL'), REACHED_MS);
  await pod.product.logged('hold').finally(() => clearTimeout(giveUp));
  return { scene, lambda, pod };
}

async function endOne({ scene, lambda, pod }: Held): Promise<Way> {
  const bareMs = await bareNodeMs();
  const sentAt = lambda.now();
  pod.product.kill('SIGTERM');
  await mustEnd(pod.product, LONGEST_MS);
  const enables = lambda.writes.filter(({ body }) => JSON.stringify(body) === '{"Enabled":true}');
  const accepted = enables.filter(({ applied }) => applied).map(({ at }) => at - sentAt);
  if (accepted.length !== scene.ids.length) {
    throw new Error(`${scene.ids.length} mappings, ${accepted.length} enables:\n${pod.product.output}`);
  }
  return { firstMs: Math.min(...accepted), lastMs: Math.max(...accepted), bareMs };
}
