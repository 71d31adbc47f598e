import type { Picture } from '../picture.ts';
import { list } from '../wording.ts';
import { glyphsFor } from './glyphs.ts';
import { paint, type Look } from './paint.ts';
import type { View } from './view.ts';

const BACKLOG_EVERY_MS = 3_000;

/** Lines for a log that a machine keeps: what is new, once, with the time since the start. */
export class PlainView implements View {
  readonly #write: (text: string) => void;
  readonly #look: Look;
  readonly #states = new Map<string, string>();
  #phases = 0;
  #said = 0;
  #backlogAtMs = -Infinity;

  constructor(write: (text: string) => void, unicode: boolean) {
    this.#write = write;
    this.#look = { width: Infinity, colour: false, unicode };
  }

  refresh(picture: Picture, nowMs: number): void {
    const line = (atMs: number, kind: string, text: string): void => {
      const time = ((atMs - picture.startedAtMs) / 1000).toFixed(1).padStart(6);
      this.#write(`${paint([{ text: `${time}s  ${kind.padEnd(7)}  ${text}` }], this.#look)}\n`);
    };
    for (const { atMs, kind, text } of this.#news(picture)) line(atMs, kind, text);
    this.#stateChanges(picture, (text) => line(nowMs, 'state', text));
    if (nowMs - this.#backlogAtMs < BACKLOG_EVERY_MS || picture.sights.length === 0) return;
    this.#backlogAtMs = nowMs;
    line(nowMs, 'backlog', backlogs(picture));
  }

  close(): void {
    // There is nothing to put back.
  }

  /** Phases and sentences since the last look, in the order in which they happened. */
  #news({ phases, sentences }: Picture): { atMs: number; kind: string; text: string }[] {
    const news = [
      ...phases.slice(this.#phases).map(({ phase, atMs }) => ({ atMs, kind: 'phase', text: phase })),
      ...sentences.slice(this.#said).map(({ text, atMs }) => ({ atMs, kind: 'log', text })),
    ];
    this.#phases = phases.length;
    this.#said = sentences.length;
    return news.sort((one, other) => one.atMs - other.atMs);
  }

  #stateChanges(picture: Picture, tell: (text: string) => void): void {
    const { arrow } = glyphsFor(this.#look.unicode);
    for (const { uuid, sourceType, sourceName, state } of picture.sights) {
      const before = this.#states.get(uuid);
      if (before !== undefined && before !== state)
        tell(`${sourceType} ${sourceName}: ${before} ${arrow} ${state}`);
      this.#states.set(uuid, state);
    }
  }
}

function backlogs({ sights }: Picture): string {
  const targets = sights.filter(({ leftAlone }) => leftAlone === undefined);
  return list(targets.map(({ sourceType, sourceName, backlog }) => `${sourceType} ${sourceName} ${backlog}`));
}
