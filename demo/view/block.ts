import { accountsOf, type Account } from '../account.ts';
import { claimsOf, type Claim } from '../claims.ts';
import type { Ending } from '../ending.ts';
import { count, seconds } from '../wording.ts';
import { glyphsFor } from './glyphs.ts';
import { hypothesisRows } from './hypotheses.ts';
import { paint, wrap, type Look, type Row } from './paint.ts';

const WIDEST = 110;

/** The last block: every claim with its mark, then the numbers of each mapping. */
export function block(ending: Ending, look: Look): string[] {
  const readable = { ...look, width: Math.min(look.width, WIDEST) };
  const claims = claimsOf(ending);
  const wrong = claims.filter(({ ok }) => !ok).length;
  const rows: Row[] = [
    ...claims.flatMap((claim) => claimRows(claim, readable)),
    [],
    ...table(accountsOf(ending), ending.options.holdSeconds, readable),
    [],
    ...hypothesisRows(ending, readable),
    wrong === 0
      ? [{ text: `  All ${claims.length} claims are true.`, tone: 'good' }]
      : [{ text: `  ${wrong} of ${claims.length} claims are FALSE.`, tone: 'bad' }],
  ];
  return rows.map((row) => paint(row, readable));
}

function claimRows({ ok, text }: Claim, look: Look): Row[] {
  const { yes, no } = glyphsFor(look.unicode);
  const mark = ok ? yes : no;
  const indent = mark.length + 3;
  return wrap(text, look.width - indent).map((line, index) => [
    index === 0 ? { text: `  ${mark} `, tone: ok ? 'good' : 'bad' } : { text: ' '.repeat(indent) },
    { text: line, tone: ok ? undefined : 'bad' },
  ]);
}

interface Column {
  readonly long: string;
  readonly short: string;
  readonly of: (account: Account) => string;
}

const NAME = 20;

function table(accounts: readonly Account[], askedSeconds: number, look: Look): Row[] {
  const columns: Column[] = [
    { long: 'to Disabled', short: 'off in', of: (account) => duration(account.toDisabledMs) },
    { long: `held of ${askedSeconds} s`, short: 'held', of: (account) => duration(account.heldMs) },
    { long: 'to Enabled', short: 'on in', of: (account) => duration(account.toEnabledMs) },
    { long: 'backlog peak', short: 'peak', of: (account) => count(account.peak) },
    { long: 'drained in', short: 'drain', of: (account) => duration(account.drainMs) },
  ];
  const wide = look.width >= 90;
  const cell = (column: Column, text: string): string => text.padStart(wide ? column.long.length + 3 : 7);
  const titles = columns.map((column) => cell(column, wide ? column.long : column.short)).join('');
  return [
    [{ text: `  ${'mapping'.padEnd(NAME)}${titles}`, tone: 'dim' }],
    ...accounts.map((account): Row => {
      const cells = columns.map((column) => cell(column, column.of(account))).join('');
      return [{ text: `  ${account.name.padEnd(NAME)}${cells}` }];
    }),
  ];
}

const duration = (ms: number | undefined): string => (ms === undefined ? '-' : seconds(ms));
