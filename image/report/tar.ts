/** One entry of a tar archive. */
export interface TarEntry {
  readonly name: string;
  /** As tar writes it: `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder. */
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly content: Buffer;
}

const BLOCK = 512;

/** Headers that tell more of the next entry (pax, and GNU's long names); their entry keeps its short name here. */
const EXTRA = ['x', 'g', 'L', 'K'];

/** The entries of an archive. @throws Error where a header is none. */
export function* tarEntries(archive: Buffer): Generator<TarEntry> {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + BLOCK);
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    const type = text(header, 156, 1) || '0';
    if (!EXTRA.includes(type)) yield { ...about(header), type, content };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function about(header: Buffer): Omit<TarEntry, 'type' | 'content'> {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    // Some writers put the kind of file in front.
    mode: octal(header, 100, 8) & 0o7777,
    uid: octal(header, 108, 8),
    gid: octal(header, 116, 8),
  };
}

const text = (header: Buffer, from: number, length: number): string =>
  header.toString('latin1', from, from + length).replace(/\0.*$/s, '');

function octal(header: Buffer, from: number, length: number): number {
  const digits = text(header, from, length).trim();
  if (/^[0-7]*$/.test(digits)) return Number.parseInt(digits === '' ? '0' : digits, 8);
  throw new Error(`not a tar header: ${JSON.stringify(digits)} where a number is wanted`);
}
