import { core, type Api } from '../cluster/api.ts';

export interface RunnerEvent {
  readonly reason: string;
  readonly message: string;
  readonly type: 'Normal' | 'Warning';
}

interface About {
  readonly namespace: string;
  readonly engine: string;
  readonly engineUid: string;
  readonly experiment: string;
}

interface StoredEvent {
  readonly count?: number;
}

/** An Event about the engine, named `<Reason><experiment><engine UID>`; one that exists is counted up. Never throws. */
export async function tell(api: Api, about: About, event: RunnerEvent): Promise<void> {
  await write(api, about, event).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}

async function write(api: Api, about: About, { reason, message, type }: RunnerEvent): Promise<void> {
  const { namespace, engine, engineUid, experiment } = about;
  const name = `${reason}${experiment}${engineUid}`;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const fresh = {
    metadata: { name, namespace },
    involvedObject: {
      apiVersion: 'litmuschaos.io/v1alpha1',
      kind: 'ChaosEngine',
      name: engine,
      namespace,
      uid: engineUid,
    },
    source: { component: `${engine}-runner` },
    ...{ reason, message, type },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
  const stored = await api.find<StoredEvent>(core(namespace, 'events', name));
  if (stored === undefined) await api.call('POST', core(namespace, 'events'), fresh);
  else {
    const again = { ...stored, message, lastTimestamp: now, count: (stored.count ?? 1) + 1 };
    await api.call('PUT', core(namespace, 'events', name), again);
  }
}
