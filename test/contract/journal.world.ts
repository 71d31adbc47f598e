import { systemClock } from '../../src/runtime/clock.ts';
import type { Emit } from '../../src/runtime/events.ts';
import { JOURNAL_ANNOTATION } from '../../src/litmus/annotations.ts';
import { ChaosResultStore, type ChaosResultStoreOptions } from '../../src/litmus/chaosresult.ts';
import { readIdentity, type LitmusIdentity } from '../../src/litmus/identity.ts';
import { OwnPod } from '../../src/litmus/own-pod.ts';
import { aRecord } from '../support/kube-api/records.ts';
import { litmusPath, type KubeWorld } from '../support/kube-api/world.ts';
import type { StoreWorld } from './journal.suite.ts';

export const TARGET_KIND = 'lambda-event-source-mapping';

export const identityIn = (world: KubeWorld, rest: Readonly<Record<string, string>> = {}): LitmusIdentity =>
  readIdentity({
    CHAOSENGINE: 'engine-1',
    CHAOS_UID: 'engine-uid-1',
    CHAOS_NAMESPACE: world.namespace,
    POD_NAME: 'a-pod',
    ...rest,
  });

/** A store as one process has it, without patience for what does not come. */
export function openStore(
  world: KubeWorld,
  rest: Partial<ChaosResultStoreOptions> = {},
  emit: Emit = () => undefined,
): ChaosResultStore {
  const identity = rest.identity ?? identityIn(world);
  return new ChaosResultStore({
    client: world.client,
    identity,
    ownPod: new OwnPod(world.client, identity, emit),
    targetKind: TARGET_KIND,
    clock: systemClock,
    emit,
    openMs: 5_000,
    saveMs: 5_000,
    finishMs: 5_000,
    ...rest,
  });
}

export interface ResultBody {
  readonly metadata: {
    readonly uid: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly spec: Record<string, string>;
  readonly status: {
    readonly experimentStatus: Record<string, unknown>;
    readonly probeStatuses?: unknown;
    readonly history: Record<string, unknown>;
  };
}

export async function readResult(world: KubeWorld, identity = identityIn(world)): Promise<ResultBody> {
  const answer = await world.raw('GET', litmusPath(world.namespace, 'chaosresults', identity.resultName));
  return answer.body as ResultBody;
}

export function patchResult(world: KubeWorld, patch: object): ReturnType<KubeWorld['raw']> {
  const path = litmusPath(world.namespace, 'chaosresults', identityIn(world).resultName);
  return world.raw('PATCH', path, patch, { 'content-type': 'application/merge-patch+json' });
}

export function chaosResultWorld(world: KubeWorld): StoreWorld {
  return {
    open: () => openStore(world),
    verdict: async () => (await readResult(world)).status.experimentStatus.verdict as string,
    corrupt: async (text) => {
      const store = openStore(world);
      await store.begin(aRecord(), []);
      await patchResult(world, { metadata: { annotations: { [JOURNAL_ANNOTATION]: text } } });
    },
    close: () => world.close(),
  };
}
