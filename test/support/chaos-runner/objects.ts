/** The parts of Litmus' objects that a runner reads (chaos-operator api/litmuschaos/v1alpha1). */

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

export interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface EngineComponents {
  readonly env?: readonly EnvVar[];
  readonly secrets?: readonly Mount[];
  readonly configMaps?: readonly Mount[];
  readonly experimentAnnotations?: Readonly<Record<string, string>>;
  readonly experimentImage?: string;
  readonly experimentImagePullSecrets?: readonly object[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
  readonly resources?: object;
  readonly statusCheckTimeouts?: { readonly delay?: number; readonly timeout?: number };
}

export interface EngineExperiment {
  readonly name: string;
  readonly spec?: { readonly components?: EngineComponents };
}

/** One line of `status.experiments`. */
export interface ExperimentStatus {
  readonly name: string;
  readonly runner: string;
  readonly experimentPod: string;
  readonly status: string;
  readonly verdict: string;
  readonly lastUpdateTime: string;
}

export interface ChaosEngine {
  readonly metadata: Metadata;
  readonly spec: {
    readonly defaultHealthCheck?: boolean;
    readonly jobCleanUpPolicy?: string;
    readonly terminationGracePeriodSeconds?: number;
    readonly experiments: readonly EngineExperiment[];
  };
  readonly status?: { readonly engineStatus?: string; readonly experiments?: readonly ExperimentStatus[] };
}

export interface ChaosExperiment {
  readonly metadata: Metadata;
  readonly spec: {
    readonly definition: {
      readonly image: string;
      readonly imagePullPolicy?: string;
      readonly command: readonly string[];
      readonly args: readonly string[];
      readonly env?: readonly EnvVar[];
      readonly labels: Readonly<Record<string, string>>;
      readonly secrets?: readonly Mount[];
      readonly configMaps?: readonly Mount[];
      readonly securityContext?: {
        readonly podSecurityContext?: object;
        readonly containerSecurityContext?: object;
      };
    };
  };
}

/** What the operator puts into the runner's environment. */
export interface RunnerEnvironment {
  readonly engine: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly targets: string;
  readonly auxiliaryAppInfo: string;
}
