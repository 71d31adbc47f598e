import { readFileSync } from 'node:fs';

/**
 * The code block that follows the mark `<!-- run: NAME -->` in a page of this project, as a reader would copy it.
 * @throws Error where there is no such block
 */
export function blockOf(page: string, name: string): string {
  const text = readFileSync(page, 'utf8');
  const found = new RegExp(`<!-- run: ${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`${page} has no code block after <!-- run: ${name} -->`);
  return found;
}
