import type { ErrorPhase } from '../../runtime/errors.ts';
import { ProbeUnclearError } from '../../runtime/probes.ts';
import type { Probe, ProbeType } from './definition.ts';

/** What one evaluation found out. */
export type Finding =
  /** The hypothesis holds; `description` is the evidence, `register` what templates of other probes may use. */
  | { readonly kind: 'passed'; readonly description: string; readonly register?: string }
  /** It does not hold. */
  | { readonly kind: 'failed'; readonly description: string }
  /** It could not be told: the experiment ends as Error, not as Fail. */
  | { readonly kind: 'unclear'; readonly description: string };

/** All of them stand in one object, whose size the API server limits: too long a one would cost the verdict. */
const LONGEST_DESCRIPTION = 1_000;

const limited = (text: string): string =>
  text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION)}…` : text;

export const passed = (description: string, register?: string): Finding => ({
  kind: 'passed',
  description: limited(description),
  ...(register === undefined ? {} : { register }),
});
export const failed = (description: string): Finding => ({
  kind: 'failed',
  description: limited(description),
});
export const unclear = (description: string): Finding => ({
  kind: 'unclear',
  description: limited(description),
});

/** litmus-go pkg/cerrors. */
const CODES = {
  httpProbe: 'HTTP_PROBE_ERROR',
  cmdProbe: 'CMD_PROBE_ERROR',
  k8sProbe: 'K8S_PROBE_ERROR',
  promProbe: 'PROM_PROBE_ERROR',
} as const satisfies Record<ProbeType, string>;

/** What ends a run whose probes could not be evaluated; `reasons` holds at least one. */
export function unclearError(
  reasons: readonly { readonly probe: Probe; readonly why: string }[],
  phase: ErrorPhase,
): ProbeUnclearError {
  const message = reasons
    .map(({ probe, why }) => `Probe ${probe.name} could not be evaluated: ${why}`)
    .join('; ');
  const [only, another] = reasons;
  const code = only === undefined || another !== undefined ? 'GENERIC_ERROR' : CODES[only.probe.type];
  const target = reasons.map(({ probe }) => `{name: ${probe.name}, type: ${probe.type}}`).join(', ');
  return new ProbeUnclearError(message, { code, phase, target });
}
