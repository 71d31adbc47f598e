import { randomUUID } from 'node:crypto';

export interface RoleSpec {
  /** What a web identity token must claim, as the conditions of a trust policy; its signature is not verified. */
  readonly webIdentity?: { readonly aud: string; readonly sub: string };
  /** AssumeRole without, or with another, external id is refused. */
  readonly externalId?: string;
  /** Seconds that a session of this role lasts, whatever the caller asked for. */
  readonly sessionSeconds?: number;
}

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly account: string;
  readonly arn: string;
}

/** One call for credentials, for tests that count them. */
export interface CredentialCall {
  readonly at: number;
  readonly action: string;
  readonly accessKey?: string | undefined;
  /** The Region that the request was signed for; AssumeRoleWithWebIdentity is not signed. */
  readonly region?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly roleSessionName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly issuedKey?: string | undefined;
}

/**
 * Who may call and for how long. Any access key is known, unless a hook says otherwise: signatures are not verified,
 * only read. A key of twelve digits is its own account, a key from `accounts` that account's, a session the role's.
 */
export class Credentials {
  readonly #account: string;
  readonly #accounts: Readonly<Record<string, string>>;
  readonly #roles: Readonly<Record<string, RoleSpec>>;
  readonly #sessions = new Map<string, Session>();
  readonly calls: CredentialCall[] = [];

  constructor(
    account: string,
    accounts: Readonly<Record<string, string>>,
    roles: Readonly<Record<string, RoleSpec>>,
  ) {
    this.#account = account;
    this.#accounts = accounts;
    this.#roles = roles;
  }

  accountOf(accessKey: string): string {
    const session = this.#sessions.get(accessKey)?.account;
    return session ?? this.#accounts[accessKey] ?? (/^\d{12}$/.test(accessKey) ? accessKey : this.#account);
  }

  arnOf(accessKey: string): string {
    const session = this.#sessions.get(accessKey);
    return session?.arn ?? `arn:aws:iam::${this.accountOf(accessKey)}:user/stand-in`;
  }

  /** A session's key is worth nothing without its token. */
  tokenFits(accessKey: string, sessionToken: string | undefined): boolean {
    const session = this.#sessions.get(accessKey);
    return session === undefined || session.sessionToken === sessionToken;
  }

  expired(accessKey: string, now: number): boolean {
    const session = this.#sessions.get(accessKey);
    return session !== undefined && session.expiresAt <= now;
  }

  /** The secret keys and tokens issued so far: nobody may print them. */
  get secrets(): readonly string[] {
    return [...this.#sessions.values()].flatMap((session) => [session.secretAccessKey, session.sessionToken]);
  }

  webIdentityOf(roleArn: string): RoleSpec['webIdentity'] {
    return this.#roles[roleArn]?.webIdentity;
  }

  externalIdOf(roleArn: string): string | undefined {
    return this.#roles[roleArn]?.externalId;
  }

  issue(roleArn: string, sessionName: string, asked: { at: number; seconds: number }): Session {
    const seconds = this.#roles[roleArn]?.sessionSeconds ?? asked.seconds;
    const account = roleArn.split(':')[4] ?? this.#account;
    const role = roleArn.split('/').at(-1) ?? 'role';
    const serial = randomUUID().replaceAll('-', '').toUpperCase();
    const session: Session = {
      accessKeyId: `ASIA${serial.slice(0, 16)}`,
      secretAccessKey: `planted-secret-key-${randomUUID()}`,
      sessionToken: `planted-secret-token-${randomUUID()}`,
      expiresAt: asked.at + seconds * 1000,
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
    };
    this.#sessions.set(session.accessKeyId, session);
    return session;
  }
}
