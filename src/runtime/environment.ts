import { cleanEnv, EnvError, EnvMissingError, makeExactValidator, type ValidatorSpec } from 'envalid';
import type { Problem } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
type Specs = Record<string, ValidatorSpec<unknown>>;
type ValueOf<S> = S extends ValidatorSpec<infer T> ? T : never;
export type Values<S extends Specs> = { readonly [K in keyof S]: ValueOf<S[K]> };

/**
 * Reads the variables that `specs` names and collects every problem instead of ending the process,
 * which is what envalid does by itself, before any ChaosResult could say why.
 * Charts ship `value: ""` for what nobody set, so an empty variable counts as absent.
 */
export function readVariables<S extends Specs>(
  env: Environment,
  specs: S,
): { values?: Values<S>; problems: Problem[] } {
  const problems: Problem[] = [];
  const given = Object.fromEntries(
    Object.keys(specs).flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const values = cleanEnv(given, specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        problems.push({ subject: name, message: problemText(error, specs[name]) });
      }
    },
  });
  if (problems.length > 0) return { problems };
  // A plain copy: envalid's own object throws when code asks for a name that it does not know.
  const plain = Object.fromEntries(Object.keys(specs).map((name) => [name, Reflect.get(values, name)]));
  return { values: plain as Values<S>, problems };
}

function problemText(error: Error | undefined, spec: ValidatorSpec<unknown> | undefined): string {
  if (error instanceof EnvMissingError)
    return `is required and not set; wanted is ${spec?.desc ?? 'a value'}, e.g. ${spec?.example ?? '…'}`;
  return error?.message ?? 'is not usable';
}

type NumberValidator = ReturnType<typeof makeExactValidator<number>>;

/** A week: what is longer is a typing error, or milliseconds. */
const MOST_SECONDS = 604_800;

/** Whole seconds, at least `minimum` and at most a week. */
export const wholeSeconds = (minimum: number): NumberValidator =>
  wholeNumber(minimum, 'whole seconds', MOST_SECONDS);

/** A whole number from `minimum` to `maximum`; `wanted` is how the error message calls it. */
export const wholeNumber = (minimum: number, wanted: string, maximum = 1_000_000): NumberValidator =>
  makeExactValidator<number>((input) => {
    const text = input.trim();
    const value = Number(text);
    const example = `e.g. ${Math.max(minimum, 30)}`;
    if (!/^\d+$/.test(text) || value < minimum) {
      throw new EnvError(
        `got ${quoted(input)}; wanted are ${wanted}, ${minimum} or more and digits only, ${example}`,
      );
    }
    if (value > maximum)
      throw new EnvError(`got ${quoted(input)}; wanted are ${wanted}, at most ${maximum}, ${example}`);
    return value;
  });

/** One of `options`, in any case. */
export const oneOf = <T extends string>(options: readonly T[]): ReturnType<typeof makeExactValidator<T>> =>
  makeExactValidator<T>((input) => {
    const found = options.find((option) => option === input.trim().toLowerCase());
    if (found !== undefined) return found;
    throw new EnvError(
      `got ${quoted(input)}; wanted is one of ${options.join(', ')}, e.g. ${String(options[0])}`,
    );
  });

/** Quotes what came, shortened: a variable may hold a pasted document. */
export const quoted = (value: string): string =>
  JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);

/** Names in `env` that look like a misspelt one of `known`, with what was probably meant. */
export function likelyTypos(env: Environment, known: readonly string[]): { name: string; meant: string }[] {
  const names = new Set(known);
  return Object.keys(env).flatMap((name) => {
    if (names.has(name) || name.length < 5) return [];
    const meant = known.find(
      (candidate) =>
        Math.abs(candidate.length - name.length) <= 2 &&
        distance(name, candidate) <= (candidate.length < 8 ? 1 : 2),
    );
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** The number of single-character edits between two names (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
