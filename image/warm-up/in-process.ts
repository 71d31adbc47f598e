import type { Program } from '../program.ts';

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs the program as a process would, but in this one: `args` and `env` are this process' while it lasts, its output
 * is kept, and its exit ends the run alone. `onLine` is told each line that it prints.
 */
export async function runInProcess(
  program: Program,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Ended> {
  const { argv, env: ownEnv, stdout } = process;
  const exit = process.exit.bind(process);
  const write = stdout.write.bind(stdout);
  let output = '';
  const exited = Promise.withResolvers<number>();
  process.argv = [process.execPath, 'main.cjs', ...args];
  process.env = { ...env };
  process.exit = ((code: number) => exited.resolve(code)) as typeof exit;
  stdout.write = (text: string) => {
    output += text;
    onLine(text);
    return true;
  };
  try {
    program.run({ exports, require, module });
    return { code: await exited.promise, output };
  } finally {
    process.argv = argv;
    process.env = ownEnv;
    process.exit = exit;
    stdout.write = write;
  }
}
