import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of this machine in a container. */
export interface Mount {
  readonly source: string;
  /** Read-only where nothing is said. */
  readonly writable?: boolean;
}

/** Makes `folder` with `files` that every user may read, as a kubelet makes the folder of a Secret. */
export function secretLike(folder: string, files: Readonly<Record<string, string | Buffer>>): Mount {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), 0o644);
  }
  return { source: folder };
}

/** Makes `folder` one that every user may write to. */
export function openToAll(folder: string): Mount {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  return { source: folder, writable: true };
}
