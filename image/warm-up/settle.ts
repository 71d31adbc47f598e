import { chmodSync, lutimesSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes everything under `folder` readable for everybody, writable for its owner, and of one time, so that the same
 * source gives the same layer and any user id can run it.
 */
export function settle(folder: string, epochSeconds: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) settle(path, epochSeconds);
    else {
      chmodSync(path, 0o644);
      lutimesSync(path, epochSeconds, epochSeconds);
    }
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, epochSeconds, epochSeconds);
}
