import type { Picture } from '../picture.ts';
import { frame } from './frame.ts';
import { usableColumns } from './look.ts';
import type { View } from './view.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE_REST = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_SCREEN = '\u001b[H\u001b[2J';

export interface Terminal {
  readonly write: (text: string) => unknown;
  /** Undefined or 0 where nobody knows. */
  readonly columns?: number;
  readonly rows?: number;
}

/** A picture that is drawn over itself. */
export class TerminalView implements View {
  readonly #terminal: Terminal;
  readonly #look: { readonly colour: boolean; readonly unicode: boolean };
  #lines = 0;
  #columns: number | undefined;
  #open = true;

  constructor(terminal: Terminal, look: { readonly colour: boolean; readonly unicode: boolean }) {
    this.#terminal = terminal;
    this.#look = look;
    terminal.write(HIDE_CURSOR);
    process.once('exit', this.#showCursor);
  }

  refresh(picture: Picture, nowMs: number): void {
    if (!this.#open) return;
    const { columns, rows } = this.#terminal;
    const screen = { ...this.#look, width: usableColumns(columns), height: rows === 0 ? 24 : (rows ?? 24) };
    const lines = frame(picture, screen, nowMs);
    const start = this.#lines === 0 ? '' : this.#startOver(columns);
    this.#columns = columns;
    this.#terminal.write(
      `${start}${lines.map((line) => `${line}${CLEAR_LINE_REST}\n`).join('')}${CLEAR_BELOW}`,
    );
    this.#lines = lines.length;
  }

  close(): void {
    this.#showCursor();
    process.off('exit', this.#showCursor);
  }

  /** A terminal with a new width has broken the old lines in places that nobody knows. */
  #startOver(columns: number | undefined): string {
    return columns === this.#columns ? `\u001b[${this.#lines}A\r` : CLEAR_SCREEN;
  }

  /** Also on a way out that nobody foresaw. */
  readonly #showCursor = (): void => {
    if (!this.#open) return;
    this.#open = false;
    this.#terminal.write(SHOW_CURSOR);
  };
}
