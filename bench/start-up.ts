import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counter, Proxy } from '../test/support/product/proxy.ts';
import { startProduct, type Product } from '../test/support/product/product.ts';
import { Scene, type Routes } from '../test/support/product/scene.ts';
import { bareNodeMs } from './bare.ts';
import type { Figure, Sample } from './figures.ts';
import { mustEnd } from './product.ts';

type Env = Readonly<Record<string, string>>;
type Start = (scene: Scene, routes: Routes, cache: Env) => Product;

const FIRST_REQUEST_AIM_MS = 250;
const LONGEST_MS = 30_000;

const underEngine: Start = (scene, routes) => scene.startPod(routes).product;

/**
 * Start to first request, under a ChaosEngine (it goes to Kubernetes) and standalone (it goes to AWS), with V8's
 * compile cache as one complete run leaves it, and without. One round after the other, each with its `node -e 0`.
 */
export async function measureStartUp(rounds: number, tell: (text: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const standalone: Start = (scene, { lambda }, cache) =>
    startProduct(['run', '--journal', join(folder, 'journal.json')], {
      ...standaloneEnv(scene, lambda),
      ...cache,
    });
  const variants = [
    { name: 'under a ChaosEngine', start: underEngine },
    { name: 'standalone', start: standalone },
  ].flatMap(({ name, start }) => [
    { name: `${name}, warm compile cache`, start, cache: cached(folder, name), aim: FIRST_REQUEST_AIM_MS },
    { name: `${name}, no compile cache`, start, cache: UNCACHED, aim: undefined },
  ]);
  try {
    for (const { start, cache } of variants) if (cache !== UNCACHED) await fill(start, cache);
    const samples = variants.map((): Sample[] => []);
    for (let round = 1; round <= rounds; round += 1) {
      tell(`start-up ${round}/${rounds}`);
      for (const [index, { start, cache }] of variants.entries()) {
        const bareMs = await bareNodeMs();
        samples[index]?.push({ value: await firstRequestMs(start, cache), bareMs });
      }
    }
    return variants.map(({ name, aim }, index) => ({
      name: `start to first request, ${name}`,
      unit: 'ms',
      samples: samples[index] ?? [],
      ...(aim === undefined ? {} : { aim }),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const UNCACHED: Env = { NODE_DISABLE_COMPILE_CACHE: '1' };
const cached = (folder: string, name: string): Env => ({
  NODE_COMPILE_CACHE: join(folder, `cache-${name.replaceAll(' ', '-')}`),
});

/** Only a process that ends by itself writes its cache: one that is killed leaves none. */
async function fill(start: Start, env: Env): Promise<void> {
  const scene = await Scene.open({ mappings: 1, env });
  try {
    await mustEnd(start(scene, { lambda: scene.lambda.url, kube: scene.kube.url }, env), LONGEST_MS);
  } finally {
    await scene.close();
  }
}

/** Milliseconds from spawn to the moment at which a server has read the first request, whichever API it is for. */
async function firstRequestMs(start: Start, env: Env): Promise<number> {
  const scene = await Scene.open({ mappings: 1, env });
  const asked = Promise.withResolvers<number>();
  const counter = new Counter();
  const watch = (): 'drop' => {
    asked.resolve(performance.now());
    return 'drop';
  };
  const proxies = [new Proxy(scene.lambda.url, counter, watch), new Proxy(scene.kube.url, counter, watch)];
  const [lambda = '', kube = ''] = await Promise.all(proxies.map((proxy) => proxy.listen()));
  const startedAt = performance.now();
  const product = start(scene, { lambda, kube }, env);
  try {
    const ended = product.exited.then(() =>
      Promise.reject(new Error(`it asked nothing:\n${product.output}`)),
    );
    return (await Promise.race([asked.promise, ended])) - startedAt;
  } finally {
    product.kill('SIGKILL');
    await product.exited;
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await scene.close();
  }
}

const standaloneEnv = (scene: Scene, lambda: string): Env => ({
  AWS_ENDPOINT_URL: lambda,
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'bench',
  REGION: 'us-east-1',
  FUNCTION_NAME: 'orders',
  EVENT_UUIDS: scene.ids.join(','),
  TOTAL_CHAOS_DURATION: '1',
});
