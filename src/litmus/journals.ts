import type { KubeClient } from '../kube/client.ts';
import type { CallOptions } from '../kube/transport.ts';
import { isOpen, type StoredJournal } from '../runtime/journal.ts';
import type { Holder } from '../runtime/ports.ts';
import { readJournal } from './annotations.ts';
import { identityOfRun, type LitmusIdentity } from './identity.ts';
import { resultsIn } from './resources.ts';

/** The journal in one ChaosResult. */
export interface NamedJournal {
  readonly resultName: string;
  readonly stored: StoredJournal;
}

/** Every journal in `namespace`; ChaosResults without one are left out. @throws KubeError */
export async function listJournals(
  client: KubeClient,
  namespace: string,
  options: CallOptions,
): Promise<NamedJournal[]> {
  const results = await client.listCustomMetadata(resultsIn(namespace), options);
  return results
    .map(({ name, annotations }) => ({ resultName: name, stored: readJournal(annotations) }))
    .filter(({ stored }) => stored.kind !== 'none');
}

/**
 * Which of `ids` the journals say may be off, and whose doing that is. A journal in a ChaosResult of another name is a
 * copy: what it says holds of no run.
 */
export const holdersOf = (
  ids: readonly string[],
  journals: readonly NamedJournal[],
  namespace: string,
): Holder[] =>
  journals.flatMap(({ resultName, stored }) => {
    if (stored.kind !== 'record') return [];
    const { run, targets, deadline } = stored.record;
    const identity = identityOfRun(run, { namespace, resultName });
    if (identity === undefined) return [];
    const due = deadline === undefined ? '' : `, due to have it back by ${deadline}`;
    const whose = `the run of ChaosEngine ${namespace}/${run.engine} (pod ${run.pod}${due})`;
    return ids.flatMap((target) => {
      const entry = targets[target];
      return entry !== undefined && isOpen(entry) ? [{ target, whose, finish: finishCommand(identity) }] : [];
    });
  });

const finishCommand = ({ engine, namespace, experiment, instanceId }: LitmusIdentity): string =>
  [
    `revert --engine ${engine} --namespace ${namespace} --experiment ${experiment}`,
    ...(instanceId === '' ? [] : [`--instance ${instanceId}`]),
  ].join(' ');
