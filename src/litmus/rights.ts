import type { Right } from '../kube/objects.ts';

/** A right that a run uses. */
export interface UsedRight extends Right {
  /** What a run does without it; `undefined`: it can't be done. */
  readonly without?: string;
}

const litmus = (resource: string, verb: string): UsedRight => ({ group: 'litmuschaos.io', resource, verb });
const core = (resource: string, verb: string, without: string): UsedRight => ({
  group: '',
  resource,
  verb,
  without,
});

const NO_EVENTS = 'no Kubernetes Events, one warning';
const BLIND = 'other pods of the Job are not seen: a weaker restart guard';

/** Everything that a run asks of the API server, and nothing else. */
export const RIGHTS: readonly UsedRight[] = [
  litmus('chaosresults', 'get'),
  litmus('chaosresults', 'create'),
  litmus('chaosresults', 'patch'),
  { ...litmus('chaosresults', 'list'), without: 'runs of other engines on the same mappings are not seen' },
  litmus('chaosengines', 'get'),
  {
    ...litmus('chaosengines', 'patch'),
    without: 'a probe in the background stops the run, and its engine is not set to stop',
  },
  core('pods', 'get', BLIND),
  core('pods', 'list', BLIND),
  core('events', 'create', NO_EVENTS),
  core('events', 'get', NO_EVENTS),
  core('events', 'patch', NO_EVENTS),
];

/** `chaosresults.litmuschaos.io`, or `pods`. */
export function resourceOf({ resource, group, subresource }: Omit<Right, 'verb'>): string {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return group === '' ? whole : `${whole}.${group}`;
}
