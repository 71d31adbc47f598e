import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../runtime/clock.ts';
import { Deadline } from '../../../runtime/deadline.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Emit } from '../../../runtime/events.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isKubeError } from '../../../kube/errors.ts';
import { execute } from '../../../kube/execute.ts';
import { podsIn } from '../../resources.ts';
import type { CommandSource, ProbeOf } from '../definition.ts';
import { unclear, type Finding } from '../judgement.ts';
import { judgeCommand } from './command.ts';
import { containerName, podManifest, type PodOwner } from './pod-manifest.ts';

export interface ProbePodsDeps {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly owner: () => Promise<PodOwner>;
  /** Seconds after which a pod ends by itself. */
  readonly longestSeconds: number;
}

const POLL_MS = 500;
/** How late the creation of a pod may arrive. */
const LATE_MS = 1_000;
/** How long the deletion of a pod is tried. */
const DELETE_MS = 10_000;
const LONGEST_MS = 300_000;

/** The pods of commands in source mode: one a probe, made at its first attempt and deleted when it is not needed. */
export class ProbePods {
  readonly #deps: ProbePodsDeps;
  /** By probe. */
  readonly #pods = new Map<string, string>();
  /** Deletions under way. */
  readonly #ends = new Set<Promise<void>>();
  /** Known to have been created. */
  readonly #seen = new Set<string>();
  #isOver = false;

  constructor(deps: ProbePodsDeps) {
    this.#deps = deps;
  }

  /** Makes the pod of `probe` and waits until it runs, where that is not so yet. @throws Error why it does not */
  async prepare(probe: string, source: CommandSource, signal: AbortSignal): Promise<void> {
    if (this.#pods.has(probe)) return;
    await this.#ending(probe, signal, () => this.#start(probe, source, signal));
  }

  /** Runs the probe's command in its pod. An attempt that is ended takes the pod, and with it the command, along. */
  async attempt({ name, inputs }: ProbeOf<'cmdProbe'>, signal: AbortSignal): Promise<Finding> {
    const { client, owner } = this.#deps;
    const { namespace, experiment } = await owner();
    const pod = this.#pods.get(name);
    if (pod === undefined) return unclear('its pod is gone');
    const place = { namespace, pod, container: containerName(experiment) };
    const command = ['/bin/sh', '-c', inputs.command];
    const result = await this.#ending(name, signal, () => execute(client, place, command, signal));
    return judgeCommand(result, inputs.expected);
  }

  /** Does `work` in the pod of `probe`, and deletes the pod when that is cut off or fails. */
  async #ending<T>(probe: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const end = (): void => {
      this.release(probe).catch(() => undefined);
    };
    // Safety: closing the connection would leave the command running in there. At once: the next attempt makes a new pod.
    signal.addEventListener('abort', end, { once: true });
    try {
      return await work();
    } catch (error) {
      end();
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** Deletes the pod of `probe`, if there is one. Never throws. */
  release(probe: string): Promise<void> {
    const pod = this.#pods.get(probe);
    if (pod === undefined) return Promise.resolve();
    this.#pods.delete(probe);
    const end = this.#remove(pod).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
    return end;
  }

  /** Deletes them all, and makes no more. Never throws. */
  async close(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...[...this.#pods.keys()].map((probe) => this.release(probe)), ...this.#ends]);
  }

  async #remove(pod: string): Promise<void> {
    const { client, clock, emit, owner } = this.#deps;
    try {
      const pods = podsIn((await owner()).namespace);
      const limit = { deadline: new Deadline(clock, DELETE_MS) };
      const wasThere = await deleted(client.deleteResource(pods, pod, limit, 0));
      // Safety: a creation that was cut off may still arrive, and would stay.
      if (!wasThere && !this.#seen.has(pod)) {
        await clock.sleep(LATE_MS);
        await deleted(client.deleteResource(pods, pod, limit, 0));
      }
    } catch (error) {
      emit({ type: 'warning', message: `Pod ${pod} of a probe is left behind: ${messageOf(error)}` });
    }
  }

  async #start(probe: string, source: CommandSource, signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#deps;
    const owner = await this.#deps.owner();
    if (this.#isOver) throw new Error('the run is over');
    const pod = `${owner.experiment}-probe-${randomBytes(3).toString('hex')}`;
    const limit = { deadline: new Deadline(clock, LONGEST_MS), signal };
    // Safety: known before it is asked for, so that one whose creation was not answered is deleted too.
    this.#pods.set(probe, pod);
    const manifest = podManifest(pod, source, owner, this.#deps.longestSeconds);
    await created(client.createResource(podsIn(owner.namespace), manifest, limit));
    this.#seen.add(pod);
    for (;;) {
      const { phase } = await client.getPod(owner.namespace, pod, limit);
      if (phase === 'Running') return;
      if (phase === 'Succeeded' || phase === 'Failed')
        throw new Error(`its pod ${pod} ended by itself (${phase}): the image's command must keep running`);
      await clock.sleep(POLL_MS, signal);
    }
  }
}

/** A second try meets the pod of the first one, whose answer was lost. */
async function created(creation: Promise<string>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!isKubeError(error, 'already-exists')) throw error;
  }
}

/** Whether there was something to delete. */
async function deleted(deletion: Promise<void>): Promise<boolean> {
  try {
    await deletion;
    return true;
  } catch (error) {
    if (isKubeError(error, 'not-found')) return false;
    throw error;
  }
}
