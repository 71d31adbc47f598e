import type { StoredObject } from './store.ts';
import { invalid, type Resource } from './status.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const ANNOTATIONS_LIMIT = 256 * 1024;

/** The rules of the API server that our names, keys and values could break. */
export function validate(resource: Resource, object: StoredObject): void {
  const { name } = object.metadata;
  const refuse = (why: string): never => {
    throw invalid(resource, name, why);
  };
  if (!isLegalName(resource, name)) refuse(`metadata.name: Invalid value: "${name}"`);
  const annotations = Object.entries(object.metadata.annotations ?? {});
  for (const [key] of annotations) {
    if (!isQualifiedName(key.toLowerCase())) refuse(`metadata.annotations: Invalid value: "${key}"`);
  }
  const size = annotations.reduce((sum, [key, value]) => sum + key.length + Buffer.byteLength(value), 0);
  if (size > ANNOTATIONS_LIMIT) refuse('metadata.annotations: Too long: may not be more than 262144 bytes');
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    if (!isQualifiedName(key) || value.length > 63 || !LABEL_VALUE.test(value)) {
      refuse(`metadata.labels: Invalid value: "${value}"`);
    }
  }
  if (resource.plural === 'events') validateEvent(object, refuse);
}

/** Events of the old form may have any name that fits into a path, capitals included; everything else is a DNS name. */
const isLegalName = (resource: Resource, name: string): boolean =>
  resource.plural === 'events'
    ? name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)
    : name.length <= 253 && SUBDOMAIN.test(name);

/** `prefix/name` or `name`: a DNS subdomain, and at most 63 characters. */
function isQualifiedName(key: string): boolean {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  const [prefix, ...more] = parts;
  if (more.length > 0 || name.length > 63 || !NAME_PART.test(name)) return false;
  return prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix));
}

function validateEvent(object: StoredObject, refuse: (why: string) => never): void {
  const involved = object.involvedObject as { namespace?: string } | undefined;
  if (involved?.namespace !== object.metadata.namespace) {
    refuse('involvedObject.namespace: Invalid value: does not match event.namespace');
  }
}
