import type { Sample } from '../picture.ts';

export interface SparkFrame {
  /** Milliseconds since the epoch at the left edge. */
  readonly fromMs: number;
  /** At the right edge; what has not happened yet stays blank. */
  readonly toMs: number;
  readonly columns: number;
  /** The backlog that fills a cell; a higher one raises it for all. */
  readonly fullAt: number;
  /** From nothing to all. */
  readonly levels: readonly string[];
}

/** The backlog over time as one line: each cell is the highest count in its share of the time. */
export function sparkline(samples: readonly Sample[], frame: SparkFrame): string {
  const { fromMs, toMs, columns, levels } = frame;
  const share = (toMs - fromMs) / columns;
  const cells = new Array<number | undefined>(columns).fill(undefined);
  for (const { atMs, backlog } of samples) {
    const column = Math.min(columns - 1, Math.floor((atMs - fromMs) / share));
    if (column >= 0) cells[column] = Math.max(cells[column] ?? 0, backlog);
  }
  const top = Math.max(frame.fullAt, 1, ...samples.map(({ backlog }) => backlog));
  const steps = levels.length - 1;
  return fillGaps(cells)
    .map((value) => (value === undefined ? ' ' : (levels[Math.ceil((value / top) * steps)] ?? ' ')))
    .join('');
}

/** A cell narrower than the time between two looks keeps what was seen before. */
function fillGaps(cells: readonly (number | undefined)[]): (number | undefined)[] {
  const last = cells.findLastIndex((value) => value !== undefined);
  let seen: number | undefined;
  return cells.map((value, column) => {
    seen = value ?? seen;
    return column > last ? undefined : seen;
  });
}
