import { median, medianOf, ratioOf, type Calls, type Figure } from './figures.ts';

/** Columns as wide as their widest cell; the first is text, the others are numbers. */
export function align(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const cells = (row: readonly string[]): string[] =>
    row.map((cell, index) =>
      index === 0 || index === row.length - 1
        ? cell.padEnd(widths[index] ?? 0)
        : cell.padStart(widths[index] ?? 0),
    );
  return rows.map((row) => `  ${cells(row).join('   ')}`.trimEnd()).join('\n');
}

export function figureTable(figures: readonly Figure[]): string {
  const head = ['', 'median', 'min', 'max', 'n', '÷ node -e 0', ''];
  return align([head, ...figures.map(figureRow)]);
}

function figureRow(figure: Figure): string[] {
  const { name, unit, samples } = figure;
  const values = samples.map(({ value }) => value);
  return [
    name,
    `${round(medianOf(figure))} ${unit}`,
    round(Math.min(...values)),
    round(Math.max(...values)),
    String(samples.length),
    unit === 'ms' ? ratioOf(figure).toFixed(2) : '',
    beside(figure),
  ];
}

function beside(figure: Figure): string {
  const { aim, limit, unit } = figure;
  const value = medianOf(figure);
  if (aim !== undefined) return `aim < ${aim} ${unit}: ${value < aim ? 'met' : 'MISSED'}`;
  return limit === undefined
    ? ''
    : `${(value / limit).toFixed(2)} of the ${round(limit)} ms at 15 requests a second`;
}

const round = (value: number): string => value.toFixed(Math.abs(value) < 100 ? 1 : 0);

/** One row for each request, one column for each number of mappings. */
export function callTable(calls: ReadonlyMap<number, Calls>): string {
  const sizes = [...calls.keys()].toSorted((a, b) => a - b);
  const names = [...new Set([...calls.values()].flatMap((counts) => Object.keys(counts)))].toSorted();
  const count = (size: number, name: string): number => median(calls.get(size)?.[name] ?? [0]);
  const row = (name: string): string[] => [name, ...sizes.map((size) => String(count(size, name))), ''];
  const total = sizes.map((size) => String(names.reduce((sum, name) => sum + count(size, name), 0)));
  return align([['', ...sizes.map(String), 'mappings'], ...names.map(row), ['total', ...total, '']]);
}
