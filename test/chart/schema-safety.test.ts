import { describe, expect, test } from '@jest/globals';
import { template } from '../support/chart/objects.ts';
import { engine, refusal, variable } from '../support/chart/values.ts';

const REVERT_TIMEOUT = { name: 'REVERT_TIMEOUT', value: '1200' };

describe('REVERT_TIMEOUT, from which grace periods and deadlines are computed,', () => {
  test.each([
    ['env', '/env/0/name', variable(REVERT_TIMEOUT)],
    ["an engine's env", '/engines/orders/env/0/name', engine({ env: [REVERT_TIMEOUT] })],
  ])('is refused in %s, with the value that it has', async (_what, path, json) => {
    expect(await refusal(json)).toContain(
      `'${path}': value must be 'another name: REVERT_TIMEOUT is experiment.env.REVERT_TIMEOUT, one for all`,
    );
  });
});

describe('labels by which Litmus and Kubernetes find the Job and its pod', () => {
  test.each([
    ...['name', 'job-name', 'controller-uid', 'chaosUID', 'app'],
    ...['batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid'],
  ])('can not be set: %s', async (name) => {
    expect(await refusal({ commonLabels: { [name]: 'x' } })).toContain(`invalid propertyName '${name}'`);
    expect(await refusal(engine({ labels: { [name]: 'x' } }))).toContain(`invalid propertyName '${name}'`);
  });

  test('are the only ones', async () => {
    const json = { commonLabels: { team: 'shop', 'app.kubernetes.io/part-of': 'shop', 'app-name': 'x' } };
    expect(await template({ json })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a mount', () => {
  const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

  test.each([
    ...['/', '/app', '/nodejs/lib', '/etc', '/etc/', '/proc', '/proc/1', '/dev/shm', '/sys', '/var', '/run'],
    ...[
      ACCOUNT,
      `${ACCOUNT}/`,
      `${ACCOUNT}/token`,
      '/run/secrets/kubernetes.io',
      '/var/run/secrets',
      '/tmp/../etc',
    ],
  ])('over %s is refused', async (mountPath) => {
    expect(await refusal({ credentials: { mountPath } })).toContain("'/credentials/mountPath'");
    expect(await refusal(engine({ secrets: [{ name: 'x', mountPath }] }))).toContain(
      "'/engines/orders/secrets/0/mountPath'",
    );
  });

  test.each(['/tmp', '/tmp/', '/etc/aws', '/var/run/aws', '/var/run/secrets/aws', '/mnt/a.b/..c', '/device'])(
    'at %s is taken',
    async (mountPath) => {
      expect(await template({ json: { credentials: { mountPath } } })).toMatchObject({ code: 0 });
    },
  );
});
