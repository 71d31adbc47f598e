import { readFile } from 'node:fs/promises';

/**
 * Says what stands in the way when the SDK found no credentials for `profile` in a file; empty when nothing is
 * obvious. Looks only at which sections and key names are there and repeats no value.
 */
export async function diagnoseFile(path: string, profile: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return `The file can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`;
  }
  if (text.trim() === '') return 'The file is empty.';
  const sections = sectionsOf(text);
  if (sections.size === 0)
    return 'The file has no section such as [default], so it is not an AWS credentials file.';
  const keys = sections.get(profile);
  if (keys === undefined) {
    const names = [...sections.keys()].map((name) => `[${name}]`).join(', ');
    return `It has no section [${profile}]; it has ${names}. AWS_PROFILE chooses the section.`;
  }
  const missing = ['aws_access_key_id', 'aws_secret_access_key'].filter((key) => !keys.has(key));
  return missing.length === 0 ? '' : `Section [${profile}] has no ${missing.join(' and no ')}.`;
}

function sectionsOf(text: string): Map<string, Set<string>> {
  const sections = new Map<string, Set<string>>();
  let current: Set<string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(?:profile\s+)?([\w.@+-]{1,64})\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      current = sections.get(section) ?? new Set();
      sections.set(section, current);
      continue;
    }
    const key = /^\s*([a-z_]+)\s*=\s*\S/i.exec(line)?.[1];
    if (key !== undefined) current?.add(key.toLowerCase());
  }
  return sections;
}
