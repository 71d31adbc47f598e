import { flawOf, type Comparator, type ComparatorType } from './comparator.ts';
import type {
  CommandInputs,
  CommandSource,
  HttpInputs,
  KubernetesInputs,
  PrometheusInputs,
} from './definition.ts';
import type { Fields } from './fields.ts';
import { shownUrl } from './types/shown-url.ts';

/** Reads `httpProbe/inputs`. GET where both methods are given, as litmus-go. */
export function readHttp(fields: Fields): HttpInputs {
  const url = fields.required('url', 'https://orders.example.com/healthz');
  checkUrl(fields, 'url', url);
  const methods = fields.object('method');
  const method = methods.has('get') || !methods.has('post') ? 'GET' : 'POST';
  if (!methods.has('get') && !methods.has('post'))
    fields.wrong('method', 'names neither get nor post, e.g. {get: {criteria: "==", responseCode: "200"}}');
  const chosen = methods.object(method === 'GET' ? 'get' : 'post');
  const expected = readComparator(chosen, 'responseCode', 'int');
  const inputs = { url, insecureSkipVerify: fields.flag('insecureSkipVerify'), method, expected } as const;
  if (method === 'GET') return inputs;
  const [contentType, body, bodyPath] = [
    chosen.text('contentType'),
    chosen.text('body'),
    chosen.text('bodyPath'),
  ];
  if (body === '' && bodyPath === '') chosen.wrong('body', 'is required where bodyPath is not set');
  return {
    ...inputs,
    ...(contentType === '' ? {} : { contentType }),
    ...(body === '' ? { bodyPath } : { body }),
  };
}

/** Reads `cmdProbe/inputs`. */
export function readCommand(fields: Fields): CommandInputs {
  const command = fields.required('command', '"test -f /tmp/ready && echo yes"');
  const comparator = fields.object('comparator');
  const type = comparator.choice('type', ['int', 'float', 'string'] as const);
  const expected = readComparator(comparator, 'value', type ?? 'string');
  if (!fields.has('source')) return { command, expected };
  return { command, expected, source: readSource(fields.object('source')) };
}

function readSource(fields: Fields): CommandSource {
  return {
    image: fields.required('image', 'registry.example.com/tools:1'),
    hostNetwork: fields.flag('hostNetwork'),
    inheritInputs: fields.flag('inheritInputs'),
    privileged: fields.flag('privileged'),
    pod: rawParts(fields),
  };
}

/** What goes into the pod as it stands: the API server checks it. */
const POD_PARTS = [
  'args',
  'env',
  'labels',
  'annotations',
  'command',
  'imagePullPolicy',
  'nodeSelector',
  'tolerations',
  'volumes',
  'volumeMount',
  'imagePullSecrets',
] as const;

const rawParts = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(POD_PARTS.flatMap((key) => (fields.has(key) ? [[key, fields.raw(key)]] : [])));

/** Reads `k8sProbe/inputs` and the manifest beside it. */
export function readKubernetes(fields: Fields, data: string): KubernetesInputs {
  const operation =
    fields.choice('operation', ['present', 'absent', 'create', 'delete'] as const) ?? 'present';
  if (operation === 'create' && data.trim() === '')
    fields.wrong(
      'operation',
      'is create, and the manifest to create, in data beside runProperties, is missing',
    );
  const inputs = {
    group: fields.text('group'),
    version: fields.required('version', 'v1'),
    resource: fields.required('resource', 'deployments'),
    namespace: fields.text('namespace'),
    resourceNames: fields.text('resourceNames'),
    fieldSelector: fields.text('fieldSelector'),
    labelSelector: fields.text('labelSelector'),
    operation,
    data,
  };
  const { resourceNames, fieldSelector, labelSelector } = inputs;
  // Safety: litmus-go would delete everything of that kind.
  if (
    operation === 'delete' &&
    [resourceNames, fieldSelector, labelSelector].every((text) => text.trim() === '')
  )
    fields.wrong('operation', 'is delete, and neither resourceNames nor a selector says what');
  return inputs;
}

/** Reads `promProbe/inputs`. */
export function readPrometheus(fields: Fields): PrometheusInputs {
  const endpoint = fields.required('endpoint', 'http://prometheus.monitoring:9090');
  checkUrl(fields, 'endpoint', endpoint);
  const [query, queryPath] = [fields.text('query'), fields.text('queryPath')];
  if (query.trim() === '' && queryPath.trim() === '')
    fields.wrong('query', 'is required where queryPath is not set, e.g. sum(queue_depth)');
  const expected = readComparator(fields.object('comparator'), 'value', 'float');
  return { endpoint, expected, ...(query.trim() === '' ? { queryPath } : { query }) };
}

function readComparator(fields: Fields, valueKey: string, type: ComparatorType): Comparator {
  const criteria = fields.required('criteria', type === 'string' ? 'contains' : '">="');
  const value = fields.text(valueKey);
  const comparator = { type, criteria, value };
  if (!fields.has(valueKey)) fields.wrong(valueKey, 'is required and not set');
  else if (criteria !== '') {
    const flaw = flawOf(comparator);
    if (flaw !== undefined) fields.wrong(valueKey, `can't be compared with: ${flaw}`);
  }
  return comparator;
}

/** A URL with a template in it is known only later. */
function checkUrl(fields: Fields, key: string, url: string): void {
  if (url.trim() === '' || url.includes('{{')) return;
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    fields.wrong(key, `got ${JSON.stringify(shownUrl(url))}; wanted is an http or https URL with its scheme`);
}
