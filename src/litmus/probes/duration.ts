const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Milliseconds of a duration as Go writes it, e.g. `300ms` or `1m30s`; `0` and an empty text are none.
 * Undefined where Go's time.ParseDuration fails, and below zero, which means nothing here.
 */
export function parseDuration(text: string): number | undefined {
  if (text.trim() === '') return 0;
  const trimmed = text.trim().replace(/^\+/, '');
  if (trimmed === '0') return 0;
  if (trimmed === '') return undefined;
  let total = 0;
  let end = 0;
  for (const [part, amount, unit] of trimmed.matchAll(PART)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
    end += part.length;
  }
  return end === trimmed.length ? total : undefined;
}
