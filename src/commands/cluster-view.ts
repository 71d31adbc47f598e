import { Deadline } from '../runtime/deadline.ts';
import { messageOf, type Problem } from '../runtime/errors.ts';
import type { Emit } from '../runtime/events.ts';
import { heldByOthers } from '../runtime/rivals.ts';
import type { KubeClient } from '../kube/client.ts';
import type { LitmusIdentity } from '../litmus/identity.ts';
import { RIGHTS, resourceOf, type UsedRight } from '../litmus/rights.ts';
import type { Io } from './io.ts';

/** What a run would meet in the cluster. */
export interface ClusterView {
  /** A row for each right that a run uses. */
  readonly rights: readonly Readonly<Record<string, string>>[];
  readonly problems: readonly Problem[];
}

const LOOK_MS = 20_000;

/** A plan has a cluster to look at when it is told of an engine or of a namespace for one. */
export const hasCluster = ({ env }: Pick<Io, 'env'>, litmus: LitmusIdentity): boolean =>
  litmus.engine !== '' || (env.CHAOS_NAMESPACE?.trim() ?? '') !== '';

interface ToView {
  readonly targets: readonly string[];
  /** What the probes ask beside what every run asks. */
  readonly rights: readonly UsedRight[];
}

/** Asks the API server what this account may do, and whose hands the targets are in. Writes nothing; never throws. */
export async function viewCluster(
  io: Io & { readonly emit: Emit },
  litmus: LitmusIdentity,
  { targets, rights: more }: ToView,
): Promise<ClusterView> {
  const [{ KubeClient: Client }, { LitmusSurroundings }, { OwnPod }] = await Promise.all([
    import('../kube/client.ts'),
    import('../litmus/surroundings.ts'),
    import('../litmus/own-pod.ts'),
  ]);
  const { clock, emit, abort } = io;
  let client: KubeClient | undefined;
  try {
    client = new Client({ clock, emit });
    const rights = [...RIGHTS, ...more];
    const allowed = await reviewRights(client, rights, litmus, io);
    const ownPod = new OwnPod(client, litmus, emit);
    const surroundings = new LitmusSurroundings({ client, identity: litmus, ownPod, clock, emit });
    const held = await heldByOthers(targets, { surroundings, signal: abort.signal });
    const missing = rights.filter((right, index) => allowed[index] !== true && right.without === undefined);
    return {
      rights: rights.map((right, index) => row(right, allowed[index] === true)),
      problems: [...missing.map((right) => lack(right, litmus.namespace)), ...held],
    };
  } catch (error) {
    return { rights: [], problems: [{ subject: 'Kubernetes', message: messageOf(error) }] };
  } finally {
    await client?.close();
  }
}

function reviewRights(
  client: KubeClient,
  rights: readonly UsedRight[],
  litmus: LitmusIdentity,
  { clock, abort }: Io,
): Promise<boolean[]> {
  const limit = { deadline: new Deadline(clock, LOOK_MS), signal: abort.signal };
  return Promise.all(rights.map((right) => client.mayI(right, litmus.namespace, limit)));
}

const row = (right: UsedRight, allowed: boolean): Record<string, string> => ({
  verb: right.verb,
  resource: resourceOf(right),
  allowed: allowed ? 'yes' : 'NO',
  'a run without it': right.without ?? 'is not possible',
});

const lack = (right: UsedRight, namespace: string): Problem => ({
  subject: 'Kubernetes',
  message: `the service account lacks the verb "${right.verb}" on ${resourceOf(right)} in namespace ${right.namespace ?? namespace}; add it to its Role`,
});
