import type { Comparator } from './comparator.ts';

export const PROBE_TYPES = ['httpProbe', 'cmdProbe', 'k8sProbe', 'promProbe'] as const;
export type ProbeType = (typeof PROBE_TYPES)[number];

export const PROBE_MODES = ['SOT', 'EOT', 'Edge', 'Continuous', 'OnChaos'] as const;
export type ProbeMode = (typeof PROBE_MODES)[number];

/** How a probe is run; times in milliseconds. */
export interface RunProperties {
  /** After which an attempt is ended; 0: none of its own. */
  readonly timeoutMs: number;
  /** Between two attempts of one evaluation. */
  readonly intervalMs: number;
  /** Attempts of one evaluation, 1 or more. */
  readonly attempts: number;
  /** Between two evaluations in the background. */
  readonly pollingMs: number;
  /** Before the first evaluation of each phase. */
  readonly initialDelayMs: number;
  readonly stopOnFailure: boolean;
}

export interface HttpInputs {
  readonly url: string;
  readonly insecureSkipVerify: boolean;
  readonly method: 'GET' | 'POST';
  readonly expected: Comparator;
  readonly contentType?: string;
  readonly body?: string;
  readonly bodyPath?: string;
}

export interface CommandInputs {
  readonly command: string;
  readonly expected: Comparator;
  /** Present: the command runs in a pod of its own. */
  readonly source?: CommandSource;
}

/** The pod of a command in source mode. */
export interface CommandSource {
  readonly image: string;
  readonly hostNetwork: boolean;
  readonly inheritInputs: boolean;
  readonly privileged: boolean;
  /** What is handed to the pod as it stands there. */
  readonly pod: Readonly<Record<string, unknown>>;
}

export interface KubernetesInputs {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty: of the cluster. */
  readonly namespace: string;
  readonly resourceNames: string;
  readonly fieldSelector: string;
  readonly labelSelector: string;
  readonly operation: 'present' | 'absent' | 'create' | 'delete';
  /** The manifest that `create` sends. */
  readonly data: string;
}

export interface PrometheusInputs {
  readonly endpoint: string;
  readonly query?: string;
  readonly queryPath?: string;
  readonly expected: Comparator;
}

interface Common {
  readonly name: string;
  readonly mode: ProbeMode;
  readonly run: RunProperties;
}

/** A hypothesis as a ChaosEngine declares it, read and checked. */
export type Probe = Common &
  (
    | { readonly type: 'httpProbe'; readonly inputs: HttpInputs }
    | { readonly type: 'cmdProbe'; readonly inputs: CommandInputs }
    | { readonly type: 'k8sProbe'; readonly inputs: KubernetesInputs }
    | { readonly type: 'promProbe'; readonly inputs: PrometheusInputs }
  );

export type ProbeOf<T extends ProbeType> = Extract<Probe, { readonly type: T }>;
