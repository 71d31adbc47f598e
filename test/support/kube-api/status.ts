/** The resource names of the API server, with what its messages say of each. */
export interface Resource {
  readonly plural: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly apiVersion: string;
}

/** `chaosresults.litmuschaos.io`, or `pods`: how the server's messages name a resource. */
export const qualified = ({ plural, group }: Resource): string =>
  group === '' ? plural : `${plural}.${group}`;

/** An answer other than 2xx, with the body that the real server writes. */
export class Failure extends Error {
  readonly code: number;
  readonly body: object;

  constructor(code: number, reason: string, message: string, details?: object) {
    super(message);
    this.code = code;
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

const details = (resource: Resource, name: string): object => ({
  name,
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});

export const notFound = (resource: Resource, name: string): Failure =>
  new Failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name));

export const noSuchNamespace = (namespace: string): Failure =>
  new Failure(404, 'NotFound', `namespaces "${namespace}" not found`, {
    name: namespace,
    kind: 'namespaces',
  });

export const alreadyExists = (resource: Resource, name: string): Failure =>
  new Failure(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists`,
    details(resource, name),
  );

export const modified = (resource: Resource, name: string): Failure =>
  new Failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    details(resource, name),
  );

export interface Denied {
  readonly verb: string;
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

export function forbidden({ verb, resource, namespace, name }: Denied): Failure {
  const what = name === '' ? qualified(resource) : `${qualified(resource)} "${name}"`;
  const message = `${what} is forbidden: User "system:serviceaccount:${namespace}:chaos" cannot ${verb} resource "${resource.plural}" in API group "${resource.group}" in the namespace "${namespace}"`;
  return new Failure(403, 'Forbidden', message, details(resource, name));
}

export const unauthorized = (): Failure => new Failure(401, 'Unauthorized', 'Unauthorized');

export const invalid = (resource: Resource, name: string, why: string): Failure =>
  new Failure(
    422,
    'Invalid',
    `${resource.kind}.${resource.group} "${name}" is invalid: ${why}`,
    details(resource, name),
  );

export const unsupportedMediaType = (): Failure =>
  new Failure(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );

export const badRequest = (message: string): Failure => new Failure(400, 'BadRequest', message);

export const noSuchPath = (): Failure =>
  new Failure(404, 'NotFound', 'the server could not find the requested resource', {});
