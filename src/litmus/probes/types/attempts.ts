import type { Clock } from '../../../runtime/clock.ts';
import type { Emit } from '../../../runtime/events.ts';
import type { Environment } from '../../../runtime/environment.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Probe } from '../definition.ts';
import type { Attempt } from '../evaluate.ts';
import type { Finding } from '../judgement.ts';
import { judgeCommand, runInline } from './command.ts';
import { attemptHttp } from './http.ts';
import type { PodOwner } from './pod-manifest.ts';
import type { ProbePods } from './probe-pods.ts';
import { attemptPrometheus } from './prometheus.ts';

export interface AttemptsDeps {
  readonly env: Environment;
  readonly clock: Clock;
  readonly emit: Emit;
  /** A client for the cluster. @throws where there is none. */
  readonly cluster: () => Promise<KubeClient>;
  readonly owner: () => Promise<PodOwner>;
  readonly longestSeconds: number;
}

/** One attempt at a probe of any type, and the end of what the attempts have begun. */
export class Attempts {
  readonly #deps: AttemptsDeps;
  #pods: Promise<ProbePods> | undefined;

  constructor(deps: AttemptsDeps) {
    this.#deps = deps;
  }

  /** The pod of a command in source mode runs. @throws Error why it does not */
  async prepare(probe: Probe, signal: AbortSignal): Promise<void> {
    if (probe.type !== 'cmdProbe' || probe.inputs.source === undefined) return;
    await (await this.#probePods()).prepare(probe.name, probe.inputs.source, signal);
  }

  readonly attempt: Attempt = async (probe: Probe, signal: AbortSignal): Promise<Finding> => {
    const { env, clock, cluster } = this.#deps;
    switch (probe.type) {
      case 'httpProbe':
        return attemptHttp(probe, env, signal);
      case 'promProbe':
        return attemptPrometheus(probe, env, signal);
      case 'cmdProbe':
        if (probe.inputs.source !== undefined) return (await this.#probePods()).attempt(probe, signal);
        return judgeCommand(await runInline(probe.inputs.command, env, signal), probe.inputs.expected);
      case 'k8sProbe': {
        const { attemptKubernetes } = await import('./kubernetes.ts');
        return attemptKubernetes(probe, { client: await cluster(), clock }, signal);
      }
    }
  };

  /** The phase of `probe` is over: its pod is not needed for a while. Nobody waits for its end. */
  release({ name }: Probe): void {
    this.#pods?.then((pods) => pods.release(name)).catch(() => undefined);
  }

  /** Never throws. */
  async close(): Promise<void> {
    const pods = await this.#pods?.catch(() => undefined);
    await pods?.close();
  }

  #probePods(): Promise<ProbePods> {
    const { cluster, clock, emit, owner, longestSeconds } = this.#deps;
    this.#pods ??= (async () => {
      const { ProbePods: Pods } = await import('./probe-pods.ts');
      return new Pods({ client: await cluster(), clock, emit, owner, longestSeconds });
    })();
    return this.#pods;
  }
}
