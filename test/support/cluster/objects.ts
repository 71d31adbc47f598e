import type { ResultStatus } from '../../process/records.ts';

/** What the tests read of a cluster's objects. */

export interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

export interface Items<T> {
  readonly items: readonly T[];
}

export interface PodSeen {
  readonly metadata: Meta;
  readonly spec: { readonly nodeName?: string; readonly terminationGracePeriodSeconds?: number };
  readonly status: {
    readonly phase: string;
    readonly containerStatuses?: readonly {
      readonly state?: { readonly terminated?: { readonly exitCode: number; readonly reason?: string } };
    }[];
  };
}

export interface EngineSeen {
  readonly metadata: Meta;
  readonly spec: { readonly engineState: string };
  readonly status?: {
    readonly engineStatus?: string;
    readonly experiments?: readonly { readonly status: string; readonly verdict: string }[];
  };
}

export interface ResultSeen {
  readonly metadata: Meta;
  readonly status: ResultStatus;
}

export interface EventSeen {
  readonly reason: string;
  readonly type: string;
  readonly message: string;
  readonly firstTimestamp: string;
  readonly involvedObject: { readonly kind: string; readonly uid: string };
}
