import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const FOLDER = join(process.cwd(), 'manifests', 'iam');
const FILES = readdirSync(FOLDER);

const statements = (name: string): readonly Statement[] => {
  const policy = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as {
    Version: string;
    Statement: Statement[];
  };
  expect(policy.Version).toBe('2012-10-17');
  return policy.Statement;
};

const list = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === 'string' ? [value] : value;

const actions = (...names: string[]): string[] =>
  [...new Set(names.flatMap(statements).flatMap(({ Action }) => list(Action)))].sort();

const sources = readdirSync(join(process.cwd(), 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(process.cwd(), 'src', name), 'utf8'))
  .join('\n');

/** The operations that the code sends by itself. */
const sent = [...new Set([...sources.matchAll(/new (\w+)Command\(/g)].map((match) => match[1] ?? ''))];
/** The credential providers that it takes from the SDK, with what each of them asks STS. */
const PROVIDERS: Readonly<Record<string, string | undefined>> = {
  fromTemporaryCredentials: 'sts:AssumeRole',
  fromTokenFile: 'sts:AssumeRoleWithWebIdentity',
  fromIni: undefined,
  fromEnv: undefined,
  fromHttp: undefined,
  fromInstanceMetadata: undefined,
};
/** Every caller may ask that of itself. */
const NEEDS_NO_PERMISSION = 'GetCallerIdentity';

const lambdaActions = sent.filter((name) => name !== NEEDS_NO_PERMISSION).map((name) => `lambda:${name}`);
const WRITE = 'lambda:UpdateEventSourceMapping';

describe('the policies in manifests/iam', () => {
  test('are compared with what the code sends', () => {
    expect(sent).toEqual(expect.arrayContaining(['UpdateEventSourceMapping', NEEDS_NO_PERMISSION]));
    const used = [
      ...new Set([...sources.matchAll(/\b(?:sdk\.)?(from[A-Z]\w+)\(/g)].map((match) => match[1] ?? '')),
    ];
    expect(used.filter((name) => name.startsWith('from') && sources.includes(`sdk.${name}`)).sort()).toEqual(
      Object.keys(PROVIDERS)
        .filter((name) => sources.includes(`sdk.${name}`))
        .sort(),
    );
    expect(Object.keys(PROVIDERS).filter((name) => !sources.includes(name))).toEqual([]);
  });

  test.each(['policy-least-privilege.json', 'policy-simple.json'])(
    '%s allows exactly the calls of a run',
    (name) => {
      expect(actions(name)).toEqual([...lambdaActions].sort());
    },
  );

  test('the STS calls of the credential providers are allowed, and session tags where EKS adds them', () => {
    const asked = Object.values(PROVIDERS).filter((action) => action !== undefined);
    const sts = FILES.flatMap((name) => actions(name)).filter((action) => action.startsWith('sts:'));
    expect([...new Set(sts)].sort()).toEqual([...asked, 'sts:TagSession'].sort());
  });

  test('no action and no principal is a wildcard', () => {
    for (const { Action, Principal } of FILES.flatMap(statements)) {
      expect(list(Action).filter((action) => action.includes('*'))).toEqual([]);
      expect(Object.values(Principal ?? {}).filter((principal) => /\*|:root$/.test(principal))).toEqual([]);
    }
  });

  test('every ARN is one', () => {
    const arn =
      /^arn:aws:(lambda|iam|eks):(eu-west-1)?:\d{12}:(function:orders(:\*)?|event-source-mapping:[0-9a-f-]{36}|role\/[\w-]+|cluster\/\w+|oidc-provider\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/EXAMPLE)$/;
    const text = FILES.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('\n');
    const found = [...text.matchAll(/"(arn:[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter((each) => !arn.test(each))).toEqual([]);
  });

  test.each(['policy-least-privilege.json', 'policy-revert-only.json'])(
    '%s lets mappings be written one by one, and only those of the function',
    (name) => {
      const [writing, ...others] = statements(name).filter(({ Action }) => list(Action).includes(WRITE));
      expect(others).toEqual([]);
      for (const resource of list(writing?.Resource))
        expect(resource).toMatch(/:event-source-mapping:[0-9a-f-]{36}$/);
      const base = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';
      expect(writing?.Condition).toEqual({ ArnLike: { 'lambda:FunctionArn': [base, `${base}:*`] } });
    },
  );

  test('only the call that takes no other resource has all of them', () => {
    const wide = statements('policy-least-privilege.json').filter(({ Resource }) =>
      list(Resource).includes('*'),
    );
    expect(wide.map(({ Action }) => Action)).toEqual(['lambda:ListEventSourceMappings']);
  });
});

describe('the trust policies', () => {
  const only = (name: string, action: string): Statement => {
    const [found, ...others] = statements(name).filter(({ Action }) => list(Action).includes(action));
    if (found === undefined || others.length > 0)
      throw new Error(`${name} has not one statement with ${action}`);
    return found;
  };

  test('of IRSA names audience and subject, of the provider that it trusts', () => {
    const { Principal, Condition } = only('trust-irsa.json', 'sts:AssumeRoleWithWebIdentity');
    const provider = Principal?.Federated?.replace(/^.*:oidc-provider\//, '') ?? '';
    expect(Condition).toEqual({
      StringEquals: {
        [`${provider}:aud`]: 'sts.amazonaws.com',
        [`${provider}:sub`]: 'system:serviceaccount:chaos:lambda-chaos',
      },
    });
  });

  test('of EKS Pod Identity names namespace and service account', () => {
    const { Principal, Action, Condition } = only('trust-pod-identity.json', 'sts:AssumeRole');
    expect(Principal).toEqual({ Service: 'pods.eks.amazonaws.com' });
    expect(Action).toEqual(['sts:AssumeRole', 'sts:TagSession']);
    expect(Condition?.StringEquals).toMatchObject({
      'aws:RequestTag/kubernetes-namespace': 'chaos',
      'aws:RequestTag/kubernetes-service-account': 'lambda-chaos',
    });
  });

  test('of a role to assume names its caller and asks for the external id', () => {
    const { Principal, Condition } = only('trust-assume-role.json', 'sts:AssumeRole');
    expect(Principal?.AWS).toMatch(/^arn:aws:iam::\d{12}:role\//);
    expect(Condition).toEqual({ StringEquals: { 'sts:ExternalId': 'team-42' } });
  });

  test('and the caller may assume the very role that trusts it', () => {
    const { Resource } = only('policy-assume-role.json', 'sts:AssumeRole');
    expect(Resource).toMatch(/^arn:aws:iam::210987654321:role\/chaos$/);
  });
});

describe('docs/how-to/iam.md', () => {
  const page = readFileSync(join(process.cwd(), 'docs/how-to/iam.md'), 'utf8');

  test('explains every file of manifests/iam, and no other', () => {
    const named = [...page.matchAll(/\(\.\.\/\.\.\/manifests\/iam\/([\w-]+\.json)\)/g)].map(
      (match) => match[1],
    );
    expect([...new Set(named)].sort()).toEqual([...FILES].sort());
  });
});
