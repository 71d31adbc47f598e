import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../runtime/clock.ts';
import type { Emit, TimelineEvent } from '../runtime/events.ts';
import type { RunIdentity } from '../runtime/journal.ts';
import type { RunStore, Surroundings } from '../runtime/ports.ts';
import { FileRunStore } from '../runtime/stores/file.ts';
import type { LitmusIdentity } from '../litmus/identity.ts';
import type { ProbeWorld } from '../litmus/probes/compose.ts';
import { clusterProbes, standaloneProbes } from './probe-world.ts';
import { targetKindOf } from './services.ts';

/** Where a run's record lives and what is around it: a cluster, or nothing but a file. */
export interface World {
  /** The object or file that holds the record, for a person. */
  readonly where: string;
  readonly store: RunStore;
  readonly surroundings: Surroundings;
  readonly identity: () => Promise<RunIdentity>;
  /** What the run declares, as it stands there, once it has been admitted. */
  readonly probes: () => readonly unknown[];
  /** What probes need of this world. */
  readonly probeWorld: ProbeWorld;
  /** Kubernetes Events, where there is a cluster. */
  readonly handle: (event: TimelineEvent) => void;
  /** Gives what is still being written a moment, then ends every connection. Never throws. */
  readonly close: () => Promise<void>;
}

/** What a standalone run reads and writes. */
export interface RunFiles {
  readonly journal: string;
  /** A YAML file with a list of probes. */
  readonly probes?: string;
}

/** Kubernetes Events are news: a process that is done does not stay for them longer than this. */
const LAST_EVENTS_MS = 5_000;

/** The world of a run that a ChaosEngine asked for. */
export async function clusterWorld(litmus: LitmusIdentity, clock: Clock, emit: Emit): Promise<World> {
  const [{ KubeClient }, { ChaosResultStore }, { EngineEvents }, { LitmusSurroundings }, { OwnPod }] =
    await Promise.all([
      import('../kube/client.ts'),
      import('../litmus/chaosresult.ts'),
      import('../litmus/events.ts'),
      import('../litmus/surroundings.ts'),
      import('../litmus/own-pod.ts'),
    ]);
  const client = new KubeClient({ clock, emit });
  const shared = { client, identity: litmus, clock, emit, targetKind: targetKindOf(litmus.experiment) };
  const ownPod = new OwnPod(client, litmus, emit);
  const store = new ChaosResultStore({ ...shared, ownPod });
  const surroundings = new LitmusSurroundings({ ...shared, ownPod });
  const events = new EngineEvents({ ...shared, resultUid: () => store.uid });
  return {
    where: whereOf(litmus),
    store,
    surroundings,
    identity: async () => ({
      ...commonIdentity(litmus),
      jobId: await surroundings.jobId(),
      pod: litmus.podName,
      namespace: litmus.namespace,
    }),
    probes: () => surroundings.probes,
    probeWorld: clusterProbes({ client, litmus, clock, emit, store, surroundings }),
    handle: (event) => events.handle(event),
    close: async () => {
      await events.flush(LAST_EVENTS_MS);
      await client.close().catch(() => undefined);
    },
  };
}

/** The record of a run of some engine, for a process that is none of its pods. */
export async function outsideWorld(litmus: LitmusIdentity, clock: Clock, emit: Emit): Promise<World> {
  const [{ KubeClient }, { ChaosResultStore }] = await Promise.all([
    import('../kube/client.ts'),
    import('../litmus/chaosresult.ts'),
  ]);
  const client = new KubeClient({ clock, emit });
  const targetKind = targetKindOf(litmus.experiment);
  return {
    where: whereOf(litmus),
    store: new ChaosResultStore({ client, identity: litmus, clock, emit, targetKind }),
    surroundings: ALONE,
    identity: () => Promise.resolve(passerBy(litmus)),
    probes: () => [],
    probeWorld: standaloneProbes(litmus, clock, emit),
    handle: () => undefined,
    close: () => client.close(),
  };
}

const whereOf = ({ namespace, resultName }: LitmusIdentity): string =>
  `ChaosResult ${namespace}/${resultName}`;

/** No engine that could ask for an end, and no other pod. */
export const ALONE: Surroundings = {
  admit: () => Promise.resolve([]),
  otherLivePods: () => Promise.resolve([]),
  othersHolding: () => Promise.resolve([]),
  tidy: () => Promise.resolve(),
  stopRequested: () => Promise.resolve(undefined),
};

/** The world of a standalone run: the journal is a file, and so are the probes, and nobody else is there. */
export function fileWorld(litmus: LitmusIdentity, files: RunFiles, clock: Clock, emit: Emit): World {
  let probes: readonly unknown[] = [];
  return {
    where: files.journal,
    store: new FileRunStore(files.journal, clock),
    surroundings: {
      ...ALONE,
      admit: async () => {
        if (files.probes === undefined) return [];
        const [{ readProbeFile }, { readProbes }, { awaited }] = await Promise.all([
          import('./probe-file.ts'),
          import('../litmus/probes/read.ts'),
          import('../litmus/probes/board.ts'),
        ]);
        probes = await readProbeFile(files.probes);
        return awaited(readProbes(probes).named);
      },
    },
    identity: () => Promise.resolve(passerBy(litmus)),
    probes: () => probes,
    probeWorld: standaloneProbes(litmus, clock, emit),
    handle: () => undefined,
    close: () => Promise.resolve(),
  };
}

const commonIdentity = ({
  experiment,
  engine,
  engineUid,
}: LitmusIdentity): Omit<RunIdentity, 'jobId' | 'pod'> => ({
  experiment,
  engine,
  engineUid,
  attempt: randomUUID(),
});

/** A process that belongs to no Job: each is one of its own. */
export const passerBy = (litmus: LitmusIdentity): RunIdentity => ({
  ...commonIdentity(litmus),
  jobId: randomUUID(),
  pod: `${hostname()}/${process.pid}`,
});
