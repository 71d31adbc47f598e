import type { Problem } from '../../runtime/errors.ts';
import { parseDuration } from './duration.ts';

type Note = (message: string) => void;

/**
 * Reads the fields of something that nobody has checked: an object of a ChaosEngine or of a file. What is wrong is
 * noted with the field's path, and reading goes on, so that all of it is told at once.
 */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #note: Note;

  constructor(value: unknown, path: string, note: Note) {
    this.#path = path;
    this.#note = note;
    this.#value = isObject(value) ? value : {};
    if (value !== undefined && value !== null && !isObject(value)) note(`${path} is not an object`);
  }

  /** Fields of a probe whose problems go to `problems`. */
  static of(value: unknown, subject: string, problems: Problem[]): Fields {
    return new Fields(value, '', (message) => problems.push({ subject, message: message.trim() }));
  }

  /** Notes that the field `key` is wrong. */
  wrong(key: string, why: string): void {
    this.#note(`${this.#at(key)} ${why}`);
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  /** As it stands there. */
  raw(key: string): unknown {
    return this.#value[key];
  }

  object(key: string): Fields {
    return new Fields(this.#value[key], this.#at(key), this.#note);
  }

  /** A text; a number or a truth value that YAML made of one counts. */
  text(key: string): string {
    const value = this.#value[key];
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.wrong(key, 'is not a text');
    return '';
  }

  /** A text that has to be there; `example` is what one looks like. */
  required(key: string, example: string): string {
    const value = this.text(key);
    if (value.trim() === '') this.wrong(key, `is required and not set, e.g. ${example}`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.#value[key];
    if (value === undefined || value === null) return false;
    if (typeof value === 'boolean') return value;
    this.wrong(key, `got ${JSON.stringify(value)}; wanted is true or false`);
    return false;
  }

  /** 0 where it is not set. */
  count(key: string): number {
    const value = this.#value[key];
    if (value === undefined || value === null) return 0;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    this.wrong(key, `got ${JSON.stringify(value)}; wanted is a whole number, e.g. 3`);
    return 0;
  }

  /** Milliseconds; 0 where it is not set. */
  duration(key: string): number {
    const text = this.text(key);
    const ms = parseDuration(text);
    if (ms === undefined)
      this.wrong(
        key,
        `got ${JSON.stringify(text)}; wanted is a duration with its unit, e.g. "5s" or "1m30s"`,
      );
    return ms ?? 0;
  }

  /** One of `options`, exactly. */
  choice<T extends string>(key: string, options: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = options.find((option) => option === text);
    if (found === undefined)
      this.wrong(key, `got ${JSON.stringify(text)}; wanted is one of ${options.join(', ')}`);
    return found;
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
