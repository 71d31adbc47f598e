import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What Node hands to each CommonJS file. */
export interface Module {
  readonly exports: unknown;
  readonly require: NodeJS.Require;
  readonly module: NodeJS.Module;
}

/** The compiled program. */
export interface Program {
  readonly script: Script;
  /** Where V8's cache of this very source belongs. */
  readonly cachePath: string;
  /** Runs the program from its beginning. */
  readonly run: (module: Module) => void;
}

/**
 * Compiles `program.cjs` of `folder`, with V8's cache where there is one.
 *
 * Node's own compile cache would do less: it is looked up under the user id, so it misses under any other than the
 * one that filled it, and it holds only what is compiled when a file is loaded, not what a run compiles later.
 */
export function compile(folder: string): Program {
  const filename = join(folder, 'program.cjs');
  const bytes = readFileSync(filename);
  // Safety: V8 compares nothing but the length of the source, and would run the code of another version.
  const cachePath = `${filename}.${crc32(bytes).toString(16)}.cache`;
  const cachedData = readIfThere(cachePath);
  // esbuild escapes all that is not ASCII, so each byte is a character: strings of one byte are decoded fastest.
  const source = `(function (exports, require, module, __filename, __dirname) {${bytes.toString('latin1')}\n})`;
  const script = new Script(source, {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const run = ({ exports, require, module }: Module): void => {
    const wrapper = script.runInThisContext() as (...args: unknown[]) => void;
    wrapper(exports, require, module, filename, folder);
  };
  return { script, cachePath, run };
}

/** A cache is a matter of speed: without it, or when V8 refuses it, the program runs all the same. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
