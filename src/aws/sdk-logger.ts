import type { Emit } from '../runtime/events.ts';
import type { SdkLogger } from './credentials/providers.ts';
import { redact } from './redact.ts';

const nothing = (): void => undefined;

/**
 * The SDK writes warnings to the console unless it has a logger. On `info` it logs whole answers, GetFunction's
 * code URL and environment among them, so only warnings pass.
 */
export const sdkLogger = (emit: Emit): SdkLogger => ({
  trace: nothing,
  debug: nothing,
  info: nothing,
  error: nothing,
  warn: (...content) =>
    emit({
      type: 'warning',
      message: redact(`AWS SDK: ${content.map(String).join(' ')}`).replace(/\s+/g, ' '),
    }),
});
