import { readFileSync } from 'node:fs';

/** What a build may be told by the environment; empty counts as not set. */
export function setting(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  return version;
}

/** The two images of this checkout: IMAGE:VERSION, and the same with a shell. */
export function imageNames(): { readonly image: string; readonly shell: string } {
  const image = `${setting('IMAGE') ?? 'lambda-chaos-runner'}:${packageVersion()}`;
  return { image, shell: `${image}-shell` };
}
