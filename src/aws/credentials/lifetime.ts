import type { Credentials } from './identity.ts';
import { describeSource, type CredentialSource } from './source.ts';

/** How long a chain of credentials lasts. */
export interface Lifetime {
  readonly expiresAt?: Date;
  readonly renewable: boolean;
  readonly warnings: readonly string[];
}

/**
 * @param base what `source` gave
 * @param assumed what the role on top gave, if there is one
 */
export function lifetimeOf(source: CredentialSource, base: Credentials, assumed?: Credentials): Lifetime {
  const baseRenews = renews(source, base);
  const endless = base.sessionToken === undefined && base.expiration === undefined;
  const ends = [assumed?.expiration, baseRenews && assumed !== undefined ? undefined : base.expiration];
  const latest = Math.max(...ends.map((end) => end?.getTime() ?? -Infinity));
  const unknownEnd = base.sessionToken !== undefined && base.expiration === undefined;
  return {
    // An assumed role can be had anew for as long as its base lasts.
    renewable: baseRenews || (assumed !== undefined && endless),
    ...(Number.isFinite(latest) ? { expiresAt: new Date(latest) } : {}),
    warnings: unknownEnd ? [unknownEndWarning(source)] : [],
  };
}

/** A profile's keys have an end only when the SDK got them from STS, a process or SSO, and can ask again. */
const renews = (source: CredentialSource, base: Credentials): boolean =>
  source.kind === 'file' ? base.expiration !== undefined : source.kind !== 'environment';

const unknownEndWarning = (source: CredentialSource): string =>
  `The keys from ${describeSource(source)} are temporary (they have a session token), do not say when they end and can't be renewed: ` +
  'if they end in the run, nothing can be enabled again until they are replaced';
