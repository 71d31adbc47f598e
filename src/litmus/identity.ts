/** Who this run is in Litmus' words, as chaos-runner passes it in the environment. */
export interface LitmusIdentity {
  /** The ChaosEngine's name; empty when standalone. */
  readonly engine: string;
  readonly engineUid: string;
  readonly namespace: string;
  readonly experiment: string;
  readonly instanceId: string;
  readonly podName: string;
  /** The name under which chaos-runner and ChaosCenter look for the ChaosResult. */
  readonly resultName: string;
}

const DEFAULT_NAMESPACE = 'litmus';
const DEFAULT_EXPERIMENT = 'lambda-toggle-event-mapping-state';

/** Reads the identity; an empty value means unset, because charts ship `value: ""`. Never throws. */
export function readIdentity(env: Readonly<Record<string, string | undefined>>): LitmusIdentity {
  const read = (name: string): string => env[name]?.trim() ?? '';
  const engine = read('CHAOSENGINE');
  const experiment = read('EXPERIMENT_NAME') || DEFAULT_EXPERIMENT;
  const instanceId = read('INSTANCE_ID');
  return {
    engine,
    engineUid: read('CHAOS_UID'),
    namespace: read('CHAOS_NAMESPACE') || DEFAULT_NAMESPACE,
    experiment,
    instanceId,
    podName: read('POD_NAME'),
    resultName: resultName(engine, experiment, instanceId),
  };
}

/**
 * Who a run was, from its journal and the name of the ChaosResult that holds it.
 * Undefined when the two do not belong together: somebody copied the object, under another name or elsewhere.
 */
export function identityOfRun(
  run: Pick<LitmusIdentity, 'engine' | 'engineUid' | 'experiment'> & { readonly namespace?: string },
  found: Pick<LitmusIdentity, 'namespace' | 'resultName'>,
): LitmusIdentity | undefined {
  const { engine, engineUid, experiment } = run;
  const stem = resultName(engine, experiment, '');
  const instanceId = found.resultName.slice(stem.length + 1);
  if (resultName(engine, experiment, instanceId) !== found.resultName) return undefined;
  if (run.namespace !== undefined && run.namespace !== found.namespace) return undefined;
  return { engine, engineUid, experiment, instanceId, podName: '', ...found };
}

/** `<engine>-<experiment>-<instance>`, without what is empty (litmus-go pkg/types, chaos-runner pkg/utils). */
export const resultName = (engine: string, experiment: string, instanceId: string): string =>
  [engine, experiment, instanceId].filter((part) => part !== '').join('-');
