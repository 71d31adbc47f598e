export interface Glyphs {
  readonly on: string;
  readonly off: string;
  readonly turning: string;
  readonly yes: string;
  readonly no: string;
  readonly current: string;
  readonly ahead: string;
  readonly arrow: string;
  readonly dot: string;
  readonly ellipsis: string;
  readonly full: string;
  readonly rest: string;
  /** From nothing to all. */
  readonly levels: readonly string[];
}

const UNICODE: Glyphs = {
  on: '●',
  off: '○',
  turning: '◐',
  yes: '✓',
  no: '✗',
  current: '▸',
  ahead: '·',
  arrow: '→',
  dot: '·',
  ellipsis: '…',
  full: '━',
  rest: '─',
  levels: '▁ ▂ ▃ ▄ ▅ ▆ ▇ █'.split(' '),
};

const ASCII: Glyphs = {
  on: '*',
  off: 'o',
  turning: '~',
  yes: 'ok',
  no: 'NO',
  current: '>',
  ahead: '.',
  arrow: '->',
  dot: '-',
  ellipsis: '...',
  full: '#',
  rest: '-',
  levels: '_ . : - = + * #'.split(' '),
};

export const glyphsFor = (unicode: boolean): Glyphs => (unicode ? UNICODE : ASCII);
