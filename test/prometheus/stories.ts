import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '../support/product/product.ts';
import type { Scene } from '../support/product/scene.ts';
import { ended, play } from '../process/play.ts';
import type { Prometheus } from './server.ts';

/** A queue with traffic, whose name has a comma in it, and a topic with a quote and a backslash in its name. */
const MAPPINGS = [
  { source: 'sqs', sourceName: 'orders,eu', arrivalPerSecond: 20, drainPerSecond: 60 },
  { source: 'kafka', sourceName: 'pay"ments\\x', arrivalPerSecond: 2, drainPerSecond: 20 },
] as const;

export interface PromProbe {
  readonly name: string;
  readonly mode: string;
  /** `$` stands for the label matcher of the story's own stand-in. */
  readonly query: string;
  /** `>= 10` */
  readonly expected: string;
  readonly run?: object;
}

/** What a run left behind. */
export interface Judged {
  readonly scene: Scene;
  readonly product: Product;
  readonly code: number | null;
  readonly verdict: string;
  readonly probes: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly description?: string;
  }[];
}

interface Journal {
  readonly outcome: Pick<Judged, 'verdict' | 'probes'>;
}

/** Runs the product on two mappings that Prometheus knows, with `probes`, and shows how it ended. */
export async function judged(
  prometheus: Prometheus,
  holdSeconds: number,
  probes: readonly PromProbe[],
  look: (judged: Judged) => void,
): Promise<void> {
  const env = { TOTAL_CHAOS_DURATION: String(holdSeconds) };
  await play({ mappings: 2, specs: MAPPINGS, env }, async (scene) => {
    const instance = await prometheus.scrape(scene.lambda.url, ofInstance(`rate(${INVOCATIONS}[5s]) > 15`));
    const path = join(scene.folder, 'probes.json');
    writeFileSync(path, JSON.stringify(probes.map((probe) => declared(probe, prometheus.url, instance))));
    const product = scene.startStandalone(['run', '--probes', path]);
    const { code } = await ended(product);
    const { outcome } = JSON.parse(readFileSync(scene.journalPath, 'utf8')) as Journal;
    look({ scene, product, code, ...outcome });
  });
}

export const INVOCATIONS = 'lambda_standin_function_invocations_total{$,function="orders"}';
export const BACKLOG = 'lambda_standin_mapping_backlog_events{$,function="orders"}';

const ofInstance =
  (query: string) =>
  (instance: string): string =>
    query.replaceAll('$', `instance="${instance}"`);

function declared(
  { name, mode, query, expected, run }: PromProbe,
  endpoint: string,
  instance: string,
): object {
  const [criteria = '', value = ''] = expected.split(' ');
  // As in a manifest whose author escaped the quotes for a shell.
  const isEscaped = query.includes('\\"') && !/[^\\]"/.test(query);
  const matcher = isEscaped ? `instance=\\"${instance}\\"` : `instance="${instance}"`;
  return {
    ...{ name, mode, type: 'promProbe' },
    runProperties: { probeTimeout: '5s', interval: '500ms', probePollingInterval: '1s', ...run },
    'promProbe/inputs': {
      ...{ endpoint, query: query.replaceAll('$', matcher) },
      comparator: { criteria, value },
    },
  };
}
