import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { startLambda, type LambdaStandIn } from '../../demo/lambda/server.ts';
import { Api } from '../support/cluster/api.ts';
import { blockOf } from '../support/cluster/document.ts';
import { hostAddress } from '../support/cluster/host.ts';
import { killContainer } from '../support/cluster/kill.ts';
import { NamespaceView } from '../support/cluster/namespace-view.ts';
import { kubectl, shell } from '../support/cluster/programs.ts';
import { until } from '../support/cluster/until.ts';
import { PLANTED_SECRETS, spool } from '../support/product/spool.ts';

/** The names that the README uses. */
const [NAMESPACE, ENGINE, MAPPING] = ['chaos', 'orders', '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11'];
const LONGEST_MS = 240_000;

describe('the commands of the README, as they stand there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  let lambda: LambdaStandIn;
  let view: NamespaceView;

  /** What a reader does: copies a block into a shell in the checkout. */
  const copy = (name: string): Promise<string> => shell(blockOf('README.md', name), folder);
  const stateIs = (state: string): Promise<true> =>
    until(`the mapping ${state}`, () => lambda.mapping(MAPPING).state === state);

  beforeAll(async () => {
    const api = new Api();
    view = new NamespaceView(api, NAMESPACE);
    if ((await api.find(`api/v1/namespaces/${NAMESPACE}`)) !== undefined)
      throw new Error(`namespace ${NAMESPACE} exists: these tests want a throwaway cluster`);
    const host = hostAddress(await api.call('GET', 'api/v1/nodes'));
    lambda = await startLambda({ host: '0.0.0.0', region: 'eu-west-1' });
    lambda.addFunction({ name: 'orders' });
    lambda.addMapping({ uuid: MAPPING, functionName: 'orders' });
    for (const name of ['charts', 'manifests']) symlinkSync(join(process.cwd(), name), join(folder, name));
    // The reader's own two files: the README's values, with the stand-in in place of AWS, and a credentials file.
    const values = parse(blockOf('README.md', 'values')) as object;
    const env = [{ name: 'AWS_ENDPOINT_URL', value: `http://${host}:${lambda.port}` }];
    writeFileSync(join(folder, 'values.yaml'), stringify({ ...values, env }));
    const keys = `aws_access_key_id = AKIAFILE\naws_secret_access_key = ${PLANTED_SECRETS[0]}`;
    writeFileSync(join(folder, 'cloud_config.yml'), `[default]\n${keys}\n`);
  });

  afterAll(async () => {
    for (const { metadata } of await view.pods()) spool(await view.logs(metadata.name).catch(String));
    await view.kubectl('delete', 'chaosengines', '--all', '--timeout=60s').catch(() => undefined);
    await kubectl('delete', 'namespace', NAMESPACE, '--timeout=120s').catch(() => undefined);
    await lambda.close();
    view.api.close();
    rmSync(folder, { recursive: true, force: true });
  }, LONGEST_MS);

  test(
    'install: nothing runs yet',
    async () => {
      expect(await copy('install')).toContain('STATUS: deployed');
      expect((await view.engine(ENGINE))?.spec.engineState).toBe('stop');
      expect(lambda.writes).toEqual([]);
    },
    LONGEST_MS,
  );

  test(
    'check: the plan says that a run would start, and changes nothing',
    async () => {
      expect(await copy('check')).toContain('A run would start');
      expect(lambda.writes).toEqual([]);
    },
    LONGEST_MS,
  );

  test(
    'start and abort: the mapping goes off, comes back, and the verdict is Stopped',
    async () => {
      await copy('start');
      await stateIs('Disabled');
      await copy('abort');
      await stateIs('Enabled');
      expect(await view.verdict(ENGINE)).toBe('Stopped/Stopped');
      expect(await view.engineEnded(ENGINE)).toBe('stop/stopped');
      expect(await copy('verdict')).toContain('"verdict":"Stopped"');
    },
    LONGEST_MS,
  );

  test(
    'start again and undo: with pod and Job gone, the mapping comes back; undo again, and nothing is left to do',
    async () => {
      await copy('start');
      await stateIs('Disabled');
      const pod = await until('the pod', async () =>
        (await view.pods()).find(({ status }) => status.phase === 'Running'),
      );
      await view.kubectl('delete', 'jobs', '-l', 'chaosUID', '--cascade=orphan');
      killContainer(pod.metadata.name);
      await until('its death', async () =>
        (await view.pods()).every(({ status }) => status.phase !== 'Running'),
      );
      expect(lambda.mapping(MAPPING).state).toBe('Disabled');
      // The log is there to its end: nobody has to wait for the Job besides.
      expect(await copy('undo')).toMatch(/1 were finished, 0 could not be\./);
      expect(lambda.mapping(MAPPING).state).toBe('Enabled');
      expect(await view.verdict(ENGINE)).toBe('Error/Error');
      expect(await copy('undo')).toMatch(/0 were finished, 0 could not be\./);
    },
    LONGEST_MS,
  );

  test(
    'uninstall: nothing of it is left but the results',
    async () => {
      await copy('uninstall');
      await until('the end of the engine', async () => (await view.engine(ENGINE)) === undefined);
      expect(await view.kubectl('get', 'serviceaccount', '-o', 'name')).not.toContain('lambda-chaos');
      expect((await view.result(ENGINE))?.status.experimentStatus.verdict).toBe('Error');
    },
    LONGEST_MS,
  );
});
