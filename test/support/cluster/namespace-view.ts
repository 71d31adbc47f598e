import { batch, core, litmus, type Api } from './api.ts';
import type { EngineSeen, EventSeen, Items, Meta, PodSeen, ResultSeen } from './objects.ts';
import { kubectl } from './programs.ts';
import { until } from './until.ts';

export const EXPERIMENT = 'lambda-toggle-event-mapping-state';

/** What there is in one namespace, and waiting for it. */
export class NamespaceView {
  readonly namespace: string;
  readonly api: Api;

  constructor(api: Api, namespace: string) {
    this.api = api;
    this.namespace = namespace;
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return kubectl('-n', this.namespace, ...args);
  }

  engine(name: string): Promise<EngineSeen | undefined> {
    return this.api.find(litmus(this.namespace, 'chaosengines', name));
  }

  result(name: string): Promise<ResultSeen | undefined> {
    return this.api.find(litmus(this.namespace, 'chaosresults', `${name}-${EXPERIMENT}`));
  }

  async events(): Promise<readonly EventSeen[]> {
    return (await this.api.call<Items<EventSeen>>('GET', core(this.namespace, 'events'))).items;
  }

  async jobs(): Promise<readonly { readonly metadata: Meta }[]> {
    return (await this.api.call<Items<{ metadata: Meta }>>('GET', batch(this.namespace, 'jobs'))).items;
  }

  /** The experiment's pods, the oldest first: those of a Job, which the runner is not. */
  async pods(): Promise<readonly PodSeen[]> {
    const path = `${core(this.namespace, 'pods')}?labelSelector=job-name`;
    const { items } = await this.api.call<Items<PodSeen & { metadata: { creationTimestamp: string } }>>(
      'GET',
      path,
    );
    return [...items].sort((a, b) =>
      a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp),
    );
  }

  logs(pod: string): Promise<string> {
    return this.kubectl('logs', pod);
  }

  /** Waits for a final verdict; `phase/verdict`. */
  verdict(name: string, ms?: number): Promise<string> {
    return until(
      `the verdict of ${name}`,
      async () => {
        const status = (await this.result(name))?.status.experimentStatus;
        return status === undefined || status.verdict === 'Awaited'
          ? false
          : `${status.phase}/${status.verdict}`;
      },
      ms,
    );
  }

  /** Waits until the operator is done with the engine; `engineState/engineStatus`. */
  engineEnded(name: string): Promise<string> {
    return until(`the end of engine ${name}`, async () => {
      const engine = await this.engine(name);
      const status = engine?.status?.engineStatus ?? '';
      return /^(completed|stopped)$/.test(status) ? `${engine?.spec.engineState ?? ''}/${status}` : false;
    });
  }
}
