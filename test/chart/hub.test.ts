import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FAULTS } from '../../src/faults/index.ts';
import { RIGHTS } from '../../src/litmus/rights.ts';
import { VERSION } from '../../src/version.ts';
import {
  only,
  parseObjects,
  render,
  type Container,
  type KubeObject,
  type Rule,
} from '../support/chart/objects.ts';

const CATEGORY = 'aws-lambda';
const FOLDER = join(process.cwd(), 'manifests/hub/faults', CATEGORY);
const text = (...path: string[]): string => readFileSync(join(FOLDER, ...path), 'utf8');
const read = (...path: string[]): unknown => parse(text(...path));

/** What ChaosCenter reads of a ChartServiceVersion. */
interface ServiceVersion {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly version: string; readonly annotations: object };
  readonly spec: {
    readonly displayName: string;
    readonly categoryDescription: string;
    readonly faults?: readonly { name: string; displayName: string; description: string }[];
    readonly keywords: readonly string[];
    readonly maintainers: readonly object[];
    readonly links: readonly { name: string; url: string }[];
    readonly icon: readonly { url: string; mediatype: string }[];
  };
}

const serviceVersion = (...path: string[]): ServiceVersion => read(...path) as ServiceVersion;
const faults = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'icons')
  .map(({ name }) => name);

describe('the hub folder', () => {
  const category = serviceVersion(`${CATEGORY}.chartserviceversion.yaml`);

  test('is a category that is found by its name and lists its faults', () => {
    expect(category.kind).toBe('ChartServiceVersion');
    expect(category.metadata.name).toBe(CATEGORY);
    expect(faults).toEqual(FAULTS.map(({ name }) => name));
    expect(category.spec.faults?.map(({ name }) => name)).toEqual(faults);
    const packaged = read(`${CATEGORY}.package.yaml`) as { packageName: string; faults: object[] };
    expect(packaged).toMatchObject({
      packageName: CATEGORY,
      faults: faults.map((name) => ({ name, CSV: `${name}.chartserviceversion.yaml` })),
    });
  });

  test('has an icon for the category and for each fault, where ChaosCenter looks for it', () => {
    for (const [name, version] of [
      [CATEGORY, category] as const,
      ...faults.map((fault) => [fault, serviceVersion(fault, `${fault}.chartserviceversion.yaml`)] as const),
    ]) {
      expect(version.spec.icon).toEqual([{ url: `icons/${name}.png`, mediatype: 'image/png' }]);
      const png = readFileSync(join(FOLDER, 'icons', `${name}.png`));
      expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      // Width and height of the header.
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
    }
  });

  test('has every fault in experiments.yaml', () => {
    expect(parseObjects(text('experiments.yaml'))).toEqual(
      faults.flatMap((fault) => parseObjects(text(fault, 'fault.yaml'))),
    );
  });

  test('is of the version of the program', () => {
    const versions = faults.map((fault) => serviceVersion(fault, `${fault}.chartserviceversion.yaml`));
    for (const each of [category, ...versions]) expect(each.metadata.version).toBe(VERSION);
  });
});

describe.each(faults)('the fault %s', (fault) => {
  interface Definition extends Container {
    readonly permissions: readonly Rule[];
    readonly labels: object;
    readonly secrets: readonly object[];
  }
  const definitionOf = (object: KubeObject): Definition =>
    (object.spec as { definition: Definition }).definition;
  const experiment = only(parseObjects(text(fault, 'fault.yaml')), 'ChaosExperiment');
  const engine = only(parseObjects(text(fault, 'engine.yaml')), 'ChaosEngine') as KubeObject & {
    spec: {
      chaosServiceAccount: string;
      experiments: { name: string; spec: { components: Pick<Container, 'env'> & { resources?: object } } }[];
    };
  };

  test('has one name in all its files', () => {
    expect(experiment.metadata.name).toBe(fault);
    expect(serviceVersion(fault, `${fault}.chartserviceversion.yaml`).metadata.name).toBe(fault);
    expect(existsSync(join(FOLDER, fault, 'engine.yaml'))).toBe(true);
  });

  test('has an engine of one experiment, without annotations, which ChaosCenter would read as probes', () => {
    expect(engine.spec.experiments.map(({ name }) => name)).toEqual([fault]);
    expect(Object.keys(engine.metadata.annotations ?? {}).filter((key) => key !== 'probeRef')).toEqual([]);
    expect(engine.spec.chaosServiceAccount).toBe('litmus-admin');
    expect(engine.spec.experiments[0]?.spec).not.toHaveProperty('probe');
  });

  test('has an engine whose variables are those of the fault, with nothing to be left in by mistake', () => {
    const env = engine.spec.experiments[0]?.spec.components.env ?? [];
    const known = definitionOf(experiment).env.map(({ name }) => name);
    expect(env.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    for (const name of ['FUNCTION_NAME', 'REGION', 'EVENT_UUIDS'])
      expect(env).toContainEqual({ name, value: '' });
  });

  test('has an engine with the resources of the chart, which no ChaosExperiment can give', () => {
    const { resources } = parse(
      readFileSync(join(process.cwd(), 'charts/lambda-chaos/values.yaml'), 'utf8'),
    ) as { resources: object };
    expect(engine.spec.experiments[0]?.spec.components.resources).toEqual(resources);
  });

  test('has one line with its image, and the page for hubs names the files to edit', () => {
    const page = readFileSync(join(process.cwd(), 'manifests/hub/README.md'), 'utf8');
    for (const found of [text('experiments.yaml'), text(fault, 'fault.yaml')])
      expect(found.match(/image: lambda-chaos-runner/g)).toHaveLength(1);
    expect(page).toContain(
      "sed -i 's|image: lambda-chaos-runner|image: REGISTRY/lambda-chaos-runner|' experiments.yaml */fault.yaml",
    );
  });

  test('is the ChaosExperiment of the chart, with the Secret and the labels of a hub', async () => {
    const ours = definitionOf(
      only(await render({ json: { credentials: { existingSecret: 'cloud-secret' } } }), 'ChaosExperiment'),
    );
    const theirs = definitionOf(experiment);
    const shared = (definition: Definition): object => {
      const names = definition.env.map(({ name }) => name).filter((name) => !/^A(WS|SSUME)_/.test(name));
      return { ...definition, labels: {}, env: names };
    };
    expect(shared(theirs)).toEqual(shared(ours));
    expect(theirs.env).toContainEqual({
      name: 'AWS_SHARED_CREDENTIALS_FILE',
      value: '/tmp/cloud_config.yml',
    });
    expect(experiment.metadata.namespace).toBeUndefined();
    expect(theirs.labels).toEqual({
      name: fault,
      'app.kubernetes.io/part-of': 'litmus',
      'app.kubernetes.io/component': 'experiment-job',
      'app.kubernetes.io/version': VERSION,
    });
  });

  test('names every right that a run uses', () => {
    const { permissions } = definitionOf(experiment);
    const missing = RIGHTS.filter(
      ({ group, resource, verb }) =>
        !permissions.some(
          (rule) =>
            rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb),
        ),
    );
    expect(missing).toEqual([]);
  });
});
