type Env = Readonly<Record<string, string | undefined>>;

/** Whether `env` says that text is UTF-8; the first variable that is set decides, as in POSIX. */
export function isUtf8({ LC_ALL, LC_CTYPE, LANG }: Env): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '';
  return /utf-?8/i.test(locale);
}

/** https://no-color.org: any value but an empty one. */
export const wantsColour = ({ NO_COLOR }: Env): boolean => NO_COLOR === undefined || NO_COLOR === '';

/** A terminal that can draw over what it has shown. */
export const canRedraw = ({ isTTY }: { readonly isTTY?: boolean }, { TERM }: Env): boolean =>
  isTTY === true && TERM !== 'dumb';

/** The last column stays free: some terminals wrap as soon as it is written. */
export const usableColumns = (columns: number | undefined): number =>
  (columns === undefined || columns === 0 ? 100 : columns) - 1;
