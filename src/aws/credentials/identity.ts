import type { fromEnv } from '@aws-sdk/credential-providers';

/** What the SDK signs with; the types are the SDK's own. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>;
export type CredentialProvider = () => Promise<Credentials>;
