import { describe, expect, test } from '@jest/globals';
import type { Credentials } from '../../../src/aws/credentials/identity.ts';
import { lifetimeOf } from '../../../src/aws/credentials/lifetime.ts';
import { sessionName } from '../../../src/aws/credentials/session-name.ts';
import type { CredentialSource } from '../../../src/aws/credentials/source.ts';

const SOON = new Date('2026-01-01T01:00:00Z');
const LATER = new Date('2026-01-01T12:00:00Z');
const keys = (over: Partial<Credentials> = {}): Credentials => ({
  accessKeyId: 'a',
  secretAccessKey: 's',
  ...over,
});
const temporary = keys({ sessionToken: 't' });
const ending = keys({ sessionToken: 't', expiration: SOON });
const lasting = keys({ sessionToken: 't', expiration: LATER });

const FILE: CredentialSource = { kind: 'file', path: '/f', profile: 'default' };
const ENVIRONMENT: CredentialSource = { kind: 'environment' };
const IRSA: CredentialSource = { kind: 'web-identity', tokenFile: '/t', roleArn: 'r' };

interface Chain {
  readonly source: CredentialSource;
  readonly base: Credentials;
  readonly assumed?: Credentials;
}
interface Lasts {
  readonly renewable: boolean;
  readonly expiresAt: Date | undefined;
}

const ROWS: readonly (readonly [string, Chain, Lasts])[] = [
  ['keys for good', { source: ENVIRONMENT, base: keys() }, { renewable: false, expiresAt: undefined }],
  [
    'temporary keys with an end',
    { source: ENVIRONMENT, base: ending },
    { renewable: false, expiresAt: SOON },
  ],
  ['a profile with a role', { source: FILE, base: ending }, { renewable: true, expiresAt: SOON }],
  ['IRSA', { source: IRSA, base: ending }, { renewable: true, expiresAt: SOON }],
  [
    'a role on keys for good',
    { source: FILE, base: keys(), assumed: ending },
    { renewable: true, expiresAt: SOON },
  ],
  ['a role on IRSA', { source: IRSA, base: lasting, assumed: ending }, { renewable: true, expiresAt: SOON }],
  [
    'a role on keys that end',
    { source: ENVIRONMENT, base: lasting, assumed: ending },
    { renewable: false, expiresAt: LATER },
  ],
  [
    'a role on keys of unknown end',
    { source: FILE, base: temporary, assumed: ending },
    { renewable: false, expiresAt: SOON },
  ],
];

describe('how long credentials last', () => {
  test.each(ROWS)('%s', (_, { source, base, assumed }, expected) => {
    const { renewable, expiresAt, warnings } = lifetimeOf(source, base, assumed);
    expect({ renewable, expiresAt }).toEqual(expected);
    expect(warnings).toHaveLength(base === temporary ? 1 : 0);
  });
});

describe('the session name', () => {
  const UID = '7f1a3c9e-0d2b-4c55-9a3e-5b0f6c1d2e3f';

  test('keeps the uid whole and fits into 64 characters', () => {
    const name = sessionName('lambda-toggle-event-mapping-state', UID);
    expect(name).toBe(`litmus-lambda-toggle-event-${UID}`.slice(0, 64));
    expect(name.endsWith(UID)).toBe(true);
  });

  test.each([
    ['with space/slash', 'standalone host/12', 'litmus-with-space-slash-standalone-host-12'],
    ['e', '', 'litmus-e-'],
  ])('replaces what STS refuses: %j %j', (experiment, uid, expected) => {
    expect(sessionName(experiment, uid)).toBe(expected);
  });
});
