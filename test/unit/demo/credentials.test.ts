import { setTimeout as sleep } from 'node:timers/promises';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type Credentials,
} from '@aws-sdk/client-sts';
import { fromHttp } from '@aws-sdk/credential-providers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PLANTED } from '../../../demo/lambda/model/functions.ts';
import { StandInBench } from './bench.ts';

const ROLE = 'arn:aws:iam::123456789012:role/chaos';
const LOCKED = 'arn:aws:iam::123456789012:role/locked';
const FEDERATED = 'arn:aws:iam::123456789012:role/federated';
const ABROAD = 'arn:aws:iam::999999999999:role/chaos';

let bench: StandInBench;
let sts: STSClient;

beforeEach(async () => {
  bench = await StandInBench.open({
    roles: {
      [ROLE]: { sessionSeconds: 0.2 },
      [LOCKED]: { externalId: 'shibboleth' },
      [FEDERATED]: { webIdentity: { aud: 'sts.amazonaws.com', sub: 'system:serviceaccount:chaos:runner' } },
    },
    podIdentity: { token: 'pod-token', roleArn: LOCKED },
  });
  sts = new STSClient({
    endpoint: bench.standIn.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench' },
  });
});
afterEach(async () => {
  sts.destroy();
  await bench.close();
});

async function assume(roleArn: string, externalId?: string): Promise<Credentials | undefined> {
  const input = { RoleArn: roleArn, RoleSessionName: 'run-1' };
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({ ...input, ...(externalId === undefined ? {} : { ExternalId: externalId }) }),
  );
  return issued;
}

function clientWith(issued: Credentials | undefined, token = issued?.SessionToken): typeof bench.lambda {
  const credentials = {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    ...(token === undefined ? {} : { sessionToken: token }),
  };
  return bench.client({ credentials });
}

describe('credentials of the stand-in', () => {
  test('a session works until it expires', async () => {
    const client = clientWith(await assume(ROLE));
    expect(await bench.get(client)).toBe('Enabled');
    await sleep(210);
    expect(await bench.outcome(bench.get(client))).toBe('ExpiredTokenException 403');
  });

  test("a session's key without its token is not known", async () => {
    const issued = await assume(LOCKED, 'shibboleth');
    expect(await bench.outcome(bench.get(clientWith(issued, 'forged')))).toBe(
      'UnrecognizedClientException 403',
    );
  });

  test('a role with an external id wants it', async () => {
    expect(await bench.outcome(assume(LOCKED))).toBe('AccessDenied 403');
    expect((await assume(LOCKED, 'shibboleth'))?.AccessKeyId).toMatch(/^ASIA/);
    expect(bench.standIn.credentialCalls).toMatchObject([
      { action: 'AssumeRole', region: 'eu-west-1', roleArn: LOCKED, externalId: 'shibboleth' },
    ]);
  });

  test("a role of another account sees that account's mappings and no others", async () => {
    expect(await bench.outcome(bench.get(clientWith(await assume(ABROAD))))).toBe(
      'ResourceNotFoundException 404',
    );
  });

  test('STS can be away', async () => {
    bench.standIn.hook({
      match: { operation: 'AssumeRole' },
      effect: { kind: 'error', code: 'ServiceUnavailable', status: 503 },
    });
    expect(await bench.outcome(assume(ROLE))).toBe('ServiceUnavailable 503');
    expect((await assume(ROLE))?.AccessKeyId).toMatch(/^ASIA/);
  });

  test('the Pod Identity endpoint gives keys for the right token only', async () => {
    const provider = (token: string): ReturnType<typeof fromHttp> =>
      fromHttp({
        awsContainerCredentialsFullUri: `${bench.standIn.url}/_standin/credentials`,
        awsContainerAuthorizationToken: token,
        maxRetries: 0,
      });
    expect(await bench.get(bench.client({ credentials: provider('pod-token') }))).toBe('Enabled');
    await expect(provider('another')()).rejects.toThrow();
  });

  test('a request without a signature is refused', async () => {
    const answer = await fetch(`${bench.standIn.url}/2015-03-31/event-source-mappings`);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
  });

  test('GetFunction carries the planted secrets, and no log of the stand-in carries a secret', async () => {
    const issued = await assume(LOCKED, 'shibboleth');
    await bench.get(clientWith(issued));
    const answer = await bench.lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }));
    for (const secret of PLANTED) expect(JSON.stringify(answer)).toContain(secret);
    expect(bench.standIn.secrets).toContain(issued?.SessionToken);
    const logs = JSON.stringify([
      bench.standIn.requests,
      bench.standIn.credentialCalls,
      bench.standIn.state(),
    ]);
    for (const secret of bench.standIn.secrets) expect(logs).not.toContain(secret);
  });

  test.each([
    [
      'the account that the trust policy names',
      { aud: ['sts.amazonaws.com'], sub: 'system:serviceaccount:chaos:runner' },
      'answered keys',
    ],
    [
      'another account',
      { aud: ['sts.amazonaws.com'], sub: 'system:serviceaccount:chaos:other' },
      'AccessDenied 403',
    ],
    [
      'another audience',
      { aud: ['https://kubernetes'], sub: 'system:serviceaccount:chaos:runner' },
      'InvalidIdentityTokenException 400',
    ],
    ['nobody', {}, 'InvalidIdentityTokenException 400'],
  ])('a web identity token of %s', async (_what, claims, expected) => {
    const WebIdentityToken = ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'x'].join(
      '.',
    );
    const input = { RoleArn: FEDERATED, RoleSessionName: 'run-1', WebIdentityToken };
    const answer = sts.send(new AssumeRoleWithWebIdentityCommand(input)).then(({ Credentials: issued }) => {
      expect(issued?.AccessKeyId).toMatch(/^ASIA/);
      return 'keys';
    });
    expect(await bench.outcome(answer)).toBe(expected);
  });

  test('what is no token at all is told so', async () => {
    const input = { RoleArn: FEDERATED, RoleSessionName: 'run-1', WebIdentityToken: 'no token' };
    const answer = sts.send(new AssumeRoleWithWebIdentityCommand(input));
    expect(await bench.outcome(answer.then(() => 'keys'))).toBe('InvalidIdentityTokenException 400');
  });
});
