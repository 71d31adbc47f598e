import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { CallOptions } from '../kube/transport.ts';
import type { Clock } from '../runtime/clock.ts';
import { Deadline } from '../runtime/deadline.ts';
import { ChaosError, messageOf, type ErrorPhase } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { JournalRecord, StoredJournal } from '../runtime/journal.ts';
import type { RunStore } from '../runtime/ports.ts';
import { onBegin, onFinish, onSave } from '../runtime/stores/rules.ts';
import type { Outcome, ProbeVerdict } from '../runtime/verdict.ts';
import { journalPatch, outcomePatch, readJournal } from './annotations.ts';
import type { LitmusIdentity } from './identity.ts';
import type { OwnPod } from './own-pod.ts';
import { isOf, isRecorded, labelPatch, recordOf, withProbes } from './result-facts.ts';
import { ResultObject, type Change } from './result-object.ts';
import { ShownProbes } from './shown-probes.ts';
import { carryOver, finalStatus, probesStatus, readHistory, runningStatus } from './status.ts';

export interface ChaosResultStoreOptions {
  readonly client: KubeClient;
  readonly identity: LitmusIdentity;
  /** Absent in a process that is none of the run's pods: the labels stay as they are then. */
  readonly ownPod?: OwnPod;
  /** The fault's `targetKind`. */
  readonly targetKind: string;
  readonly clock: Clock;
  readonly emit: Emit;
  /** How long `load` and `begin` wait for an API that is not there yet: a mesh's sidecar may start after us. */
  readonly openMs?: number;
  readonly saveMs?: number;
  /** How long the verdict waits for the API to come back. */
  readonly finishMs?: number;
}

const OPEN_MS = 90_000;
const SAVE_MS = 60_000;
const FINISH_MS = 300_000;
/** Short: what waits behind it in the queue is the journal. */
const SHOW_MS = 5_000;

/** The journal and the verdict of a run in its ChaosResult, as chaos-operator, chaos-runner and chaos-exporter expect it. */
export class ChaosResultStore implements RunStore {
  readonly #options: ChaosResultStoreOptions;
  readonly #object: ResultObject;
  #labels: Readonly<Record<string, string>> | undefined;
  readonly #probes: ShownProbes;
  #lastSeen: KubeObject | undefined;
  #begun = false;
  /** Whose run this process has begun. */
  #attempt: string | undefined;
  #warned = false;
  /** Changes are made one after the other, in the order in which they were asked for. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ChaosResultStoreOptions) {
    this.#options = options;
    this.#probes = new ShownProbes(options.emit);
    this.#object = new ResultObject(options.client, options.identity, options.clock);
  }

  /** The ChaosResult's UID, once it has been seen. */
  get uid(): string | undefined {
    return this.#object.uid;
  }

  async load(): Promise<StoredJournal> {
    const limit = this.#limit(this.#options.openMs ?? OPEN_MS);
    const object = await this.#guard('PreChaos', () => this.#object.read(limit));
    return readJournal(object?.metadata.annotations);
  }

