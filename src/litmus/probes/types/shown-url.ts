/** `url` for a person: without the password and the values that it may carry. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.origin === 'null')
    return url.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*/, '?…');
  const { origin, pathname, search, username } = parsed;
  const who = username === '' ? origin : origin.replace('//', '//***@');
  return `${who}${pathname}${search === '' ? '' : '?…'}`;
}
