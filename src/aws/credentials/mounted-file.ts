import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where Litmus' AWS experiments mount the Secret `cloud-secret`. */
export const LITMUS_FILE = '/tmp/cloud_config.yml';
const LITMUS_KEY = 'cloud_config.yml';

/** Directories under which people mount a Secret by its name. */
const MOUNT_DIRECTORIES = ['/tmp', '/etc', '/var/run/secrets', '/run/secrets', '/mnt'];

/** Where a Secret named `name` would be, most telling first: a place that bears its name beats Litmus' usual one. */
const placesOf = (name: string): string[] => [
  ...MOUNT_DIRECTORIES.map((directory) => `${directory}/${name}`),
  LITMUS_FILE,
];

/**
 * Finds the file that AWS_AUTHENTICATION_SECRET means. With a slash it is a path; otherwise the first of
 * /tmp/NAME, /etc/NAME, /var/run/secrets/NAME, /run/secrets/NAME, /mnt/NAME, /tmp/cloud_config.yml that exists.
 * A directory stands for the file `cloud_config.yml` in it or else for the only file that it holds.
 * @param root what `/` is, for tests
 * @throws Error naming what is wrong and where it was looked for
 */
export async function findMountedFile(value: string, root = '/'): Promise<string> {
  const isPath = value.includes('/');
  const places = isPath ? [value] : placesOf(value);
  for (const place of places) {
    const path = isPath ? resolve(place) : join(root, place);
    const kind = await kindOf(path);
    if (kind === 'file') return path;
    if (kind === 'directory') return onlyFileIn(path);
  }
  throw new Error(
    isPath
      ? `${value} does not exist; mount the Secret there or correct the path`
      : `no Secret ${value} is mounted; looked at ${places.join(', ')}`,
  );
}

async function onlyFileIn(directory: string): Promise<string> {
  // Kubernetes' `..data` and its timestamped target hold the same files again.
  const names = (await readdir(directory)).filter((name) => !name.startsWith('..'));
  const kinds = await Promise.all(names.map((name) => kindOf(join(directory, name))));
  const files = names.filter((_, index) => kinds[index] === 'file');
  const chosen = files.includes(LITMUS_KEY) ? LITMUS_KEY : files[0];
  if (chosen === undefined) throw new Error(`${directory} holds no file; is the Secret empty?`);
  if (files.length > 1 && chosen !== LITMUS_KEY) {
    throw new Error(
      `${directory} holds ${files.length} files (${files.join(', ')}); give the path of the one to use`,
    );
  }
  return join(directory, chosen);
}

/** What is there; a symbolic link, as Kubernetes mounts Secrets, counts as what it points to. */
export async function kindOf(path: string): Promise<'file' | 'directory' | 'none'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'none';
    // Not allowed to look is not the same as not there: reading it will say so.
    return 'file';
  }
}
