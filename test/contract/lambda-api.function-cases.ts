import { GetFunctionCommand, type GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  type Credentials,
} from '@aws-sdk/client-sts';
import { expect } from '@jest/globals';
import { failureOf, FUNCTION } from './lambda-api.probe.ts';
import type { Bench, ContractCase } from './lambda-api.suite.ts';

async function getFunction(
  bench: Bench,
  name: string,
  qualifier?: string,
): Promise<GetFunctionCommandOutput> {
  const input = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
  return bench.lambda.send(new GetFunctionCommand(input));
}

async function baseArn(bench: Bench): Promise<string> {
  return (await getFunction(bench, FUNCTION)).Configuration?.FunctionArn ?? '';
}

export const FUNCTION_CASES: readonly ContractCase[] = [
  {
    id: 'function-by-name',
    title: 'GetFunction by a bare name describes $LATEST, with a state and a link to the code',
    async run(bench) {
      const { Configuration, Code, $metadata } = await getFunction(bench, FUNCTION);
      expect($metadata.httpStatusCode).toBe(200);
      expect(Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
      expect(Configuration).toMatchObject({ FunctionName: FUNCTION, Version: '$LATEST' });
      expect(Configuration?.FunctionArn).toMatch(/^arn:aws:lambda:us-east-1:\d{12}:function:orders$/);
      expect(Code?.Location).toMatch(/^https?:/);
    },
  },
  {
    id: 'function-by-version',
    title: 'a version can be asked for in the name, in the ARN or apart',
    async run(bench) {
      const base = await baseArn(bench);
      const answers = [
        await getFunction(bench, `${FUNCTION}:1`),
        await getFunction(bench, `${base}:1`),
        await getFunction(bench, FUNCTION, '1'),
      ];
      expect(answers.map(({ Configuration }) => Configuration?.Version)).toEqual(['1', '1', '1']);
      expect(answers.map(({ Configuration }) => Configuration?.FunctionArn)).toEqual(
        Array(3).fill(`${base}:1`),
      );
    },
  },
  {
    id: 'function-by-alias',
    title: 'an alias leads to its version and stays in the ARN',
    async run(bench) {
      const { Configuration } = await getFunction(bench, FUNCTION, 'live');
      expect(Configuration).toMatchObject({ Version: '1', FunctionArn: `${await baseArn(bench)}:live` });
    },
  },
  {
    id: 'function-by-partial-arn',
    title: 'account:function:name is a name, too',
    async run(bench) {
      const base = await baseArn(bench);
      const partial = base.split(':').slice(4).join(':');
      expect((await getFunction(bench, partial)).Configuration?.FunctionArn).toBe(base);
    },
  },
  {
    id: 'function-unknown',
    title: 'an unknown function is a 404 that names the ARN',
    async run(bench) {
      const base = await baseArn(bench);
      const failure = await failureOf(getFunction(bench, 'nobody'));
      expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
      expect(failure.message).toContain(base.replace(FUNCTION, 'nobody'));
    },
  },
  {
    id: 'function-unknown-qualifier',
    title: 'an unknown alias of a known function is a 404',
    async run(bench) {
      const failure = await failureOf(getFunction(bench, FUNCTION, 'nowhere'));
      expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    id: 'other-region',
    title: 'a function of another Region is a 404',
    async run(bench) {
      const elsewhere = bench.lambdaWith({ region: 'eu-central-1' });
      const failure = await failureOf(elsewhere.send(new GetFunctionCommand({ FunctionName: FUNCTION })));
      expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
];

async function useCredentials(bench: Bench, issued: Credentials | undefined): Promise<string | undefined> {
  expect(issued?.Expiration?.getTime()).toBeGreaterThan(Date.now());
  const client = bench.lambdaWith({
    credentials: {
      accessKeyId: issued?.AccessKeyId ?? '',
      secretAccessKey: issued?.SecretAccessKey ?? '',
      sessionToken: issued?.SessionToken ?? '',
    },
  });
  return (await client.send(new GetFunctionCommand({ FunctionName: FUNCTION }))).Configuration?.FunctionArn;
}

export const CREDENTIAL_CASES: readonly ContractCase[] = [
  {
    id: 'caller-identity',
    title: 'GetCallerIdentity names the account of the key',
    async run(bench) {
      const { Account, Arn } = await bench.sts.send(new GetCallerIdentityCommand({}));
      expect(await baseArn(bench)).toContain(`:${Account ?? 'none'}:`);
      expect(Arn).toMatch(/^arn:aws:(iam|sts)::\d{12}:/);
    },
  },
  {
    id: 'assume-role',
    title: 'AssumeRole gives keys that work in the account of the role',
    async run(bench) {
      const base = await baseArn(bench);
      const { Credentials: issued, AssumedRoleUser: user } = await bench.sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${base.split(':')[4] ?? ''}:role/chaos`,
          RoleSessionName: 'run-1',
        }),
      );
      expect(user?.Arn).toMatch(/:assumed-role\/chaos\/run-1$/);
      expect(await useCredentials(bench, issued)).toBe(base);
    },
  },
  {
    id: 'assume-role-with-web-identity',
    title: 'AssumeRoleWithWebIdentity needs no signature and gives keys that work',
    async run(bench) {
      const base = await baseArn(bench);
      const { Credentials: issued } = await bench.sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: `arn:aws:iam::${base.split(':')[4] ?? ''}:role/chaos`,
          RoleSessionName: 'run-1',
          WebIdentityToken: 'token-of-the-service-account',
        }),
      );
      expect(await useCredentials(bench, issued)).toBe(base);
    },
  },
];
