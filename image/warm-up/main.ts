import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compile, type Program } from '../program.ts';
import { runInProcess } from './in-process.ts';
import { settle } from './settle.ts';
import { openStandIns } from './stand-ins.ts';

const LONGEST_MS = 60_000;
const HOLD_SECONDS = 60;

/** Makes V8's cache of the program: runs it, and keeps everything that V8 compiled on the way. */
async function main(image: string): Promise<void> {
  const program = compile(join(image, 'app'));
  await warmUp(program);
  // V8 notes its flags in a cache and refuses it where others are set, so the seed that makes each build's cache the
  // same has to go again.
  setFlagsFromString('--hash-seed=0');
  const cache = program.script.createCachedData();
  writeFileSync(program.cachePath, cache);
  process.stdout.write(`${program.cachePath}: ${(cache.length / 1e6).toFixed(2)} MB\n`);
  settle(image, Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000));
}

/**
 * A run under a ChaosEngine that SIGTERM ends in its hold. It takes a second and compiles all that a run needs, and
 * what has to be fast when a pod is about to die. One story only: a second one makes the order of the cache's parts
 * a matter of chance.
 * @throws Error with what the program printed when it does not end as it should.
 */
async function warmUp(program: Program): Promise<void> {
  const standIns = await openStandIns();
  const { code, output } = await runInProcess(program, ['run'], standIns.podEnv(HOLD_SECONDS), (line) => {
    if (line.includes('"event":"hold"')) setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
  });
  const off = standIns.off();
  await standIns.close();
  if (code !== 0 || off.length > 0 || !output.includes('Stopped')) {
    throw new Error(`The run ended with code ${code} and left ${off.length} mappings off:\n${output}`);
  }
}

setTimeout(() => {
  process.stderr.write(`The run did not end within ${LONGEST_MS / 1000} s.\n`);
  process.exit(1);
}, LONGEST_MS).unref();

main(process.argv[2] ?? '/out/image').then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