  async begin(record: JournalRecord, probes: readonly ProbeVerdict[]): Promise<void> {
    this.#probes.reset(probes);
    await this.#inTurn('PreChaos', this.#options.openMs ?? OPEN_MS, async (limit) => {
      this.#labels = (await this.#options.ownPod?.read(limit))?.labels;
      await this.#object.change((current) => {
        const stored = readJournal(current?.metadata.annotations);
        return this.#running(current, onBegin(stored, record), recordOf(stored));
      }, limit);
      this.#begun = true;
      this.#attempt = record.owner;
    });
  }

  async save(record: JournalRecord, { fence }: { readonly fence: boolean }): Promise<void> {
    await this.#inTurn('ChaosInject', this.#options.saveMs ?? SAVE_MS, (limit) =>
      this.#object.change((current) => {
        const journal = onSave(readJournal(current?.metadata.annotations), record, fence);
        if (journal === undefined) return this.#leave();
        if (current === undefined) return this.#running(undefined, journal, undefined);
        this.#lastSeen = current;
        return { annotations: journalPatch(current.metadata.annotations, journal, this.#options.targetKind) };
      }, limit),
    );
  }

  showProbes(probes: readonly ProbeVerdict[]): Promise<void> {
    return this.#probes.show(probes, (turn) =>
      this.#inTurn('ChaosInject', SHOW_MS, (limit) => turn((latest) => this.#show(latest, limit))),
    );
  }

  #show(probes: readonly ProbeVerdict[], limit: CallOptions): Promise<void> {
    return this.#object.change((current) => {
      const shown = recordOf(readJournal(current?.metadata.annotations));
      const isOurs = this.#attempt !== undefined && shown?.owner === this.#attempt && !shown.finished;
      return isOurs ? { status: probesStatus(probes) } : undefined;
    }, limit);
  }

  async finish(record: JournalRecord, outcome: Outcome): Promise<void> {
    this.#probes.end();
    await this.#inTurn('PostChaos', this.#options.finishMs ?? FINISH_MS, (limit) =>
      this.#object.change((current) => this.#final(current, record, outcome), limit),
    );
  }

  #final(current: KubeObject | undefined, record: JournalRecord, outcome: Outcome): Change | undefined {
    const stored = readJournal(current?.metadata.annotations);
    const decision = onFinish(stored, record);
    if (decision.kind === 'leave') return decision.why === 'newer-run' ? this.#leave() : undefined;
    const { journal } = decision;
    if (journal !== undefined && isRecorded(current, journal, outcome)) return undefined;
    const { targetKind } = this.#options;
    const history = readHistory((current ?? this.#lastSeen)?.status);
    const isSameRun = isOf(record.run, stored);
    return {
      ...(this.#begun && current !== undefined ? {} : this.#frame(current)),
      annotations: {
        ...(journal === undefined ? {} : journalPatch(current?.metadata.annotations, journal, targetKind)),
        ...outcomePatch(outcome.targets),
      },
      status: finalStatus(carryOver(history, journal), withProbes(outcome, current, isSameRun), targetKind),
    };
  }

  #running(
    current: KubeObject | undefined,
    journal: JournalRecord,
    earlier: JournalRecord | undefined,
  ): Change {
    const history = readHistory((current ?? this.#lastSeen)?.status);
    this.#lastSeen = current ?? this.#lastSeen;
    return {
      ...this.#frame(current),
      annotations: journalPatch(current?.metadata.annotations, journal, this.#options.targetKind),
      status: runningStatus(
        carryOver(carryOver(history, earlier), journal),
        // A process that takes a run over has evaluated nothing: what is shown of the probes is what there is.
        earlier?.run.jobId === journal.run.jobId ? undefined : this.#probes.latest,
      ),
    };
  }

  /** Labels and spec: what an object of this name says about who it belongs to. */
  #frame(current: KubeObject | undefined): Pick<Change, 'labels' | 'spec'> {
    const { engine, engineUid, experiment, instanceId } = this.#options.identity;
    const orNull = (text: string): string | null => (text === '' ? null : text);
    return {
      labels: labelPatch(current?.metadata.labels, this.#labels, engineUid),
      spec: { engine: orNull(engine), experiment, instance: orNull(instanceId) },
    };
  }

  /** Nothing to write, and one warning that says so. */
  #leave(): Change | undefined {
    const { namespace, resultName } = this.#options.identity;
    const message = `ChaosResult ${namespace}/${resultName} belongs to a finished or newer run by now and is left as it is`;
    if (!this.#warned) this.#options.emit({ type: 'warning', message });
    this.#warned = true;
    return undefined;
  }

  #limit(ms: number): CallOptions {
    return { deadline: new Deadline(this.#options.clock, ms) };
  }

  #inTurn(phase: ErrorPhase, ms: number, work: (limit: CallOptions) => Promise<void>): Promise<void> {
    const turn = this.#last.then(() => this.#guard(phase, () => work(this.#limit(ms))));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #guard<T>(phase: ErrorPhase, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ChaosError) throw error;
      const { namespace, resultName } = this.#options.identity;
      const target = `ChaosResult ${namespace}/${resultName}`;
      throw new ChaosError(`${target}: ${messageOf(error)}`, {
        code: 'CHAOS_RESULT_CRUD_ERROR',
        phase,
        target,
        cause: error,
      });
    }
  }
}
