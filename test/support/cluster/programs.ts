import * as programs from '../chart/programs.ts';

/** What kubectl printed. @throws Error with its own words where it failed, as all of these. */
export const kubectl = (...args: readonly string[]): Promise<string> =>
  programs.mustSucceed(programs.kubectl(args));

export const helm = (...args: readonly string[]): Promise<string> =>
  programs.mustSucceed(programs.helm(args));

export const apply = (namespace: string, object: object): Promise<string> =>
  programs.mustSucceed(
    programs.kubectl(['-n', namespace, 'apply', '-f', '-'], { input: JSON.stringify(object) }),
  );

/** Runs a shell script in `cwd`, which finds the pinned helm and kubectl first. */
export function shell(script: string, cwd: string): Promise<string> {
  const env = { PATH: `${programs.BIN}:${process.env.PATH ?? ''}` };
  return programs.mustSucceed(programs.run('bash', ['-eu'], { input: script, cwd, env }));
}

/** Runs any other program. */
export const run = (program: string, args: readonly string[]): Promise<string> =>
  programs.mustSucceed(programs.run(program, args));
