/** What a piece of text means; the colours are in one place. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'dim' | 'bold';

export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** One line of the screen. */
export type Row = readonly Span[];

/** What the reader's terminal can show. */
export interface Look {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
  /** Without it, ASCII alone. */
  readonly unicode: boolean;
}

const CODES: Readonly<Record<Tone, string>> = {
  good: '32',
  warn: '33',
  bad: '31',
  calm: '36',
  dim: '2',
  bold: '1',
};

/** The row as text, cut to the look's width, without trailing blanks. */
export function paint(row: Row, { width, colour, unicode }: Look): string {
  const cut =
    unicode &&
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd().length > width;
  let left = cut ? width - 1 : width;
  const parts = row.map(({ text, tone }) => {
    const visible = plainText(text, unicode).slice(0, left);
    left -= visible.length;
    if (!colour || tone === undefined || visible.trim() === '') return visible;
    return `\u001b[${CODES[tone]}m${visible}\u001b[0m`;
  });
  return `${parts.join('').trimEnd()}${cut ? '…' : ''}`;
}

/** What the product or a stand-in says must not move the cursor. */
function plainText(text: string, unicode: boolean): string {
  // eslint-disable-next-line no-control-regex
  const harmless = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return unicode ? harmless : harmless.replace(/[^ -~]/g, '?');
}

export const visibleLength = (row: Row): number => row.reduce((sum, { text }) => sum + text.length, 0);

/** Breaks a sentence at blanks into lines of at most `width`. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
