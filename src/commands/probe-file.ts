import { readFile } from 'node:fs/promises';
import type { LitmusIdentity } from '../litmus/identity.ts';
import { ConfigError, messageOf } from '../runtime/errors.ts';

/**
 * The list of probes in a YAML file: `spec.experiments[].spec.probe` of a ChaosEngine, alone or under the key `probe`.
 * @throws ConfigError that names the file.
 */
export async function readProbeFile(path: string): Promise<readonly unknown[]> {
  const value = await readYaml(path);
  const list: unknown = typeof value === 'object' && value !== null && 'probe' in value ? value.probe : value;
  if (Array.isArray(list)) return list as unknown[];
  throw unusable(path, 'holds no list of probes; wanted is what stands under probe in a ChaosEngine');
}

/** A run has one list. @throws Error when an engine and a file are named */
export function refuseTwoLists({ engine }: LitmusIdentity, path: string | undefined): void {
  if (engine !== '' && path !== undefined)
    throw new Error(
      `--probes is for standalone runs; with CHAOSENGINE ${engine} the probes are those of the ChaosEngine`,
    );
}

async function readYaml(path: string): Promise<unknown> {
  try {
    const { parse } = await import('yaml');
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unusable(path, `can't be read: ${messageOf(error)}`);
  }
}

const unusable = (path: string, message: string): ConfigError =>
  new ConfigError([{ subject: `--probes ${path}`, message }]);
