/** The parts of Kubernetes objects that this program reads or writes. */

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A custom object; its spec and status come from the server unchecked. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** Where a custom object lives. */
export interface CustomRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
}

/** All objects of any kind in a namespace, or, where that is empty, in the cluster. */
export interface ResourceRef {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string;
}

/** All custom objects of one kind in a namespace. */
export type CollectionRef = Omit<CustomRef, 'name'>;

/** A verb on a resource in a namespace, as RBAC grants it. */
export interface Right {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  readonly subresource?: string;
  /** In place of the run's own; empty for the cluster. */
  readonly namespace?: string;
}

export interface Job {
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Complete or Failed: it starts no further pod. */
  readonly over: boolean;
}

export interface Pod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The UID of the controller that made it, e.g. its Job. */
  readonly controllerUid?: string;
  /** Pending, Running, Succeeded, Failed or Unknown. */
  readonly phase: string;
}

export interface InvolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/** A core/v1 Event, in the form that old readers such as chaos-exporter know. */
export interface KubeEvent {
  readonly name: string;
  readonly namespace: string;
  readonly involvedObject: InvolvedObject;
  readonly reason: string;
  readonly message: string;
  readonly type: 'Normal' | 'Warning';
  readonly component: string;
  readonly at: Date;
}
