import { describe, expect, test } from '@jest/globals';
import { readAwsConfig } from '../../../src/aws/config.ts';

const REGION = { REGION: 'eu-west-1' };
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const problemsOf = (env: Record<string, string>): string[] =>
  readAwsConfig({ ...REGION, ...env }).problems.map(({ subject, message }) => `${subject} ${message}`);

describe('readAwsConfig', () => {
  test('is content with a Region alone, and keeps the node’s metadata service out', () => {
    const { config, problems } = readAwsConfig(REGION);
    expect(problems).toEqual([]);
    expect(config).toEqual({
      region: 'eu-west-1',
      endpoints: {},
      credentials: { environmentKeys: false, nodeMetadata: false },
    });
  });

  test.each([
    'us-east-1',
    'us-gov-west-1',
    'eusc-de-east-1',
    'ap-southeast-7',
    'us-isob-east-1',
    'cn-north-1',
  ])('knows the shape of %s', (region) => expect(readAwsConfig({ REGION: region }).problems).toEqual([]));

  test.each(['', '   '])('refuses an empty REGION (%j) instead of letting the SDK ask the node', (region) => {
    expect(problemsOf({ REGION: region })[0]).toMatch(
      /^REGION is required and not set; wanted .* e\.g\. eu-west-1$/,
    );
  });

  test('tells an Availability Zone from a Region', () => {
    expect(problemsOf({ REGION: 'eu-west-1b' })[0]).toContain('its Region is eu-west-1');
  });

  test.each(['Ireland', 'eu_west_1', 'eu-west-1.evil.example', 'EU-WEST-1'])('refuses %s', (region) => {
    expect(problemsOf({ REGION: region })[0]).toContain(JSON.stringify(region));
  });

  test('reports everything at once', () => {
    const problems = problemsOf({
      REGION: '',
      ASSUME_ROLE_ARN: 'chaos',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_ENDPOINT_URL: 'localhost:4566',
      AWS_EC2_METADATA_DISABLED: 'no',
    });
    expect(problems.map((text) => text.split(' ')[0])).toEqual([
      'REGION',
      'AWS_ENDPOINT_URL',
      'AWS_SECRET_ACCESS_KEY',
      'ASSUME_ROLE_ARN',
      'AWS_EC2_METADATA_DISABLED',
    ]);
  });

  test.each(['arn:aws:iam::123456789012:user/u', 'arn:aws:iam::12345:role/r', 'my-role'])(
    'refuses ASSUME_ROLE_ARN=%s',
    (arn) =>
      expect(problemsOf({ ASSUME_ROLE_ARN: arn })[0]).toContain('arn:aws:iam::123456789012:role/chaos'),
  );

  test.each(['arn:aws:iam::123456789012:role/path/to/r', 'arn:aws-us-gov:iam::123456789012:role/r'])(
    'accepts ASSUME_ROLE_ARN=%s',
    (arn) => expect(problemsOf({ ASSUME_ROLE_ARN: arn, ASSUME_ROLE_EXTERNAL_ID: 'team-42' })).toEqual([]),
  );

  test('misses the role when only its external id is given', () => {
    expect(problemsOf({ ASSUME_ROLE_EXTERNAL_ID: 'team-42' })[0]).toContain('ASSUME_ROLE_ARN is empty');
  });

  test.each<readonly [string, string]>([
    ['AWS_AUTHENTICATION_SECRET', SECRET],
    ['AWS_AUTHENTICATION_SECRET', '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE'],
    ['ASSUME_ROLE_ARN', SECRET],
    ['REGION', SECRET],
    ['AWS_ENDPOINT_URL', SECRET],
  ])('does not repeat a secret that was pasted into %s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('looks like a secret');
    expect(problems[0]).not.toContain(value.slice(-12));
  });

  test('holds neither keys nor tokens, so that it can be logged', () => {
    const { config } = readAwsConfig({
      ...REGION,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_SESSION_TOKEN: 'planted',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'planted',
    });
    expect(JSON.stringify(config)).not.toMatch(/planted|AKIA|wJalr/);
    expect(config.credentials.environmentKeys).toBe(true);
  });

  test('lets a service’s own endpoint win, as the SDK does', () => {
    const env = { AWS_ENDPOINT_URL: 'http://all:1', AWS_ENDPOINT_URL_STS: 'http://sts:2' };
    expect(readAwsConfig({ ...REGION, ...env }).config.endpoints).toEqual({
      lambda: 'http://all:1',
      sts: 'http://sts:2',
    });
    const off = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(readAwsConfig({ ...REGION, ...off }).config.endpoints).toEqual({});
  });

  test('takes IRSA only when role and token file are both there', () => {
    const tokenFile = { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token' };
    expect(readAwsConfig({ ...REGION, ...tokenFile }).config.credentials.webIdentity).toBeUndefined();
    const both = { ...tokenFile, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/r' };
    expect(readAwsConfig({ ...REGION, ...both }).config.credentials.webIdentity?.roleArn).toContain('role/r');
  });
});
