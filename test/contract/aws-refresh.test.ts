import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSession, setProcessEnv, type OpenSession } from '../support/aws-session/open-session.ts';
import { ShiftedClock } from '../support/aws-session/shifted-clock.ts';
import {
  mappingJson,
  ok,
  refused,
  startScriptedLambda,
  UUID,
  type ScriptedLambda,
} from '../support/scripted-lambda/scripted-lambda.ts';
import { startSts, type Sts } from '../support/sts/sts.ts';

const MINUTE = 60_000;
const REVERT = { lane: 'revert' } as const;
const EXPIRED = refused(
  403,
  'ExpiredTokenException',
  'The security token included in the request is expired',
);

let lambda: ScriptedLambda;
let sts: Sts;
let directory = '';
let clock: ShiftedClock;
let restore: () => void;
let open: OpenSession;

const irsa = () => ({
  AWS_WEB_IDENTITY_TOKEN_FILE: join(directory, 'token'),
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/irsa',
});

const openWith = (env: Readonly<Record<string, string>>): OpenSession =>
  openSession({
    env,
    lambdaUrl: lambda.url,
    stsUrl: sts.url,
    clock,
    timeouts: { requestMs: 300, credentialsMs: 400 },
  });

const ask = (session: OpenSession = open): Promise<unknown> => session.gateway.getMapping(UUID, REVERT);

beforeEach(async () => {
  restore = setProcessEnv({ AWS_PROFILE: undefined });
  [lambda, sts, directory] = await Promise.all([
    startScriptedLambda(),
    startSts(),
    mkdtemp(join(tmpdir(), 'aws-')),
  ]);
  await writeFile(join(directory, 'token'), 'web-token-1');
  lambda.answer(ok(mappingJson()));
  clock = new ShiftedClock();
  open = openWith(irsa());
});
afterEach(async () => {
  open.session.close();
  restore();
  await Promise.all([lambda.close(), sts.close(), rm(directory, { recursive: true })]);
});

describe('in the last five minutes of its life a credential', () => {
  /** The SDK goes by the system's clock, so the keys themselves have to be near their end. */
  beforeEach(async () => {
    sts.issuer.lifetimeMs = 4 * MINUTE;
    await ask();
    clock.advance(11_000);
  });

  test('is used on while STS answers 503', async () => {
    sts.fail('AssumeRoleWithWebIdentity', { status: 503, code: 'ServiceUnavailable' });
    await ask();
    expect(new Set(lambda.requests.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(open.said().join()).toMatch(
      /Refreshing the credentials from IRSA role .* failed, .* good for another 2\d\d s/,
    );
  });

  test('is used on while STS hangs', async () => {
    sts.fail('AssumeRoleWithWebIdentity', 'hang');
    await ask();
    expect(lambda.requests).toHaveLength(2);
  });

  test('is replaced when STS answers, with the token file read again', async () => {
    await writeFile(join(directory, 'token'), 'web-token-2');
    sts.issuer.lifetimeMs = 60 * MINUTE;
    await ask();
    expect(sts.calls.map(({ params }) => params.WebIdentityToken)).toEqual(['web-token-1', 'web-token-2']);
    expect(lambda.requests[1]?.accessKeyId).not.toBe(lambda.requests[0]?.accessKeyId);
  });

  test('is not asked for again by every call of a failing STS', async () => {
    sts.fail('AssumeRoleWithWebIdentity', { status: 403, code: 'AccessDenied' });
    await ask();
    const asked = sts.count('AssumeRoleWithWebIdentity');
    await Promise.all([ask(), ask(), ask()]);
    expect(sts.count('AssumeRoleWithWebIdentity')).toBe(asked);
  });

  test('is given up at its end, and had anew once STS is back', async () => {
    clock.advance(4 * MINUTE);
    sts.fail('AssumeRoleWithWebIdentity', { status: 503, code: 'ServiceUnavailable' });
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', mayHaveHappened: false });
    expect(lambda.requests).toHaveLength(1);
    sts.heal('AssumeRoleWithWebIdentity');
    await ask();
    expect(lambda.requests).toHaveLength(2);
  });
});

test('an assumed role is used on, too, while STS is down', async () => {
  sts.issuer.lifetimeMs = 4 * MINUTE;
  const chained = openWith({ ...irsa(), ASSUME_ROLE_ARN: 'arn:aws:iam::999988887777:role/target' });
  await ask(chained);
  clock.advance(11_000);
  sts.fail('AssumeRole', { status: 503, code: 'ServiceUnavailable' });
  sts.fail('AssumeRoleWithWebIdentity', { status: 503, code: 'ServiceUnavailable' });
  await ask(chained);
  expect(lambda.requests).toHaveLength(2);
});

test('many calls at once fetch credentials once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => ask()));
  expect(sts.count('AssumeRoleWithWebIdentity')).toBe(1);
});

test('a first fetch that hangs ends, and the next one works', async () => {
  sts.fail('AssumeRoleWithWebIdentity', 'hang');
  await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', mayHaveHappened: false });
  sts.heal('AssumeRoleWithWebIdentity');
  await ask();
  expect(lambda.requests).toHaveLength(1);
});

test('a call that was given up while its credentials were fetched is never sent later', async () => {
  sts.fail('AssumeRoleWithWebIdentity', 'hang');
  const impatient = openSession({
    env: irsa(),
    lambdaUrl: lambda.url,
    stsUrl: sts.url,
    timeouts: { callMs: 50, requestMs: 200 },
  });
  await expect(impatient.gateway.setEnabled(UUID, false, REVERT)).rejects.toMatchObject({
    kind: 'unavailable',
  });
  sts.heal('AssumeRoleWithWebIdentity');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sts.count('AssumeRoleWithWebIdentity')).toBeGreaterThan(1);
  expect(lambda.requests).toEqual([]);
});

