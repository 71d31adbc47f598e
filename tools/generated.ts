import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..');

/** Files that are made from others: path in the checkout to text. */
export type Generated = ReadonlyMap<string, string>;

/**
 * Writes `files`, formatted as everything else is. With `--check` among the arguments nothing is written, and the
 * process fails if one differs: what is checked in was edited by hand, or its source was.
 */
export async function writeOrCheck(files: Generated, command: string): Promise<void> {
  const stale: string[] = [];
  for (const [name, text] of files) {
    const path = join(ROOT, name);
    const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path });
    if (process.argv.includes('--check')) {
      if (formatted !== current(path)) stale.push(name);
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, formatted);
  }
  if (stale.length === 0) return;
  process.stderr.write(`${stale.join(', ')}: not what it is made from; run ${command}\n`);
  process.exitCode = 1;
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
