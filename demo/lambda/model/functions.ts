import { arnIn, type Place } from './naming.ts';

/** A function of the world. Everything but the name has a default of a healthy function. */
export interface FunctionSpec {
  readonly name: string;
  /** Published versions, `$LATEST` apart. */
  readonly versions?: readonly string[];
  /** Alias name to version. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly state?: string;
  readonly stateReason?: string;
  readonly stateReasonCode?: string;
  readonly lastUpdateStatus?: string;
  readonly reservedConcurrency?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly account?: string;
  readonly region?: string;
}

/** Values that a GetFunction answer carries and that nobody may ever print. */
export const PLANTED_SECRETS: Readonly<Record<string, string>> = {
  DATABASE_PASSWORD: 'planted-secret-environment-7d1f0c',
  STRIPE_KEY: 'planted-secret-environment-93ab4e',
};
const PLANTED_SIGNATURE = 'planted-secret-code-location-5e27aa';
const PLANTED_TOKEN = 'planted-secret-security-token-18c0bd';

/** Every planted string, for a test that greps what was printed. */
export const PLANTED: readonly string[] = [
  ...Object.values(PLANTED_SECRETS),
  PLANTED_SIGNATURE,
  PLANTED_TOKEN,
];

export class LambdaFunction {
  readonly place: Place;
  spec: FunctionSpec;
  /** From this moment on the function does not exist any more. */
  deletedAt = Infinity;

  constructor(spec: FunctionSpec, place: Place) {
    this.spec = spec;
    this.place = place;
  }

  get arn(): string {
    return arnIn(this.place, 'lambda', `function:${this.spec.name}`);
  }

  /** The version that a qualifier leads to, undefined where there is none. */
  versionOf(qualifier: string | undefined): string | undefined {
    if (qualifier === undefined || qualifier === '$LATEST') return '$LATEST';
    if (this.spec.versions?.includes(qualifier)) return qualifier;
    return this.spec.aliases?.[qualifier];
  }

  /**
   * The answer to GetFunction. Beliefs: the ARN keeps the qualifier that was asked for and `Version` is what it leads
   * to (not verified for aliases); the environment comes in clear and Code.Location is a pre-signed URL (API model).
   */
  describe(qualifier: string | undefined): Record<string, unknown> {
    const { spec } = this;
    return {
      Configuration: {
        ...STATIC_CONFIGURATION,
        FunctionName: spec.name,
        FunctionArn: qualifier === undefined ? this.arn : `${this.arn}:${qualifier}`,
        Role: `arn:aws:iam::${this.place.account}:role/${spec.name}-execution`,
        Version: this.versionOf(qualifier),
        Environment: { Variables: { ...PLANTED_SECRETS, ...spec.environment } },
        State: spec.state ?? 'Active',
        StateReason: spec.stateReason,
        StateReasonCode: spec.stateReasonCode,
        LastUpdateStatus: spec.lastUpdateStatus ?? 'Successful',
      },
      Code: { RepositoryType: 'S3', Location: this.#codeUrl() },
      Tags: { team: 'orders' },
      ...(spec.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: spec.reservedConcurrency } }),
    };
  }

  #codeUrl(): string {
    const bucket = `https://prod-04-2014-tasks.s3.${this.place.region}.amazonaws.com`;
    const query = `X-Amz-Security-Token=${PLANTED_TOKEN}&X-Amz-Expires=600&X-Amz-Signature=${PLANTED_SIGNATURE}`;
    return `${bucket}/snapshots/${this.place.account}/${this.spec.name}?${query}`;
  }
}

const STATIC_CONFIGURATION = {
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  CodeSize: 1024,
  CodeSha256: 'r3Qm1sQ0b8mUuC5P0f2VwQ3nJ1c0b5E7r6y3Z0a9d8E=',
  Description: '',
  Timeout: 30,
  MemorySize: 256,
  LastModified: '2026-01-01T00:00:00.000+0000',
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: '0b7a5b0e-6f0f-4c1b-8e43-6a6c0a0f3a11',
  PackageType: 'Zip',
  Architectures: ['arm64'],
  EphemeralStorage: { Size: 512 },
};
