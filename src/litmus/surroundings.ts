import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { CallOptions } from '../kube/transport.ts';
import type { Clock } from '../runtime/clock.ts';
import { Deadline } from '../runtime/deadline.ts';
import { AbortedError, ChaosError, messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { Holder, Surroundings } from '../runtime/ports.ts';
import type { ProbeVerdict } from '../runtime/verdict.ts';
import type { LitmusIdentity } from './identity.ts';
import { OtherRuns } from './other-runs.ts';
import type { OwnPod } from './own-pod.ts';
import { awaited } from './probes/board.ts';
import { engineProbes, readProbes } from './probes/read.ts';
import { PROBE_LABEL } from './probes/types/pod-manifest.ts';
import { ENGINE_LABEL, engineRef, podsIn, textField } from './resources.ts';
import { JOB_LABELS, mayBeRunning } from './signs-of-life.ts';

export interface LitmusSurroundingsOptions {
  readonly client: KubeClient;
  readonly identity: LitmusIdentity;
  readonly ownPod: OwnPod;
  readonly clock: Clock;
  readonly emit: Emit;
  /** How long the first looks wait for an API that is not there yet. */
  readonly openMs?: number;
}

const OPEN_MS = 90_000;
/** A look in the middle of a run: the next one comes soon. */
const LOOK_MS = 5_000;
/** The verdict is recorded by then; who waits for the engine's state is a person. */
const STOP_MS = 15_000;
/** Nothing is off yet when other runs are looked for, so a hiccup of the API is waited out. */
const RIVALS_MS = 30_000;

/** The ChaosEngine that asked for this run, and the other pods of its Job. */
export class LitmusSurroundings implements Surroundings {
  readonly #options: LitmusSurroundingsOptions;
  readonly #others: OtherRuns;
  #probes: readonly unknown[] = [];

  constructor(options: LitmusSurroundingsOptions) {
    this.#options = options;
    this.#others = new OtherRuns(options);
  }

  /**
   * What all pods of one Job share: its UID or, where this pod can't be read, its name.
   * @throws ChaosError while the API is unavailable: two pods with two answers would both inject.
   */
  async jobId(): Promise<string> {
    const { ownPod, identity } = this.#options;
    try {
      const pod = await ownPod.read(this.#limit(this.#options.openMs ?? OPEN_MS));
      // Safety: a pod that is deleted already would call its Job otherwise than its siblings do, and inject beside them.
      if (ownPod.deleted) throw new Error(`pod ${identity.podName} does not exist any more`);
      const uid = pod?.labels[JOB_LABELS[0]] ?? pod?.labels[JOB_LABELS[1]] ?? pod?.controllerUid;
      return uid ?? jobNameOf(identity.podName);
    } catch (error) {
      throw failed('The Job of this pod can not be told', error);
    }
  }

  async admit(): Promise<readonly ProbeVerdict[]> {
    const { identity } = this.#options;
    if (identity.engine === '') return [];
    const engine = await this.#readEngine(this.#options.openMs ?? OPEN_MS);
    const stop = this.#reasonToStop(engine);
    if (stop !== undefined) throw new AbortedError(stop);
    this.#probes = engine === undefined ? [] : engineProbes(engine, identity.experiment);
    return awaited(readProbes(this.#probes).named);
  }

  /** The probes of the engine as they stand there, once it has been read. */
  get probes(): readonly unknown[] {
    return this.#probes;
  }

  /** The same, for who only wants to look. @throws ChaosError */
  async lookAtProbes(): Promise<readonly unknown[]> {
    const engine = await this.#readEngine(LOOK_MS);
    return engine === undefined ? [] : engineProbes(engine, this.#options.identity.experiment);
  }

  async tidy(): Promise<void> {
    const { client, identity, emit } = this.#options;
    if (identity.engineUid === '') return;
    const pods = podsIn(identity.namespace);
    const labelSelector = `${ENGINE_LABEL}=${identity.engineUid},${PROBE_LABEL}`;
    try {
      const names = await client.listNames(pods, { labelSelector }, this.#limit(LOOK_MS));
      await Promise.all(names.map((name) => this.#removePod(name)));
    } catch (error) {
      // Without the right to list them there was none to make them either.
      if (isKubeError(error, 'forbidden')) return;
      emit({ type: 'warning', message: `Pods of probes may be left behind: ${messageOf(error)}` });
    }
  }

  async #removePod(name: string): Promise<void> {
    const { client, identity, emit } = this.#options;
    const pods = podsIn(identity.namespace);
    try {
      await client.deleteResource(pods, name, this.#limit(LOOK_MS), 0);
    } catch (error) {
      // The garbage collector was faster.
      if (isKubeError(error, 'not-found')) return;
      emit({ type: 'warning', message: `Pod ${name} of a probe is left behind: ${messageOf(error)}` });
    }
  }

  /**
   * Sets the engine to stop, as litmus-go does when a probe with stopOnFailure fails in the background.
   * @returns whether it was still to be stopped. @throws KubeError, ChaosError
   */
  async stopEngine(): Promise<boolean> {
    const { client, identity } = this.#options;
    if (identity.engine === '') return false;
    const engine = await this.#readEngine(STOP_MS);
    // Safety: another engine of that name has another run, which is not ours to end.
    if (engine === undefined || this.#reasonToStop(engine) !== undefined) return false;
    const { resourceVersion } = engine.metadata;
    const patch = { metadata: { resourceVersion }, spec: { engineState: 'stop' } };
    await client.patchCustom(engineRef(identity), patch, this.#limit(STOP_MS));
    return true;
  }

  async otherLivePods(): Promise<readonly string[]> {
    const { ownPod, client, identity, emit } = this.#options;
    try {
      const pod = await ownPod.read(this.#limit(LOOK_MS));
      const label = JOB_LABELS.find((key) => pod?.labels[key] !== undefined);
      if (pod === undefined || label === undefined) return [];
      const selector = `${label}=${pod.labels[label] ?? ''}`;
      const pods = await client.listPods(identity.namespace, selector, this.#limit(LOOK_MS));
      return pods
        .filter((other) => other.name !== pod.name && mayBeRunning(other))
        .map((other) => other.name);
    } catch (error) {
      emit({ type: 'warning', message: `Other pods of this Job can't be seen: ${messageOf(error)}` });
      return [];
    }
  }

  othersHolding(ids: readonly string[]): Promise<readonly Holder[]> {
    return this.#others.holding(ids, this.#limit(RIVALS_MS));
  }

  async stopRequested(): Promise<string | undefined> {
    if (this.#options.identity.engine === '') return undefined;
    try {
      return this.#reasonToStop(await this.#readEngine(LOOK_MS));
    } catch {
      // An API that can't be asked asks for nothing; the next look is a few seconds away.
      return undefined;
    }
  }

  #reasonToStop(engine: KubeObject | undefined): string | undefined {
    const { engine: name, engineUid } = this.#options.identity;
    if (engine === undefined) return `ChaosEngine ${name} is gone`;
    const { uid, deletionTimestamp } = engine.metadata;
    if (engineUid !== '' && uid !== engineUid)
      return `ChaosEngine ${name} was replaced by another of that name`;
    if (deletionTimestamp !== undefined) return `ChaosEngine ${name} is being deleted`;
    return textField(engine.spec, 'engineState') === 'stop'
      ? `ChaosEngine ${name} has engineState stop`
      : undefined;
  }

  /** Undefined when there is no such engine. */
  async #readEngine(ms: number): Promise<KubeObject | undefined> {
    const { client, identity } = this.#options;
    try {
      return await client.getCustom(engineRef(identity), this.#limit(ms));
    } catch (error) {
      if (isKubeError(error, 'not-found')) return undefined;
      throw failed(`ChaosEngine ${identity.namespace}/${identity.engine} can't be read`, error);
    }
  }

  #limit(ms: number): CallOptions {
    return { deadline: new Deadline(this.#options.clock, ms) };
  }
}

/** A Job names its pods `<job>-<random>`. */
export const jobNameOf = (podName: string): string =>
  podName.includes('-') ? podName.slice(0, podName.lastIndexOf('-')) : podName;

const failed = (what: string, error: unknown): ChaosError =>
  new ChaosError(`${what}: ${messageOf(error)}`, { code: 'GENERIC_ERROR', phase: 'PreChaos', cause: error });
