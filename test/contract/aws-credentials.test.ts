import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSession, RUN, setProcessEnv, type OpenSession } from '../support/aws-session/open-session.ts';
import { startSts, type Sts } from '../support/sts/sts.ts';

const ACCOUNT = 'arn:aws:iam::123456789012';
const FILE_KEY = 'AKIAFILEFILEFILE0001';
const ENV_KEY = 'AKIAENVENVENVENV0001';
const IRSA_ROLE = `${ACCOUNT}:role/irsa`;
const TARGET_ROLE = 'arn:aws:iam::999988887777:role/target';
const PLANTED = 'PlantedSecretOfTheFile0123456789aBcDeFgHi';

let sts: Sts;
let root = '';
let restore: () => void = () => undefined;

beforeEach(async () => {
  sts = await startSts();
  sts.issuer.register(FILE_KEY, `${ACCOUNT}:user/file`);
  sts.issuer.register(ENV_KEY, `${ACCOUNT}:user/env`);
  root = await mkdtemp(join(tmpdir(), 'aws-'));
  restore = setProcessEnv({ AWS_PROFILE: undefined, AWS_EC2_METADATA_SERVICE_ENDPOINT: sts.url });
});
afterEach(async () => {
  restore();
  await sts.close();
  await rm(root, { recursive: true });
});

const put = async (path: string, content: string): Promise<string> => {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
};

const profile = (keyId: string, name = 'default', extra = ''): string =>
  `[${name}]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${PLANTED}\n${extra}\n`;

/** Each source of credentials, as the environment offers it. */
const offers = {
  secret: async () => ({ AWS_AUTHENTICATION_SECRET: await put('etc/chaos/credentials', profile(FILE_KEY)) }),
  file: async () => ({ AWS_SHARED_CREDENTIALS_FILE: await put('shared', profile(FILE_KEY)) }),
  litmus: async () => {
    await put('tmp/cloud_config.yml', profile(FILE_KEY));
    return { AWS_SHARED_CREDENTIALS_FILE: '/tmp/cloud_config.yml' };
  },
  environment: () => {
    const undo = restore;
    const keys = { AWS_ACCESS_KEY_ID: ENV_KEY, AWS_SECRET_ACCESS_KEY: PLANTED };
    const undoKeys = setProcessEnv(keys);
    restore = () => {
      undoKeys();
      undo();
    };
    return keys;
  },
  irsa: async () => ({
    AWS_WEB_IDENTITY_TOKEN_FILE: await put('token', 'web-token-1'),
    AWS_ROLE_ARN: IRSA_ROLE,
  }),
  pod: async () => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: sts.podIdentityUrl,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await put('pod-token', 'pod-token-1'),
  }),
  node: () => ({ AWS_EC2_METADATA_DISABLED: 'false' }),
};
type Offer = keyof typeof offers;

async function openWith(
  names: readonly Offer[],
  env: Readonly<Record<string, string>> = {},
): Promise<OpenSession> {
  let merged: Record<string, string> = {};
  for (const name of names) merged = { ...merged, ...(await offers[name]()) };
  return openSession({ env: { ...merged, ...env }, stsUrl: sts.url, root });
}

/** The caller that each source makes of us. */
const CALLER: Readonly<Record<Offer, string>> = {
  secret: `${ACCOUNT}:user/file`,
  file: `${ACCOUNT}:user/file`,
  litmus: `${ACCOUNT}:user/file`,
  environment: `${ACCOUNT}:user/env`,
  irsa: 'arn:aws:sts::123456789012:assumed-role/irsa/',
  pod: 'arn:aws:sts::123456789012:assumed-role/pod/eks',
  node: 'arn:aws:sts::123456789012:assumed-role/node-role/i-0abc',
};

