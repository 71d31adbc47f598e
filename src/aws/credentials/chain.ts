import type { Clock } from '../../runtime/clock.ts';
import type { Emit } from '../../runtime/events.ts';
import type { CredentialProvider } from './identity.ts';
import { diagnoseFile } from './diagnose.ts';
import { lifetimeOf, type Lifetime } from './lifetime.ts';
import { assumedRoleProvider, providerOf, type AssumedRole, type ProviderOptions } from './providers.ts';
import { describeSelection, selectSource, type Selection } from './select.ts';
import type { CredentialSettings } from './settings.ts';
import { describeSource, type CredentialSource } from './source.ts';
import { SteadyCredentials } from './steady.ts';

export interface ChainOptions extends ProviderOptions {
  readonly settings: CredentialSettings;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Bound of one fetch of credentials. */
  readonly fetchMs: number;
  /** What `/` is, for tests. */
  readonly root?: string;
}

/** Where credentials come from, from the base to the role on top. */
export interface CredentialChain {
  /** e.g. `role arn:… on IRSA role arn:…`. */
  readonly source: string;
  readonly provide: CredentialProvider;
  /** Fetches if necessary. @throws CredentialsError */
  lifetime(): Promise<Lifetime>;
}

/** Chooses the source anew and says so in the log. @throws CredentialsError when there is nothing to choose from. */
export async function buildChain(options: ChainOptions): Promise<CredentialChain> {
  const selection = await selectSource(options.settings, options.root);
  const { winner } = selection;
  announce(selection, options.emit);
  const base = steady(providerOf(winner, options), describeSource(winner), { options, from: winner });
  const role = roleOnTop(winner, options);
  if (role === undefined) {
    const lifetime = async (): Promise<Lifetime> => lifetimeOf(winner, await base.provide());
    return { source: describeSource(winner), provide: base.provide, lifetime };
  }
  const source = `role ${role.arn} on ${describeSource(winner)}`;
  const top = steady(assumedRoleProvider(role, base.provide, options), source, { options });
  return {
    source,
    provide: top.provide,
    lifetime: async () => lifetimeOf(winner, await base.provide(), await top.provide()),
  };
}

function announce(selection: Selection, emit: Emit): void {
  const message = describeSelection(selection);
  // A mounted file beside IRSA is most often an accident that changes who the run is.
  emit({ type: selection.losers.length > 0 ? 'warning' : 'note', message });
}

/** A role may not assume itself unless its trust policy says so; IRSA has already made us that role. */
function roleOnTop(base: CredentialSource, { settings, emit }: ChainOptions): AssumedRole | undefined {
  const role = settings.assumeRole;
  if (role === undefined || base.kind !== 'web-identity' || base.roleArn !== role.arn) return role;
  emit({
    type: 'note',
    message: `ASSUME_ROLE_ARN is the role that IRSA gives already (${role.arn}), so it is not assumed again`,
  });
  return undefined;
}

function steady(
  fetch: CredentialProvider,
  source: string,
  { options, from }: { readonly options: ChainOptions; readonly from?: CredentialSource },
): SteadyCredentials {
  const { clock, emit, fetchMs } = options;
  const common = { source, clock, emit, fetchMs };
  if (from?.kind !== 'file' || from.path === undefined) return new SteadyCredentials(fetch, common);
  const { path, profile } = from;
  return new SteadyCredentials(fetch, { ...common, diagnose: () => diagnoseFile(path, profile) });
}
