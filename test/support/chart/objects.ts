import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CHART, helm, mustSucceed, type Ended } from './programs.ts';

export interface Labels {
  readonly [name: string]: string;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

export interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
  readonly [field: string]: unknown;
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
  readonly [field: string]: unknown;
}

export interface PodTemplate {
  readonly metadata: { readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: PodSpec;
}

/** An object as the chart makes it; `spec` is what its kind has. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: unknown;
  readonly rules?: readonly Rule[];
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Rendering {
  readonly release?: string;
  readonly namespace?: string;
  /** One of ci/, without its ending. */
  readonly variant?: string;
  /** As of `--set`. */
  readonly set?: readonly string[];
  /** Values as JSON, over everything else. */
  readonly json?: object;
  readonly kubeVersion?: string;
}

/** The variants in charts/lambda-chaos/ci. */
export const VARIANTS: readonly string[] = readdirSync(join(CHART, 'ci')).map((name) =>
  name.replace(/-values\.yaml$/, ''),
);

/** The arguments after `helm template`. */
export function templateArguments(rendering: Rendering): string[] {
  const { release = 'lambda-chaos', namespace = 'chaos', variant, set = [], kubeVersion } = rendering;
  return [
    ...[release, CHART, '--namespace', namespace],
    ...(variant === undefined ? [] : ['--values', join(CHART, 'ci', `${variant}-values.yaml`)]),
    ...set.flatMap((value) => ['--set', value]),
    ...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
    ...(rendering.json === undefined ? [] : ['--values', '-']),
  ];
}

/** `helm template`, whatever it answers. */
export function template(rendering: Rendering): Promise<Ended> {
  const input = rendering.json === undefined ? {} : { input: JSON.stringify(rendering.json) };
  return helm(['template', ...templateArguments(rendering)], input);
}

/** The objects in a text of YAML documents. */
export const parseObjects = (text: string): KubeObject[] =>
  [...parseAllDocuments(text)].flatMap((document) => {
    if ('errors' in document && document.errors.length > 0)
      throw document.errors[0] ?? new Error('unreadable');
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });

/** What the chart makes of these values. @throws Error with what helm said. */
export const render = async (rendering: Rendering = {}): Promise<KubeObject[]> =>
  parseObjects(await mustSucceed(template(rendering)));

/** The only object of that kind and, where given, that name. */
export function only(objects: readonly KubeObject[], kind: string, name?: string): KubeObject {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} objects of kind ${kind} ${name ?? ''}; wanted is one`);
  return first;
}

export const ofKind = (objects: readonly KubeObject[], kind: string): KubeObject[] =>
  objects.filter((object) => object.kind === kind);
