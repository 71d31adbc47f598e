import { currentPhase, type Picture, type Sentence } from '../picture.ts';
import { stopwatch } from '../wording.ts';
import { glyphsFor } from './glyphs.ts';
import { headline, trail } from './headline.ts';
import { bystanderRow, columnTitles, mappingRow } from './mapping-row.ts';
import { paint, visibleLength, type Look, type Row, type Tone } from './paint.ts';

export interface Screen extends Look {
  /** Lines that the terminal has. */
  readonly height: number;
}

const SENTENCES = 6;

/**
 * The live picture at `nowMs`. As many lines every time, so that nothing jumps; on a low terminal with
 * fewer sentences.
 */
export function frame(picture: Picture, screen: Screen, nowMs: number): string[] {
  const targets = picture.sights.filter(({ leftAlone }) => leftAlone === undefined);
  const bystanders = picture.sights.filter(({ leftAlone }) => leftAlone !== undefined);
  const head: Row[] = [
    titleRow(picture, screen, nowMs),
    trail(picture, screen),
    [],
    headline(picture, screen, nowMs),
    [],
    columnTitles(screen),
    ...targets.map((sight) => mappingRow(sight, picture, screen)),
    ...bystanders.map((sight) => bystanderRow(sight, screen)),
    [],
  ];
  const room = Math.max(0, Math.min(SENTENCES, screen.height - head.length - 1));
  const said = picture.sentences.slice(-room);
  const sentences = Array.from({ length: room }, (_, index) => sentenceRow(said[index]));
  // A line more than the terminal has would scroll, and the next picture would be drawn below this one.
  const rows = [...head, ...sentences].slice(0, Math.max(1, screen.height - 1));
  return rows.map((row) => paint(row, screen));
}

function titleRow(picture: Picture, screen: Screen, nowMs: number): Row {
  const { crash, startedAtMs } = picture;
  const { dot } = glyphsFor(screen.unicode);
  const name = crash ? 'demo: killed in the hold' : 'demo';
  const title: Row = [{ text: '  lambda-chaos-runner', tone: 'bold' }, { text: ` ${dot} ${name}` }];
  const hint = hintOf(picture);
  const clock = stopwatch(nowMs - startedAtMs);
  const gap = screen.width - visibleLength(title) - hint.length - clock.length - 5;
  if (gap < 0) return [...title, { text: `   ${clock}`, tone: 'dim' }];
  return [...title, { text: `${' '.repeat(gap)}   ${hint}  `, tone: 'dim' }, { text: clock, tone: 'bold' }];
}

function hintOf(picture: Picture): string {
  if (currentPhase(picture).phase === 'over') return '';
  return picture.stopping ? 'ending, the revert comes first' : 'Ctrl-C ends and reverts';
}

const SENTENCE_TONES: Readonly<Record<string, Tone>> = { warn: 'warn', error: 'bad' };

function sentenceRow(sentence: Sentence | undefined): Row {
  if (sentence === undefined) return [];
  const { atMs, level, text } = sentence;
  const time = new Date(atMs).toISOString().slice(11, 19);
  const [mark = '', rest = text] = /^(\[[^\]]+\] )(.*)$/s.exec(text)?.slice(1) ?? [];
  const tone = SENTENCE_TONES[level];
  return [
    { text: `  ${time} `, tone: 'dim' },
    { text: mark, tone: tone ?? 'calm' },
    { text: rest, tone },
  ];
}
