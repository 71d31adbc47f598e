import { readFile } from 'node:fs/promises';

/** Whom to trust, what to show, and which headers to send; the files are read anew for each attempt. */
export interface HttpSettings {
  /** One `Name: value` a line. */
  readonly headersFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecureSkipVerify: boolean;
}

/** TLS options of node:https. @throws Error when a file can't be read. */
export async function readTls(settings: HttpSettings): Promise<Record<string, unknown>> {
  const entries = await Promise.all(
    (['ca', 'cert', 'key'] as const).map(async (name) => {
      const path = settings[`${name}File`];
      return [name, path === undefined ? undefined : await readFile(path, 'utf8')] as const;
    }),
  );
  const material = Object.fromEntries(entries.filter(([, text]) => text !== undefined));
  return { ...material, rejectUnauthorized: !settings.insecureSkipVerify };
}

/** RFC 9110. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The headers in a mounted file. @throws Error that names the line, and never holds it. */
export async function readHeaders(path: string | undefined): Promise<Record<string, string>> {
  if (path === undefined) return {};
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
  return Object.fromEntries(
    lines.flatMap((line, index) => {
      if (line.trim() === '') return [];
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(0, colon)).trim();
      // Checked here: node:http tells a name that is none, and it may be a secret without its name.
      if (!TOKEN.test(name))
        throw new Error(`line ${index + 1} of ${path} is no header; wanted is Name: value`);
      return [[name, line.slice(colon + 1).trim()]];
    }),
  );
}