describe('each source of credentials', () => {
  test.each<readonly [Offer, RegExp, boolean]>([
    ['secret', /^file .*etc\/chaos\/credentials \[default\]$/, false],
    ['file', /^file .*shared \[default\]$/, false],
    ['litmus', /^file .*tmp\/cloud_config\.yml \[default\]$/, false],
    ['environment', /^environment keys/, false],
    ['irsa', /^IRSA role arn:aws:iam::123456789012:role\/irsa$/, true],
    ['pod', /^container endpoint http/, true],
    ['node', /metadata service$/, true],
  ])('%s', async (offer, source, renewable) => {
    const { gateway } = await openWith([offer]);
    const identity = await gateway.callerIdentity({});
    expect(identity).toMatchObject({ account: '123456789012', renewable, warnings: [] });
    expect(identity.arn).toContain(CALLER[offer]);
    expect(identity.source).toMatch(source);
    expect(identity.expiresAt !== undefined).toBe(renewable);
    expect(sts.calls.at(-1)).toMatchObject({ action: 'GetCallerIdentity', region: 'eu-west-1' });
  });

  test('a profile of the file is chosen by AWS_PROFILE', async () => {
    await put('tmp/cloud_config.yml', profile('AKIAOTHER00000000001') + profile(FILE_KEY, 'chaos'));
    const { gateway } = openSession({ env: { AWS_PROFILE: 'chaos' }, stsUrl: sts.url, root });
    expect((await gateway.callerIdentity({})).source).toMatch(/\[chaos\]$/);
  });

  test('temporary keys without a known end are warned about', async () => {
    const file = await put('f', profile(FILE_KEY, 'default', 'aws_session_token = planted'));
    const { gateway } = openSession({ env: { AWS_AUTHENTICATION_SECRET: file }, stsUrl: sts.url, root });
    const identity = await gateway.callerIdentity({});
    expect(identity.renewable).toBe(false);
    expect(identity.warnings.join()).toContain('do not say when they end');
  });

  test('the node’s metadata service is not asked unless that is allowed', async () => {
    const { gateway } = await openWith([]);
    await expect(gateway.callerIdentity({})).rejects.toMatchObject({
      kind: 'credentials',
      mayHaveHappened: false,
    });
    expect(sts.calls).toEqual([]);
  });

  test('none at all: the error lists what was looked for', async () => {
    const { gateway } = await openWith([]);
    const looked = [
      'AWS_AUTHENTICATION_SECRET',
      'AWS_ACCESS_KEY_ID',
      '/tmp/cloud_config.yml',
      'IRSA',
      'Pod Identity',
    ];
    const failure = await gateway.callerIdentity({}).catch((error: unknown) => String(error));
    for (const name of looked) expect(failure).toContain(name);
  });
});

describe('precedence', () => {
  const ORDER: readonly Offer[] = ['secret', 'environment', 'litmus', 'irsa', 'pod', 'node'];
  const pairs = ORDER.flatMap((winner, place) =>
    ORDER.slice(place + 1).map((loser) => [winner, loser] as const),
  );

  test.each(pairs)('%s beats %s', async (winner, loser) => {
    const { gateway, said } = await openWith([loser, winner]);
    expect((await gateway.callerIdentity({})).arn).toContain(CALLER[winner]);
    const aside = said().find((text) => text.startsWith('AWS credentials come from'));
    if (winner !== 'secret') expect(aside).toContain('also present and not used: ');
  });

  test('AWS_PROFILE lets the file win over environment keys', async () => {
    const { gateway, events } = await openWith(['environment', 'litmus'], { AWS_PROFILE: 'default' });
    expect((await gateway.callerIdentity({})).arn).toBe(CALLER.litmus);
    expect(events[1]).toMatchObject({
      type: 'warning',
      message: expect.stringContaining('not used: environment keys'),
    });
  });

  test('Litmus’ usual file that is not mounted makes way for IRSA', async () => {
    const { gateway } = await openWith(['irsa'], { AWS_SHARED_CREDENTIALS_FILE: '/tmp/cloud_config.yml' });
    expect((await gateway.callerIdentity({})).source).toMatch(/^IRSA/);
  });
});

