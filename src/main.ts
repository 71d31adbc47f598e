import { parseArgs } from 'node:util';
import { watchForAbort } from './runtime/abort.ts';
import { systemClock } from './runtime/clock.ts';
import { messageOf } from './runtime/errors.ts';
import { EXIT } from './commands/exit-code.ts';
import type { Io } from './commands/io.ts';
import type { RevertArguments } from './commands/revert.ts';
import type { RunFiles } from './commands/world.ts';
import { VERSION } from './version.ts';

const USAGE = `lambda-chaos-runner ${VERSION}

  run       run the experiment that the environment describes (the default)
  plan      everything up to the first change: mappings, schedule, calls, permissions, warnings
  revert    finish what an earlier run left switched off
  version   print the version

  --journal FILE     the journal of a standalone run (default ./lambda-chaos-journal.json)
  --probes FILE      run, plan: the probes of a standalone run, as a YAML list
  --engine NAME      revert: the ChaosEngine of the run; also --namespace, --experiment, --instance
  --overdue          revert: every run of --namespace that is overdue, or whose Job is gone; live runs are left alone
`;

const OPTIONS = {
  journal: { type: 'string', default: 'lambda-chaos-journal.json' },
  probes: { type: 'string' },
  engine: { type: 'string' },
  namespace: { type: 'string' },
  experiment: { type: 'string' },
  instance: { type: 'string' },
  overdue: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(): Promise<number> {
  // Safety: before the first await, or a signal at start-up kills the process unheard.
  const io: Io = {
    env: process.env,
    stdout: process.stdout,
    clock: systemClock,
    abort: watchForAbort(process),
  };
  const { values, positionals } = readArguments();
  const [command = 'run', ...rest] = positionals;
  if (values.help || rest.length > 0) return usage(values.help ? EXIT.ok : EXIT.error);
  switch (command) {
    case 'run':
      return (await import('./commands/run.ts')).runCommand(io, runFiles(values));
    case 'plan':
      return (await import('./commands/plan.ts')).planCommand(io, values.probes);
    case 'revert':
      return (await import('./commands/revert.ts')).revertCommand(io, revertArguments(values));
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return EXIT.ok;
    default:
      process.stdout.write(`Unknown command ${JSON.stringify(command)}.\n\n`);
      return usage(EXIT.error);
  }
}

const runFiles = ({ journal, probes }: Values): RunFiles => ({
  journal,
  ...(probes === undefined ? {} : { probes }),
});

type Values = ReturnType<typeof readArguments>['values'];

function revertArguments(values: Values): RevertArguments {
  const { engine, namespace, experiment, instance, overdue, journal: journalPath } = values;
  if (overdue && (engine ?? experiment ?? instance) !== undefined) {
    throw new Error(
      '--overdue looks at all runs of a namespace; wanted is --overdue or --engine NAME, not both',
    );
  }
  return { engine, namespace, experiment, instance, overdue, journalPath };
}

function readArguments(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Error(`${messageOf(error)}\n\n${USAGE}`, { cause: error });
  }
}

function usage(code: number): number {
  process.stdout.write(USAGE);
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(EXIT.error);
  },
);