describe('after a 403 for its token', () => {
  test('a call fails as `credentials`, and the next one has new keys', async () => {
    lambda.answer(EXPIRED, ok(mappingJson()));
    await expect(ask()).rejects.toMatchObject({ kind: 'credentials', mayHaveHappened: false });
    await ask();
    expect(lambda.requests[1]?.accessKeyId).not.toBe(lambda.requests[0]?.accessKeyId);
  });

  test('fifty calls rebuild the chain once', async () => {
    await ask();
    const good = (): boolean => sts.count('AssumeRoleWithWebIdentity') > 1;
    lambda.answer(() => (good() ? ok(mappingJson()) : EXPIRED));
    await Promise.allSettled(Array.from({ length: 50 }, () => ask()));
    await Promise.all(Array.from({ length: 50 }, () => ask()));
    expect(sts.count('AssumeRoleWithWebIdentity')).toBe(2);
  });

  test('a renewal that follows on another changes nothing, a later one does', async () => {
    const fetchedAfter = async (renewals: number): Promise<number> => {
      for (let n = 0; n < renewals; n += 1) open.session.renew();
      await ask();
      return sts.count('AssumeRoleWithWebIdentity');
    };
    expect(await fetchedAfter(0)).toBe(1);
    expect(await fetchedAfter(1)).toBe(2);
    expect(await fetchedAfter(1)).toBe(2);
    clock.advance(4_000);
    expect(await fetchedAfter(1)).toBe(3);
  });

  test('the rebuilt chain sees the rotated file', async () => {
    const file = join(directory, 'credentials');
    const keys = (id: string): string => `[default]\naws_access_key_id = ${id}\naws_secret_access_key = s\n`;
    await writeFile(file, keys('AKIAOLDOLDOLDOLD0001'));
    const session = openWith({ AWS_AUTHENTICATION_SECRET: file });
    await ask(session);
    await writeFile(file, keys('AKIANEWNEWNEWNEW0001'));
    lambda.answer((request) =>
      request.accessKeyId?.startsWith('AKIAOLD') === true ? EXPIRED : ok(mappingJson()),
    );
    await expect(ask(session)).rejects.toMatchObject({ kind: 'credentials' });
    await ask(session);
    expect(lambda.requests.map(({ accessKeyId }) => accessKeyId?.slice(4, 7))).toEqual(['OLD', 'OLD', 'NEW']);
  });

  test('a file that comes late is found without a new process', async () => {
    const file = join(directory, 'late');
    const session = openWith({ AWS_AUTHENTICATION_SECRET: file });
    await expect(ask(session)).rejects.toMatchObject({ kind: 'credentials' });
    await writeFile(file, '[default]\naws_access_key_id = AKIALATE000000000001\naws_secret_access_key = s\n');
    await ask(session);
    expect(lambda.requests).toHaveLength(1);
  });
});

test('Pod Identity: a token file that is replaced is read again, and a hung agent ends', async () => {
  const tokenFile = join(directory, 'token');
  const session = openWith({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: sts.podIdentityUrl,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  });
  sts.fail('PodIdentity', 'hang');
  await expect(ask(session)).rejects.toMatchObject({ mayHaveHappened: false });
  sts.heal('PodIdentity');
  await writeFile(tokenFile, 'web-token-2');
  await ask(session);
  expect(sts.calls.map(({ authorization }) => authorization)).toEqual(['web-token-1', 'web-token-2']);
});
