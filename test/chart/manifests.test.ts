import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FAULTS } from '../../src/faults/index.ts';
import { engineProbes, readProbes } from '../../src/litmus/probes/read.ts';
import { podSpecOf } from '../support/chart/litmus.ts';
import { ofKind, only, parseObjects, type Container, type KubeObject } from '../support/chart/objects.ts';
import { run } from '../support/chart/programs.ts';

const FOLDER = join(process.cwd(), 'manifests');
const FILES = ['', 'engines/'].flatMap((folder) =>
  readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}${name}`),
);
const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const objects = (name: string): KubeObject[] => parseObjects(text(name));

test('the manifests are what the chart makes', async () => {
  const { code, stderr } = await run(process.execPath, ['tools/render-manifests.ts', '--check']);
  expect([code, stderr]).toEqual([0, '']);
});

test('a manifest that was edited by hand is found out', async () => {
  // The check itself must be able to fail: it is given a checkout whose manifest differs.
  const { code, stderr } = await run('bash', [
    '-c',
    `set -e
     copy=.work/manifests-check; rm -rf $copy; mkdir -p $copy
     cp -r manifests charts tools/render-manifests.ts tools/generated.ts .prettierrc.json $copy
     mkdir -p $copy/tools && mv $copy/*.ts $copy/tools && ln -s $PWD/tools/bin $copy/tools/bin
     sed -i s/660/30/ $copy/manifests/engines/serial.yaml
     node $copy/tools/render-manifests.ts --check`,
  ]);
  expect([code, stderr]).toEqual([
    1,
    'manifests/engines/serial.yaml: not what it is made from; run node tools/render-manifests.ts\n',
  ]);
});

describe.each(FILES)('manifests/%s', (name) => {
  test('says at its head what it is for, and nothing of Helm', () => {
    expect(text(name)).toMatch(/^# [A-Z]/);
    expect(text(name)).not.toMatch(/helm\.sh|managed-by|Source:|Release|app\.kubernetes\.io\/instance/);
  });

  test('is all in namespace chaos', () => {
    expect(new Set(objects(name).map(({ metadata }) => metadata.namespace))).toEqual(new Set(['chaos']));
  });
});

const components = (name: string): Container & { secrets?: unknown } => {
  const { spec } = only(objects(name), 'ChaosEngine') as { spec: object };
  const { experiments } = spec as { experiments: [{ name: string; spec: { components: Container } }] };
  return experiments[0].spec.components;
};

describe('the examples of ChaosEngines', () => {
  const engines = FILES.filter((name) => name.startsWith('engines/'));

  test.each(engines)('%s starts a run of the one fault, under the account of rbac.yaml', (name) => {
    const engine = only(objects(name), 'ChaosEngine');
    expect(engine.spec).toMatchObject({
      engineState: 'active',
      chaosServiceAccount: only(objects('rbac.yaml'), 'ServiceAccount').metadata.name,
      terminationGracePeriodSeconds: 660,
      experiments: [{ name: FAULTS[0]?.name }],
    });
    expect(text(name)).toContain(`patch chaosengine ${engine.metadata.name} --type merge`);
  });

  test('carry their own credentials, so that one ChaosExperiment serves them all', () => {
    const { definition } = only(objects('experiment.yaml'), 'ChaosExperiment').spec as { definition: object };
    expect(definition).not.toHaveProperty('secrets');
    expect(components('engines/file-secret.yaml').secrets).toEqual([
      { name: 'cloud-secret', mountPath: '/tmp/' },
    ]);
    const names = components('engines/assume-role.yaml').env.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ASSUME_ROLE_ARN', 'ASSUME_ROLE_EXTERNAL_ID']));
  });

  test.each(engines)('%s is an engine alone: deleting it must not take the account that reverts', (name) => {
    expect(objects(name).map(({ kind }) => kind)).toEqual(['ChaosEngine']);
  });

  test('say how to give the account its role, which applying rbac.yaml again does not take away', () => {
    const annotate =
      /kubectl -n chaos annotate serviceaccount lambda-chaos \\\n# +eks\.amazonaws\.com\/role-arn=/;
    expect(text('engines/irsa.yaml')).toMatch(annotate);
    expect(text('rbac.yaml')).toMatch(annotate);
    expect(only(objects('rbac.yaml'), 'ServiceAccount').metadata.annotations).toBeUndefined();
  });

  test('have probes that the program takes', () => {
    const [engine] = objects('engines/probes.yaml');
    if (engine === undefined) throw new Error('no engine');
    const { problems, named } = readProbes(engineProbes(engine, 'lambda-toggle-event-mapping-state'));
    expect(problems).toEqual([]);
    expect(named.map(({ name }) => name)).toEqual([
      'shop-answers',
      'invocations-drop',
      'queue-grew',
      'iterator-age-rose',
      'invocations-recover',
      'drained',
    ]);
  });
});

describe.each(['sweeper-assume-role.yaml', 'revert-assume-role.yaml'])('manifests/%s', (name) => {
  test('assumes the role as the engine does, with the external id of the same Secret', () => {
    const role = ({ name }: { name: string }): boolean => name.startsWith('ASSUME_ROLE_');
    const [pod] = objects(name).filter(({ kind }) => kind === 'CronJob' || kind === 'Job');
    const env = podSpecOf(pod ?? only([], 'Job')).containers[0]?.env ?? [];
    expect(env.filter(role)).toHaveLength(2);
    expect(env.filter(role)).toEqual(components('engines/assume-role.yaml').env.filter(role));
  });
});

describe.each(['revert.yaml', 'revert-file-secret.yaml', 'revert-assume-role.yaml'])(
  'manifests/%s',
  (name) => {
    test('is a Job for one engine, with the pod of the sweeper', () => {
      const job = only(objects(name), 'Job');
      const sweeper = only(objects(name.replace('revert', 'sweeper')), 'CronJob');
      const [ours] = podSpecOf(job).containers;
      const [theirs] = podSpecOf(sweeper).containers;
      expect(ours?.args).toEqual(['/app/main.cjs', 'revert', '--engine', 'ENGINE']);
      expect(theirs?.args).toEqual(['/app/main.cjs', 'revert', '--overdue']);
      expect({ ...podSpecOf(job), containers: [{ ...ours, args: [] }] }).toEqual({
        ...podSpecOf(sweeper),
        containers: [{ ...theirs, args: [] }],
      });
    });

    test('names the engine in one place, for sed', () => {
      const body = text(name).replaceAll(/^#.*\n/gm, '');
      expect(body.match(/ENGINE/g)).toHaveLength(1);
      expect(ofKind(objects(name), 'Job')[0]?.metadata).toHaveProperty(
        'generateName',
        'lambda-chaos-revert-',
      );
      expect(text(name)).toContain(`manifests/${name} | kubectl create -f - -o name)`);
    });
  },
);
