import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { alreadyExists, invalid, modified, noSuchNamespace, notFound, type Resource } from './status.ts';
import { validate } from './validation.ts';

export interface StoredMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: object[];
}

export interface StoredObject {
  apiVersion: string;
  kind: string;
  metadata: StoredMeta;
  [key: string]: unknown;
}

/** What etcd and the generic registry do: names, versions, conflicts, merge patches. */
export class ObjectStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #namespaces = new Set(['default', 'litmus']);
  #version = 100;

  addNamespace(namespace: string): void {
    this.#namespaces.add(namespace);
  }

  get(resource: Resource, namespace: string, name: string): StoredObject {
    const found = this.#objects.get(key(resource, namespace, name));
    if (found === undefined) throw notFound(resource, name);
    return structuredClone(found);
  }

  list(resource: Resource, namespace: string, labelSelector = ''): StoredObject[] {
    return [...this.#objects]
      .filter(
        ([path, object]) => path.startsWith(key(resource, namespace, '')) && matches(object, labelSelector),
      )
      .map(([, object]) => structuredClone(object));
  }

  create(resource: Resource, namespace: string, body: StoredObject): StoredObject {
    if (!this.#namespaces.has(namespace)) throw noSuchNamespace(namespace);
    const { name } = body.metadata;
    const object: StoredObject = {
      ...structuredClone(body),
      apiVersion: resource.apiVersion,
      kind: resource.kind,
      metadata: {
        ...structuredClone(body.metadata),
        namespace,
        uid: randomUUID(),
        creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      },
    };
    delete object.metadata.resourceVersion;
    if (resource.plural === 'pods') object.status ??= { phase: 'Pending' };
    validate(resource, object);
    if (this.#objects.has(key(resource, namespace, name))) throw alreadyExists(resource, name);
    return this.#keep(resource, object);
  }

  /** A merge patch; a resourceVersion in it must be the current one. A patch that changes nothing makes no new version. */
  patch(resource: Resource, namespace: string, name: string, patch: object): StoredObject {
    const current = this.get(resource, namespace, name);
    const wanted = (patch as { metadata?: { resourceVersion?: unknown } }).metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== null && wanted !== current.metadata.resourceVersion) {
      throw modified(resource, name);
    }
    const next = mergePatch(current, patch) as StoredObject;
    if (next.metadata.uid !== current.metadata.uid || next.metadata.name !== name) {
      throw invalid(resource, name, 'metadata: Invalid value: field is immutable');
    }
    // Cloned so that both come from one realm: Jest runs tests in a realm of their own.
    if (isDeepStrictEqual(structuredClone(next), current)) return current;
    validate(resource, next);
    return this.#keep(resource, next);
  }

  delete(resource: Resource, namespace: string, name: string): void {
    if (!this.#objects.delete(key(resource, namespace, name))) throw notFound(resource, name);
  }

  #keep(resource: Resource, object: StoredObject): StoredObject {
    this.#version += 1;
    const kept = {
      ...wholeSeconds(object),
      metadata: { ...object.metadata, resourceVersion: String(this.#version) },
    };
    this.#objects.set(key(resource, object.metadata.namespace ?? '', object.metadata.name), kept);
    return structuredClone(kept);
  }
}

/** Kubernetes' own times have no fractions. */
const wholeSeconds = (object: StoredObject): StoredObject =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      name.endsWith('Timestamp') && typeof value === 'string' ? value.replace(/\.\d+Z$/, 'Z') : value,
    ]),
  ) as StoredObject;

const key = (resource: Resource, namespace: string, name: string): string =>
  `${resource.group}/${resource.plural}/${namespace}/${name}`;

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `a=b`, `a==b`, `a!=b`, `a` and `!a`, joined by commas. */
function matches(object: StoredObject, selector: string): boolean {
  const labels = object.metadata.labels ?? {};
  return selector.split(',').every((term) => {
    if (term === '') return true;
    if (term.startsWith('!')) return labels[term.slice(1)] === undefined;
    const [, name = '', operator = '', value = ''] = /^([^!=]+)(?:(!?==?)(.*))?$/.exec(term) ?? [];
    if (operator === '') return labels[name] !== undefined;
    return operator === '!=' ? labels[name] !== value : labels[name] === value;
  });
}
