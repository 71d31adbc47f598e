import type { Product } from '../support/product/product.ts';
import { NAMESPACE, type Scene } from '../support/product/scene.ts';
import type { StoredObject } from '../support/kube-api/store.ts';

/** A ChaosResult's status as Litmus' readers parse it. */
export interface ResultStatus {
  readonly experimentStatus: {
    readonly phase: string;
    readonly verdict: string;
    readonly probeSuccessPercentage: string;
    readonly errorOutput?: { readonly errorCode: string; readonly reason: string };
  };
  readonly probeStatuses?: readonly {
    readonly name: string;
    readonly type: string;
    readonly mode: string;
    readonly status: { readonly verdict: string; readonly description?: string };
  }[];
  readonly history: {
    readonly passedRuns: number;
    readonly failedRuns: number;
    readonly stoppedRuns: number;
    readonly targets?: readonly {
      readonly name: string;
      readonly kind: string;
      readonly chaosStatus: string;
    }[];
  };
}

export const statusIn = (result: StoredObject | undefined): ResultStatus => {
  if (result === undefined) throw new Error('there is no ChaosResult');
  return result.status as ResultStatus;
};

export const statusOf = (scene: Scene): ResultStatus => statusIn(scene.result);

/** `<phase>/<verdict>` of the ChaosResult. */
export function verdictOf(scene: Scene): string {
  const { phase, verdict } = statusOf(scene).experimentStatus;
  return `${phase}/${verdict}`;
}

/** `<probe> <verdict>` of the ChaosResult, in its order. */
export const probesOf = (scene: Scene): string[] =>
  (statusOf(scene).probeStatuses ?? []).map(({ name, status }) => `${name} ${status.verdict}`);

/** What the ChaosResult says went wrong; empty without an errorOutput. */
export function reasonOf(scene: Scene): string {
  const { errorOutput } = statusOf(scene).experimentStatus;
  if (errorOutput === undefined) return '';
  return (JSON.parse(errorOutput.reason) as { readonly reason: string }).reason;
}

export interface SeenEvent {
  readonly name: string;
  readonly reason: string;
  readonly type: string;
  readonly message: string;
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly source: { readonly component: string };
}

export const eventsOf = (scene: Scene): SeenEvent[] =>
  scene.kube
    .list('events', NAMESPACE)
    .map((object) => ({ ...(object as unknown as SeenEvent), name: object.metadata.name }));

export const reasonsOf = (scene: Scene): string[] => eventsOf(scene).map(({ reason }) => reason);

interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly msg: string;
  readonly time: string;
}

/** The lines of the log. */
export const linesOf = (product: Product): LogLine[] =>
  product.output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []));

export const warningsOf = (product: Product): string[] =>
  linesOf(product).flatMap(({ level, msg }) => (level === 'warn' ? [msg] : []));

/** The requests to Kubernetes that write the ChaosResult. */
export const resultWrites = (scene: Scene): number =>
  scene.kube.requests.filter(({ resource, verb }) => resource === 'chaosresults' && verb !== 'get').length;
