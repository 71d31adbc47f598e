import { messageOf } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import type { LitmusIdentity } from '../litmus/identity.ts';
import type { ProbeWorld } from '../litmus/probes/compose.ts';
import type { Io } from './io.ts';
import { readProbeFile } from './probe-file.ts';
import { standaloneProbes } from './probe-world.ts';

/** The probes that a run would have: those of a file, or of the engine, which may not be there yet. */
export async function probesToPlan(
  io: Io & { readonly emit: Emit },
  litmus: LitmusIdentity,
  path: string | undefined,
): Promise<{ list: readonly unknown[]; world: ProbeWorld }> {
  const { clock, emit } = io;
  const world = standaloneProbes(litmus, clock, emit);
  if (path !== undefined) return { list: await readProbeFile(path), world };
  return { list: litmus.engine === '' ? [] : await ofEngine(litmus, io), world };
}

async function ofEngine(
  litmus: LitmusIdentity,
  { clock, emit }: Io & { readonly emit: Emit },
): Promise<readonly unknown[]> {
  const [{ KubeClient }, { LitmusSurroundings }, { OwnPod }] = await Promise.all([
    import('../kube/client.ts'),
    import('../litmus/surroundings.ts'),
    import('../litmus/own-pod.ts'),
  ]);
  try {
    const client = new KubeClient({ clock, emit });
    const ownPod = new OwnPod(client, litmus, emit);
    const surroundings = new LitmusSurroundings({ client, identity: litmus, ownPod, clock, emit });
    return await surroundings.lookAtProbes().finally(() => client.close());
  } catch (error) {
    emit({ type: 'warning', message: `The probes of the engine can't be looked at: ${messageOf(error)}` });
    return [];
  }
}
