import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Emit } from '../../runtime/events.ts';
import { bounded } from '../bounded.ts';
import { redact } from '../redact.ts';
import type { CredentialProvider, Credentials } from './identity.ts';
import { CredentialsError } from './error.ts';

export interface SteadyOptions {
  /** The source in the words of the log. */
  readonly source: string;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Bound of one fetch: some SDK providers wait for ever on a hung endpoint. */
  readonly fetchMs: number;
  /** More about a failed fetch, for the message. */
  readonly diagnose?: () => Promise<string>;
}

/** The SDK starts to refresh this long before the end. */
const REFRESH_AHEAD_MS = 5 * 60_000;
/** Keys that live shorter than the refresh window must not mean a fetch per request. */
const FETCH_SPACING_MS = 10_000;
/** A slow STS must not slow a revert down while the credentials at hand are good. */
const PATIENCE_MS = 2_000;

/**
 * Keeps credentials, refreshes them in the last five minutes, one fetch at a time, and carries on with the ones at
 * hand while these are valid, whatever becomes of the refresh. The SDK's own providers fail the call instead.
 */
export class SteadyCredentials {
  readonly #fetch: CredentialProvider;
  readonly #options: SteadyOptions;
  #current: Credentials | undefined;
  #pending: Promise<Credentials> | undefined;
  #askedAtMs = -Infinity;
  /** A clock that is ahead of AWS' sees an end that has passed in credentials that arrive this moment. */
  #arrivedExpired = false;

  constructor(fetch: CredentialProvider, options: SteadyOptions) {
    this.#fetch = fetch;
    this.#options = options;
  }

  /** The provider to give to a client. @throws CredentialsError when there are no valid credentials to be had. */
  readonly provide = async (): Promise<Credentials> => {
    const current = this.#current;
    if (current === undefined) return this.#refresh();
    const leftMs = this.#leftMs(current);
    if (leftMs > REFRESH_AHEAD_MS) return current;
    const justAsked = this.#options.clock.monotonicMs() - this.#askedAtMs < FETCH_SPACING_MS;
    if (justAsked && (leftMs > 0 || this.#arrivedExpired)) return current;
    return leftMs > 0 ? this.#refreshOrKeep(current) : this.#refresh();
  };

  #leftMs(credentials: Credentials): number {
    const end = credentials.expiration;
    return end === undefined ? Infinity : end.getTime() - this.#options.clock.now().getTime();
  }

  async #refreshOrKeep(current: Credentials): Promise<Credentials> {
    const { clock, emit, source } = this.#options;
    try {
      return await bounded(() => this.#refresh(), { what: 'the refresh', ms: PATIENCE_MS, clock });
    } catch (error) {
      const seconds = Math.floor(this.#leftMs(current) / 1000);
      if (seconds <= 0) throw error;
      // Safety: credentials that are still valid beat none; STS may be back before they end.
      emit({
        type: 'warning',
        message: `Refreshing the credentials from ${source} failed, the present ones are good for another ${seconds} s: ${redact(messageOf(error))}`,
      });
      return current;
    }
  }

  #refresh(): Promise<Credentials> {
    this.#pending ??= this.#fetchOnce().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #fetchOnce(): Promise<Credentials> {
    const { clock, emit, source, fetchMs } = this.#options;
    const renewal = this.#current !== undefined;
    this.#askedAtMs = clock.monotonicMs();
    const fetched = await this.#fetchBounded(fetchMs);
    this.#current = fetched;
    this.#arrivedExpired = this.#leftMs(fetched) <= 0;
    if (renewal) emit({ type: 'note', message: `Credentials from ${source} refreshed${untilText(fetched)}` });
    return fetched;
  }

  async #fetchBounded(ms: number): Promise<Credentials> {
    const { clock, source, diagnose } = this.#options;
    try {
      const fetched = await bounded(() => this.#fetch(), { what: 'asking for credentials', ms, clock });
      if (fetched.accessKeyId === '' || fetched.secretAccessKey === '') throw new Error('a key is empty');
      return fetched;
    } catch (error) {
      throw new CredentialsError(source, error, (await diagnose?.()) ?? '');
    }
  }
}

const untilText = ({ expiration }: Credentials): string =>
  expiration === undefined ? '' : `, valid until ${expiration.toISOString()}`;
