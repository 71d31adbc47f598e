import type { Ending } from '../ending.ts';
import { PROBES_FILE, type Hypothesis } from '../hypotheses.ts';
import { glyphsFor } from './glyphs.ts';
import { wrap, type Look, type Row } from './paint.ts';

/** Each hypothesis with its verdict, and below it the evidence. Nothing where there were none. */
export function hypothesisRows({ options, hypotheses }: Ending, look: Look): Row[] {
  if (!options.probes) return [];
  const title: Row = [{ text: `  hypotheses of ${PROBES_FILE}`, tone: 'dim' }];
  const none: Row = [{ text: '  none was recorded', tone: 'bad' }];
  return [title, ...(hypotheses.length === 0 ? [none] : hypotheses.flatMap((one) => rowsOf(one, look))), []];
}

const WORDS: Readonly<Record<string, string>> = { Passed: 'holds', Failed: 'FAILS' };

function rowsOf({ name, type, mode, verdict, description = '' }: Hypothesis, look: Look): Row[] {
  const { yes, no, dot } = glyphsFor(look.unicode);
  const isTrue = verdict === 'Passed';
  const mark = isTrue ? yes : no;
  const indent = mark.length + 3;
  const evidence = description === '' ? [] : wrap(description, look.width - indent);
  return [
    [
      { text: `  ${mark} `, tone: isTrue ? 'good' : 'bad' },
      { text: `${name} ${WORDS[verdict] ?? verdict}`, tone: 'bold' },
      { text: ` ${dot} ${type}, ${mode}`, tone: 'dim' },
    ],
    ...evidence.map((line): Row => [{ text: `${' '.repeat(indent)}${line}` }]),
  ];
}
