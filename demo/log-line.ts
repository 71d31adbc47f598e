/** A line of the product's log. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly level: string;
  /** The kind of event; empty for a line that is not of the log. */
  readonly event: string;
  readonly message: string;
  readonly verdict?: string;
  readonly phase?: string;
}

/** Reads one line; what is not the log's JSON (a crash of Node itself) becomes an error line of its own. */
export function readLogLine(text: string, nowMs: number): LogLine {
  const value = parse(text);
  if (value === undefined) return { atMs: nowMs, level: 'error', event: '', message: text };
  const { time, level, event, msg, verdict, phase } = value;
  const atMs = Date.parse(string(time));
  return {
    atMs: Number.isNaN(atMs) ? nowMs : atMs,
    level: string(level),
    event: string(event),
    message: string(msg),
    ...(typeof verdict === 'string' ? { verdict } : {}),
    ...(typeof phase === 'string' ? { phase } : {}),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const string = (value: unknown): string => (typeof value === 'string' ? value : '');
