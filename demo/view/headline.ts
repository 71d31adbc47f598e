import { currentPhase, type Phase, type Picture } from '../picture.ts';
import { seconds } from '../wording.ts';
import { glyphsFor } from './glyphs.ts';
import { visibleLength, type Look, type Row, type Span } from './paint.ts';

const PHASES: readonly Phase[] = [
  'traffic',
  'checks',
  'ramp',
  'disabling',
  'hold',
  'nobody',
  'enabling',
  'draining',
];

/** All phases in a line: what was, what is, what comes. Where it is too narrow, the oldest are left out. */
export function trail(picture: Picture, look: Look): Row {
  const { yes, current, ahead } = glyphsFor(look.unicode);
  const been = new Set(picture.phases.map(({ phase }) => phase));
  const now = currentPhase(picture).phase;
  const nowAt = now === 'over' ? PHASES.length : PHASES.indexOf(now);
  const spans = PHASES.flatMap((phase, index): Span[] => {
    const name = phase === 'nobody' ? 'nobody there' : phase;
    if (index === nowAt) return [{ text: `${current} ${name}  `, tone: phase === 'nobody' ? 'bad' : 'bold' }];
    if (index < nowAt) return been.has(phase) ? [{ text: `${yes} ${name}  `, tone: 'dim' }] : [];
    return phase !== 'nobody' || picture.crash ? [{ text: `${ahead} ${name}  `, tone: 'dim' }] : [];
  });
  while (spans.length > 1 && visibleLength(spans) > look.width) spans.shift();
  return [{ text: '  ' }, ...spans];
}

/** The phase in words; the hold with its bar. */
export function headline(picture: Picture, look: Look, nowMs: number): Row {
  const { phase, atMs } = currentPhase(picture);
  const elapsed = Math.max(0, nowMs - atMs);
  switch (phase) {
    case 'traffic':
      return [{ text: '  Events arrive and are processed. Nothing is wrong yet.' }];
    case 'checks':
      return [{ text: '  The product looks at everything before it touches anything.' }];
    case 'ramp':
      return [{ text: `  Ramp: ${seconds(elapsed)} of quiet before the chaos.` }];
    case 'disabling':
      return [{ text: `  Disabling: Lambda takes its time. ${seconds(elapsed)}` }];
    case 'hold':
      return holdBar(picture.holdSeconds * 1000, elapsed, look);
    case 'nobody':
      return [
        {
          text: `  Killed. Nobody is there, and everything stays off. ${seconds(elapsed)}`,
          tone: 'bad',
        },
      ];
    case 'enabling':
      return [{ text: `  Enabling: every mapping back to what it was. ${seconds(elapsed)}`, tone: 'calm' }];
    case 'draining':
      return afterwards(picture);
    case 'over':
      return [{ text: "  Over. What follows is checked against Lambda's own record." }];
  }
}

function afterwards({ sights }: Picture): Row {
  const off = sights.filter(({ leftAlone, state }) => leftAlone === undefined && state !== 'Enabled');
  if (off.length === 0) return [{ text: '  Everything is on again; the backlogs drain.', tone: 'good' }];
  return [{ text: `  The product has ended, and not Enabled are: ${off.length}.`, tone: 'bad' }];
}

const LONGEST_BAR = 60;

function holdBar(totalMs: number, elapsedMs: number, look: Look): Row {
  const { full, rest } = glyphsFor(look.unicode);
  const left = Math.max(0, totalMs - elapsedMs);
  const words = ` ${seconds(left).padStart(6)} left of ${totalMs / 1000} s`;
  const columns = Math.max(5, Math.min(LONGEST_BAR, look.width - words.length - 8));
  const done = Math.round(columns * Math.min(1, elapsedMs / totalMs));
  return [
    { text: '  Hold  ', tone: 'bold' },
    { text: full.repeat(done), tone: 'bad' },
    { text: rest.repeat(columns - done), tone: 'dim' },
    { text: words },
  ];
}
