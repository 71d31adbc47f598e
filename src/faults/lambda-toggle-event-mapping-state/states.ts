/** What a mapping's `State` means to this fault. It is a plain string in the Lambda API, not an enum. */
export type Situation =
  'enabled' | 'disabled' | 'switching-on' | 'switching-off' | 'updating' | 'deleting' | 'unknown';

const SITUATIONS: Readonly<Record<string, Situation>> = {
  Enabled: 'enabled',
  Disabled: 'disabled',
  Enabling: 'switching-on',
  Disabling: 'switching-off',
  Creating: 'updating',
  Updating: 'updating',
  Deleting: 'deleting',
};

export const situationOf = (state: string): Situation => SITUATIONS[state] ?? 'unknown';

/** States that end by themselves. */
export const isTransition = (situation: Situation): boolean =>
  situation === 'switching-on' || situation === 'switching-off' || situation === 'updating';

/**
 * Reasons with which Lambda says that an Enabled mapping does not work
 * (AWS, "Event source mapping errors" for Amazon MQ and Kafka).
 */
const FAILURE_REASONS: ReadonlySet<string> = new Set([
  'ESM_CONFIG_NOT_VALID',
  'EVENT_SOURCE_AUTHN_ERROR',
  'EVENT_SOURCE_AUTHZ_ERROR',
  'FUNCTION_CONFIG_NOT_VALID',
]);

export const isFailureReason = (reason: string | undefined): boolean =>
  reason !== undefined && FAILURE_REASONS.has(reason);
