import type { Picture, Sight } from '../picture.ts';
import { glyphsFor, type Glyphs } from './glyphs.ts';
import type { Look, Row, Tone } from './paint.ts';
import { sparkline } from './spark.ts';

const STATE = 9;
const SOURCE = 20;
const BACKLOG = 7;
const RATE = 9;
/** Indent, symbol and the blanks between the columns. */
const BETWEEN = 8;
const LONGEST_SPARK = 44;

export function columnTitles(look: Look): Row {
  const spark = 'growth and drain'.slice(0, sparkColumns(look)).padEnd(sparkColumns(look));
  const text = `    ${'state'.padEnd(STATE)} ${'source'.padEnd(SOURCE)}${'backlog'.padStart(BACKLOG)}  ${spark} ${'processed'.padStart(RATE)}`;
  return [{ text, tone: 'dim' }];
}

/** One mapping of the run: state, source, backlog with its history, processed per second. */
export function mappingRow(sight: Sight, picture: Picture, look: Look): Row {
  const glyphs = glyphsFor(look.unicode);
  const { symbol, tone } = stateLook(sight.state, glyphs);
  const columns = sparkColumns(look);
  const spark = sparkline(sight.samples, { ...horizon(sight, picture), columns, levels: glyphs.levels });
  const rate = `${Math.round(sight.processedPerSecond)}/s`;
  return [
    { text: `  ${symbol} `, tone },
    { text: `${sight.state.padEnd(STATE)} `, tone },
    { text: source(sight) },
    { text: String(sight.backlog).padStart(BACKLOG), tone: sight.backlog > 2 ? 'bold' : 'dim' },
    { text: `  ${spark} `, tone: sparkTone(sight) },
    { text: rate.padStart(RATE), tone: sight.processedPerSecond < 0.5 ? 'bad' : undefined },
  ];
}

/** A mapping that is none of the run's business. */
export function bystanderRow(sight: Sight, look: Look): Row {
  const { symbol } = stateLook(sight.state, glyphsFor(look.unicode));
  const text = `  ${symbol} ${sight.state.padEnd(STATE)} ${source(sight)}  ${sight.leftAlone ?? ''}`;
  return [{ text, tone: 'dim' }];
}

export function stateLook(state: string, glyphs: Glyphs): { symbol: string; tone: Tone } {
  switch (state) {
    case 'Enabled':
      return { symbol: glyphs.on, tone: 'good' };
    case 'Disabled':
      return { symbol: glyphs.off, tone: 'bad' };
    case 'Enabling':
      return { symbol: glyphs.turning, tone: 'calm' };
    default:
      return { symbol: glyphs.turning, tone: 'warn' };
  }
}

const source = ({ sourceType, sourceName }: Sight): string =>
  `${sourceType.padEnd(8)} ${sourceName}`.slice(0, SOURCE).padEnd(SOURCE);

function sparkTone({ state, backlog }: Sight): Tone {
  if (state !== 'Enabled') return 'warn';
  return backlog > 2 ? 'calm' : 'dim';
}

const sparkColumns = ({ width }: Look): number =>
  Math.max(4, Math.min(LONGEST_SPARK, width - STATE - SOURCE - BACKLOG - RATE - BETWEEN));

/** What comes before and after the hold, roughly: a longer demo squeezes the line. */
const AROUND_HOLD_MS = 25_000;
const TRANSITIONS_MS = 5_000;

/** The whole demo from left to right, on a scale that fits the backlog to come. */
function horizon(sight: Sight, picture: Picture): { fromMs: number; toMs: number; fullAt: number } {
  const fromMs = picture.startedAtMs;
  const last = sight.samples.at(-1);
  const toMs = Math.max(fromMs + picture.holdSeconds * 1000 + AROUND_HOLD_MS, last?.atMs ?? 0);
  const offSeconds = picture.holdSeconds + TRANSITIONS_MS / 1000;
  return { fromMs, toMs, fullAt: sight.arrivalPerSecond * offSeconds * (picture.crash ? 0.8 : 1) };
}
