import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openScratch, withLitmus, type Scratch } from '../support/chart/cluster.ts';
import { ofKind, parseObjects, render, type KubeObject, type Rule } from '../support/chart/objects.ts';
import { mustSucceed } from '../support/chart/programs.ts';
import { rightsOf } from '../support/chart/rights.ts';

const KINDS = ['ServiceAccount', 'Role', 'RoleBinding'];
const RUNNER_AND_EXPERIMENT = [
  'chaosengines.litmuschaos.io: get patch update',
  'chaosexperiments.litmuschaos.io: get',
  'chaosresults.litmuschaos.io: create get list patch',
  'events: create get patch update',
  'jobs.batch: create delete get',
  'pods: get list',
];
const SECRET = 'secrets/cloud-secret: get';

withLitmus((kubeconfig) => {
  describe('a real API server', () => {
    let scratch: Scratch;
    beforeAll(async () => {
      scratch = await openScratch(kubeconfig);
    });
    afterAll(() => scratch.close());

    const as = (account: string): string => `--as=system:serviceaccount:${scratch.namespace}:${account}`;

    /** Everything that `account` may do in the namespace. It may not read the schemas to validate its question. */
    async function rulesOf(account: string): Promise<Rule[]> {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: scratch.namespace },
      };
      const input = { input: JSON.stringify(review) };
      const text = await mustSucceed(
        scratch.kubectl(['create', '-f', '-', '-o', 'json', '--validate=false', as(account)], input),
      );
      return (JSON.parse(text) as { status: { resourceRules: Rule[] } }).status.resourceRules;
    }

    /** What `account` may do and an account without a Role may not. */
    async function granted(account: string): Promise<string[]> {
      const everybody = (await rulesOf('default')).map((rule) => JSON.stringify(rule));
      return rightsOf((await rulesOf(account)).filter((rule) => !everybody.includes(JSON.stringify(rule))));
    }

    const apply = async (objects: readonly KubeObject[]): Promise<void> => {
      await scratch.apply(objects.filter(({ kind }) => KINDS.includes(kind)));
    };
    const chart = (release: string, json: object): Promise<KubeObject[]> =>
      render({ release, namespace: scratch.namespace, json: { fullnameOverride: release, ...json } });

    test('grants the account of the chart exactly what runner and experiment use', async () => {
      await apply(await chart('plain', {}));
      expect(await granted('plain')).toEqual(RUNNER_AND_EXPERIMENT);
    });

    test('grants it the list of Jobs with the sweeper, and its Secret by name', async () => {
      await apply(
        await chart('swept', { sweeper: { enabled: true }, credentials: { existingSecret: 'cloud-secret' } }),
      );
      const jobs = 'jobs.batch: create delete get list';
      const expected = RUNNER_AND_EXPERIMENT.map((line) => (line.startsWith('jobs') ? jobs : line));
      expect(await granted('swept')).toEqual([...expected, SECRET].sort());
    });

    test('grants the account of manifests/rbac.yaml the same', async () => {
      const text = readFileSync(join(process.cwd(), 'manifests/rbac.yaml'), 'utf8');
      const objects = parseObjects(text.replaceAll(/namespace: chaos$/gm, `namespace: ${scratch.namespace}`));
      expect(ofKind(objects, 'Role')).toHaveLength(2);
      await apply(objects);
      expect(await granted('lambda-chaos')).toEqual([...RUNNER_AND_EXPERIMENT, SECRET].sort());
    });

    test.each([
      ['yes', 'get', 'secrets/cloud-secret'],
      ['yes', 'patch', 'chaosresults.litmuschaos.io'],
      ['no', 'get', 'secrets'],
      ['no', 'get', 'secrets/another'],
      ['no', 'list', 'secrets'],
      ['no', 'get', 'configmaps'],
      ['no', 'update', 'chaosresults.litmuschaos.io'],
      ['no', 'delete', 'chaosresults.litmuschaos.io'],
      ['no', 'delete', 'chaosengines.litmuschaos.io'],
      ['no', 'create', 'pods'],
      ['no', 'delete', 'pods'],
      ['no', 'create', 'pods/exec'],
      ['no', 'create', 'rolebindings.rbac.authorization.k8s.io'],
      ['no', 'create', 'serviceaccounts/token'],
      ['no', 'get', 'nodes'],
    ])('answers %s to: may the account with a Secret %s %s', async (answer, verb, what) => {
      await apply(await chart('asking', { credentials: { existingSecret: 'cloud-secret' } }));
      const { stdout } = await scratch.kubectl(['auth', 'can-i', verb, what, as('asking')]);
      expect(stdout.trim()).toBe(answer);
    });

    test('lets the account do nothing in another namespace', async () => {
      const { stdout } = await scratch.kubectl([
        ...['auth', 'can-i', 'get', 'chaosresults.litmuschaos.io', '--namespace', 'default'],
        as('plain'),
      ]);
      expect(stdout.trim()).toBe('no');
    });
  });
});
