import { messageOf } from '../../runtime/errors.ts';
import { redact } from '../redact.ts';

/** No credentials could be had from `source`, so no request was sent to the service that was asked for. */
export class CredentialsError extends Error {
  /** Where they should have come from, e.g. `IRSA role arn:…`. */
  readonly source: string;

  constructor(source: string, cause: unknown, hint = '') {
    super(redact(`${source}: ${messageOf(cause)}${hint === '' ? '' : ` ${hint}`}`), { cause });
    this.name = 'CredentialsError';
    this.source = source;
  }

  /** What really went wrong, below any assumed role on top. */
  get root(): unknown {
    return this.cause instanceof CredentialsError ? this.cause.root : this.cause;
  }
}