describe('a source that is broken', () => {
  test.each([
    ['empty', '', 'The file is empty'],
    ['no credentials file', 'accessKey: x', 'no section such as [default]'],
    ['half a pair', `[default]\naws_access_key_id = ${FILE_KEY}\n`, 'no aws_secret_access_key'],
    ['another profile', profile(FILE_KEY, 'other'), 'it has [other]'],
  ])('AWS_AUTHENTICATION_SECRET (%s) is an error and never makes way', async (_, content, expected) => {
    const { gateway } = await openWith(['environment', 'irsa'], {
      AWS_AUTHENTICATION_SECRET: await put('f', content),
    });
    const failure = await gateway.callerIdentity({}).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ kind: 'credentials', message: expect.stringContaining(expected) });
    expect(sts.calls).toEqual([]);
  });

  test.each(['AWS_AUTHENTICATION_SECRET', 'AWS_SHARED_CREDENTIALS_FILE'])(
    'a missing %s is named',
    async (name) => {
      const { gateway } = await openWith(['irsa'], { [name]: join(root, 'none') });
      await expect(gateway.callerIdentity({})).rejects.toThrow(new RegExp(`${name}: .*none does not exist`));
      expect(sts.calls).toEqual([]);
    },
  );

  test('a missing web identity token is named', async () => {
    const { gateway } = await openWith(['irsa'], { AWS_WEB_IDENTITY_TOKEN_FILE: join(root, 'none') });
    await expect(gateway.callerIdentity({})).rejects.toMatchObject({ kind: 'credentials' });
  });

  test('never shows in an error what the file holds', async () => {
    const file = await put(
      'f',
      `[default]\naws_access_key_id = ${FILE_KEY}\naws_secret_acces_key = ${PLANTED}\n`,
    );
    const { gateway, events } = await openWith([], { AWS_AUTHENTICATION_SECRET: file });
    const failure = await gateway.callerIdentity({}).catch((error: unknown) => (error as Error).stack);
    expect(JSON.stringify([failure, events])).not.toMatch(/PlantedSecret|AKIAFILE/);
  });
});

describe('an assumed role', () => {
  const assume = { ASSUME_ROLE_ARN: TARGET_ROLE, ASSUME_ROLE_EXTERNAL_ID: 'team-42' };

  test('goes on top of IRSA, in REGION, with external id and a session that names the run', async () => {
    const { gateway } = await openWith(['irsa'], assume);
    const identity = await gateway.callerIdentity({});
    const [web, role, caller] = sts.calls;
    expect(web).toMatchObject({
      action: 'AssumeRoleWithWebIdentity',
      params: { RoleArn: IRSA_ROLE, WebIdentityToken: 'web-token-1' },
    });
    expect(role).toMatchObject({
      action: 'AssumeRole',
      region: 'eu-west-1',
      params: { RoleArn: TARGET_ROLE, ExternalId: 'team-42' },
    });
    expect(role?.accessKeyId).toMatch(/^ASIASTANDIN/);
    expect(role?.params.RoleSessionName).toMatch(new RegExp(`^litmus-lambda-toggle.*-${RUN.uid}$`));
    expect(role?.params.RoleSessionName?.length).toBeLessThanOrEqual(64);
    expect(caller?.accessKeyId).not.toBe(role?.accessKeyId);
    expect(identity).toMatchObject({ account: '999988887777', renewable: true });
    expect(identity.source).toBe(`role ${TARGET_ROLE} on IRSA role ${IRSA_ROLE}`);
  });

  test('on keys without an end is renewable', async () => {
    const { gateway } = await openWith(['file'], assume);
    expect(await gateway.callerIdentity({})).toMatchObject({ renewable: true, account: '999988887777' });
  });

  test('is not assumed again when IRSA gives it already', async () => {
    const { gateway } = await openWith(['irsa'], { ASSUME_ROLE_ARN: IRSA_ROLE });
    expect((await gateway.callerIdentity({})).source).toBe(`IRSA role ${IRSA_ROLE}`);
    expect(sts.count('AssumeRole')).toBe(0);
  });

  test('that refuses us says which permission is missing', async () => {
    sts.fail('AssumeRole', {
      status: 403,
      code: 'AccessDenied',
      message: 'User: arn:aws:iam::1:user/u is not authorized to perform: sts:AssumeRole on resource: r',
    });
    const { gateway } = await openWith(['file'], assume);
    await expect(gateway.callerIdentity({})).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('trust policy'),
    });
  });
});
