/** `3.3 s` */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** `12 345` */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');

/** `no request`, `1 request`, `2 requests` */
export const times = (value: number, what: string): string =>
  `${value === 0 ? 'no' : count(value)} ${what}${value > 1 ? 's' : ''}`;

/** `14:03:22Z` */
export const timeOfDay = (atMs: number): string => `${new Date(atMs).toISOString().slice(11, 19)}Z`;

/** `1:04` */
export function stopwatch(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** `a, b and c` */
export function list(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
