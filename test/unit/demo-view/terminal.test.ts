import { expect, test } from '@jest/globals';
import { TerminalView, type Terminal } from '../../../demo/view/terminal.ts';
import { holdPicture, START } from './fixture.ts';

function record(columns: number): { written: string[]; terminal: Terminal & { columns: number } } {
  const written: string[] = [];
  return { written, terminal: { write: (text) => written.push(text), columns, rows: 40 } };
}

test('each picture is drawn over the one before, and the cursor comes back once', () => {
  const { written, terminal } = record(100);
  const view = new TerminalView(terminal, { colour: false, unicode: true });
  view.refresh(holdPicture(), START);
  view.refresh(holdPicture(), START + 150);
  view.close();
  view.close();
  view.refresh(holdPicture(), START + 300);
  const [hide, first = '', second = '', ...rest] = written;
  expect(hide).toBe('\u001b[?25l');
  const height = first.split('\n').length - 1;
  expect(first.startsWith('\u001b')).toBe(false);
  expect(second.startsWith(`\u001b[${height}A\r`)).toBe(true);
  expect(rest).toEqual(['\u001b[?25h']);
});

test('a new width starts on a clean screen, for the old lines are broken', () => {
  const { written, terminal } = record(100);
  const view = new TerminalView(terminal, { colour: false, unicode: true });
  view.refresh(holdPicture(), START);
  terminal.columns = 60;
  view.refresh(holdPicture(), START);
  view.close();
  expect(written[2]).toMatch(/^\u001b\[H\u001b\[2J/); // eslint-disable-line no-control-regex
});
