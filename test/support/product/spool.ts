import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything that the product ever prints in a test is kept, for the search for secrets at the end. */
export const SPOOL = join(process.cwd(), '.work', 'spool');

/** Credentials that the tests hand to the product; none of them may ever show up in what it prints or records. */
export const PLANTED_SECRETS = [
  'pLaNtEd/SecretAccessKey+0123456789abcdef',
  'pLaNtEdSessionToken//////////0123456789',
  'planted-external-id-4711',
  'planted-url-password',
] as const;

let file: string | undefined;

/** Appends what the product printed or recorded. */
export function spool(text: string): void {
  if (file === undefined) {
    mkdirSync(SPOOL, { recursive: true });
    file = join(SPOOL, `${process.pid}.log`);
  }
  appendFileSync(file, text.endsWith('\n') ? text : `${text}\n`);
}
