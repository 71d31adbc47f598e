// Makes manifests/ from the chart, for people without Helm. manifests/values holds a values file for each; its comments
// are the manifest's head.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, parseAllDocuments, parseDocument, visit, type Document } from 'yaml';
import { ROOT, writeOrCheck } from './generated.ts';

type Pick = (kind: string, component: string) => boolean;

const ofEngine: Pick = (kind) => kind === 'ChaosEngine';
const ofSweeper: Pick = (_kind, component) => component === 'sweeper';

const PICKS: Readonly<Record<string, Pick>> = {
  rbac: (kind) => ['ServiceAccount', 'Role', 'RoleBinding'].includes(kind),
  experiment: (kind) => kind === 'ChaosExperiment',
  sweeper: ofSweeper,
  'sweeper-file-secret': ofSweeper,
  'sweeper-assume-role': ofSweeper,
  'engines/parallel': ofEngine,
  'engines/serial': ofEngine,
  'engines/irsa': ofEngine,
  'engines/assume-role': ofEngine,
  'engines/file-secret': ofEngine,
  'engines/probes': ofEngine,
};

const FAULT = 'lambda-toggle-event-mapping-state';
const HUB = 'manifests/hub/faults/aws-lambda';

/** Labels that say how an object was installed, which here was by kubectl. */
const OF_HELM = ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/instance'];

const valuesOf = (name: string): string => join(ROOT, 'manifests/values', `${name}.yaml`);

/** The objects that the chart makes of a values file. */
function objects(values: string): Document[] {
  const args = ['template', 'lambda-chaos', join(ROOT, 'charts/lambda-chaos'), '--namespace', 'chaos'];
  const text = execFileSync(join(ROOT, 'tools/bin/helm'), [...args, '--values', valuesOf(values)], {
    encoding: 'utf8',
  });
  const documents = parseAllDocuments(text.replaceAll(/^# Source: .*\n/gm, ''));
  return [...documents].filter((document) => isMap(document.contents));
}

const textAt = (document: Document, ...path: string[]): string => {
  const found = document.getIn(path);
  return typeof found === 'string' ? found : '';
};

function picked(values: string, pick: Pick): Document[] {
  return objects(values).filter((document) =>
    pick(textAt(document, 'kind'), textAt(document, 'metadata', 'labels', 'app.kubernetes.io/component')),
  );
}

/** Takes the labels `names` away wherever there are labels. */
function withoutLabels(document: Document, names: readonly string[]): Document {
  visit(document, {
    Pair(_key, { key, value }) {
      if ((isScalar(key) ? key.value : key) !== 'labels' || !isMap(value)) return;
      for (const name of names) value.delete(name);
    },
  });
  return document;
}

const head = (values: string): string =>
  /^(?:#.*\n)+/.exec(readFileSync(valuesOf(values), 'utf8'))?.[0] ?? '';

const print = (values: string, documents: readonly Document[]): string =>
  head(values) + documents.map((document) => document.toString({ lineWidth: 0, directives: true })).join('');

/** The sweeper's Job, once, for one engine. */
function revert(values: string): string {
  const sweeper = picked(values, ofSweeper).find((document) => textAt(document, 'kind') === 'CronJob');
  const job = parseDocument('apiVersion: batch/v1\nkind: Job\n');
  job.setIn(['metadata', 'generateName'], 'lambda-chaos-revert-');
  job.setIn(['metadata', 'namespace'], sweeper?.getIn(['metadata', 'namespace']));
  job.setIn(['metadata', 'labels'], sweeper?.getIn(['spec', 'jobTemplate', 'metadata', 'labels']));
  job.setIn(['spec'], sweeper?.getIn(['spec', 'jobTemplate', 'spec']));
  const args = job.getIn(['spec', 'template', 'spec', 'containers', 0, 'args']);
  if (!isSeq(args)) throw new Error('the sweeper has no container with arguments');
  args.items = ['/app/main.cjs', 'revert', '--engine', 'ENGINE'].map((text) => job.createNode(text));
  // Kubernetes' own limits instead: whoever asks for it once does not look for a next schedule.
  for (const limit of ['backoffLimit', 'activeDeadlineSeconds']) job.deleteIn(['spec', limit]);
  const spec = job.get('spec');
  if (isMap(spec)) spec.commentBefore = null;
  for (const place of [['metadata'], ['spec', 'template', 'metadata']])
    job.setIn([...place, 'labels', 'app.kubernetes.io/component'], 'revert');
  return print(values, [withoutLabels(job, OF_HELM)]);
}

/** The fault as a ChaosHub wants it: of no namespace, with Litmus' own labels, and its Secret. */
function hubFault(): string {
  const [fault] = picked('hub', (kind) => kind === 'ChaosExperiment');
  if (fault === undefined) throw new Error('the chart makes no ChaosExperiment');
  const ours = ['app.kubernetes.io/name', 'chaos.lambda-chaos-runner.io/release'];
  withoutLabels(fault, [...OF_HELM, ...ours]).deleteIn(['metadata', 'namespace']);
  fault.setIn(
    ['spec', 'definition', 'secrets'],
    fault.createNode([{ name: 'cloud-secret', mountPath: '/tmp/' }]),
  );
  return print('hub', [fault]);
}

const manifest = (name: string, pick: Pick): [string, string] => {
  const values = name.replace(/^.*\//, '');
  const documents = picked(values, pick).map((document) => withoutLabels(document, OF_HELM));
  return [`manifests/${name}.yaml`, print(values, documents)];
};

const fault = hubFault();
await writeOrCheck(
  new Map([
    ...Object.entries(PICKS).map(([name, pick]) => manifest(name, pick)),
    ...['revert', 'revert-file-secret', 'revert-assume-role'].map((name): [string, string] => [
      `manifests/${name}.yaml`,
      revert(name),
    ]),
    [`${HUB}/${FAULT}/fault.yaml`, fault],
    [`${HUB}/experiments.yaml`, fault],
  ]),
  'node tools/render-manifests.ts',
);
