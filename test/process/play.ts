import { expect } from '@jest/globals';
import type { RequestRecord } from '../../demo/lambda/model/request-log.ts';
import type { Exit, Product } from '../support/product/product.ts';
import { FOREIGN, OFF_BEFORE, Scene, type SceneOptions } from '../support/product/scene.ts';

/** Longer than any story here may take; a process that hangs is killed and fails its test. */
const LONGEST_MS = 60_000;

export interface PlayOptions extends SceneOptions {
  /** Mappings that need not be Enabled when the story is over, because somebody else saw to that. */
  readonly exempt?: (scene: Scene) => readonly string[];
}

/** Plays a story and checks on its way out what no run may ever break, by what the stand-ins saw. */
export async function play(options: PlayOptions, story: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = await Scene.open(options);
  try {
    await story(scene);
    expect(brokenPromises(scene, options.exempt?.(scene) ?? [])).toEqual([]);
  } catch (error) {
    throw withOutput(error, scene);
  } finally {
    await scene.close();
  }
}

function withOutput(error: unknown, scene: Scene): unknown {
  if (!(error instanceof Error)) return error;
  const outputs = scene.products.map(({ output }, index) => `--- process ${index + 1}\n${output}`);
  error.message = [error.message, ...outputs].join('\n');
  return error;
}

function brokenPromises(scene: Scene, exempt: readonly string[]): string[] {
  const { lambda, ids } = scene;
  const off = ids.filter((id) => !exempt.includes(id) && lambda.mapping(id).state !== 'Enabled');
  const notOurs = [OFF_BEFORE, FOREIGN].filter((id) => writesOf(scene, id).length > 0);
  const strange = writesOf(scene).filter(
    ({ body }) => !/^\{"Enabled":(true|false)\}$/.test(JSON.stringify(body)),
  );
  return [
    ...off.map((id) => `${id} is ${lambda.mapping(id).state}`),
    ...notOurs.map((id) => `${id} was written to`),
    ...strange.map(({ operation, body }) => `${operation} wrote ${JSON.stringify(body)}`),
    ...ids.flatMap((id) => redundant(scene, id)),
  ];
}

/** Writes of ours that took effect although the mapping was as wanted already. */
function redundant(scene: Scene, id: string): string[] {
  let wanted = true;
  return scene.lambda.mapping(id).writes.flatMap(({ applied, by, body }) => {
    const { Enabled } = body as { readonly Enabled?: boolean };
    if (!applied || Enabled === undefined) return [];
    const again = Enabled === wanted && by === 'request';
    wanted = Enabled;
    return again ? [`${id} was asked for Enabled=${Enabled} although it was so already`] : [];
  });
}

/** How a process ended. One that does not is killed. */
export async function ended(product: Product): Promise<Exit> {
  const tooLong = setTimeout(() => product.kill('SIGKILL'), LONGEST_MS);
  const exit = await product.exited;
  clearTimeout(tooLong);
  return exit;
}

/** Starts a pod and waits for its end. Returns the exit code. */
export async function runPod(scene: Scene): Promise<number | null> {
  return (await ended(scene.startPod().product)).code;
}

/**
 * Kills a process that is in its hold, once its journal says so: killed any sooner, its successor has to
 * watch for eighteen seconds whether a disable still arrives.
 */
export async function killInHold(product: Product): Promise<void> {
  await product.logged('hold');
  await pause(300);
  product.kill('SIGKILL');
  await ended(product);
  // The stand-in's Job notices a moment later.
  await pause(20);
}

/** Every request that would change something, by us. */
export const writesOf = (scene: Scene, id?: string): RequestRecord[] =>
  scene.lambda.writes.filter(({ by, label }) => by === 'request' && (id === undefined || label === id));

const isWrite = (enabled: boolean) => (write: RequestRecord) =>
  (write.body as { readonly Enabled?: unknown }).Enabled === enabled;

export const disablesOf = (scene: Scene, id?: string): RequestRecord[] =>
  writesOf(scene, id).filter(isWrite(false));
export const enablesOf = (scene: Scene, id?: string): RequestRecord[] =>
  writesOf(scene, id).filter(isWrite(true));

/** Milliseconds that a mapping spent in `Disabled`, for each time it was. */
export function holdsOf(scene: Scene, id: string): number[] {
  const { transitions } = scene.lambda.mapping(id);
  return transitions.flatMap(({ state, at }, index) => {
    const next = transitions[index + 1];
    return state !== 'Disabled' || next === undefined ? [] : [next.at - at];
  });
}

/** Resolves when `condition` holds. Fails after `ms`. */
export async function until(what: string, condition: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await pause(5);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
