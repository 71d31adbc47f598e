import type { IncomingMessage } from 'node:http';

export type OperationName =
  | 'GetFunction'
  | 'GetEventSourceMapping'
  | 'ListEventSourceMappings'
  | 'UpdateEventSourceMapping'
  | 'CreateEventSourceMapping'
  | 'DeleteEventSourceMapping'
  | 'GetCallerIdentity'
  | 'AssumeRole'
  | 'AssumeRoleWithWebIdentity'
  | 'Unknown';

/** What the signature says about the caller. It is read, not verified. */
export interface Signature {
  readonly accessKey: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
}

/** One request, taken apart. */
export interface Call {
  readonly operation: OperationName;
  readonly protocol: 'lambda' | 'sts';
  /** The path's label: the UUID of a mapping or the name of a function. */
  readonly label: string | undefined;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly signature: Signature | undefined;
  /** Constant over the SDK's retries of one call. */
  readonly invocationId: string | undefined;
  /** `attempt=1; max=3` */
  readonly attempt: string | undefined;
}

export function readCall(request: IncomingMessage, url: URL, body: string): Call {
  const method = request.method ?? 'GET';
  const sts = method === 'POST' && url.pathname === '/';
  const route = sts ? stsRoute(body) : lambdaRoute(method, url.pathname);
  return {
    ...route,
    protocol: sts ? 'sts' : 'lambda',
    query: url.searchParams,
    body,
    signature: readSignature(request),
    invocationId: header(request, 'amz-sdk-invocation-id'),
    attempt: header(request, 'amz-sdk-request'),
  };
}

interface Route {
  readonly operation: OperationName;
  readonly label: string | undefined;
}

const UNKNOWN: Route = { operation: 'Unknown', label: undefined };

const COLLECTION_METHODS: Readonly<Record<string, OperationName>> = {
  GET: 'ListEventSourceMappings',
  POST: 'CreateEventSourceMapping',
};
const MAPPING_METHODS: Readonly<Record<string, OperationName>> = {
  GET: 'GetEventSourceMapping',
  PUT: 'UpdateEventSourceMapping',
  DELETE: 'DeleteEventSourceMapping',
};

/**
 * Beliefs: a trailing slash makes no difference (the reference prints one, the SDK sends none), labels come
 * percent-encoded whole, and an empty UUID is therefore the List call. Source: wire samples.
 */
function lambdaRoute(method: string, path: string): Route {
  const [version, collection, label, ...rest] = path.replace(/^\/|\/$/g, '').split('/');
  if (version !== '2015-03-31' || rest.length > 0) return UNKNOWN;
  const isMapping = collection === 'event-source-mappings';
  if (isMapping && label === undefined) return named(COLLECTION_METHODS[method], undefined);
  if (isMapping) return named(MAPPING_METHODS[method], decoded(label));
  if (collection === 'functions' && method === 'GET' && label !== undefined) {
    return named('GetFunction', decoded(label));
  }
  return UNKNOWN;
}

function named(operation: OperationName | undefined, label: string | undefined): Route {
  return operation === undefined ? UNKNOWN : { operation, label };
}

function decoded(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

function stsRoute(body: string): Route {
  const action = new URLSearchParams(body).get('Action');
  const known = (['GetCallerIdentity', 'AssumeRole', 'AssumeRoleWithWebIdentity'] as const).find(
    (operation) => operation === action,
  );
  return named(known, undefined);
}

const SIGNATURE = /Credential=(?<key>[^/\s]+)\/\d{8}\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request/;

function readSignature(request: IncomingMessage): Signature | undefined {
  const groups = SIGNATURE.exec(header(request, 'authorization') ?? '')?.groups;
  const { key, region, service } = groups ?? {};
  if (key === undefined || region === undefined || service === undefined) return undefined;
  return { accessKey: key, region, service, sessionToken: header(request, 'x-amz-security-token') };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
