import { parseArgs } from 'node:util';

export const USAGE = `Shows a run of lambda-chaos-runner against a stand-in for AWS Lambda. No cluster, no AWS.

  node demo/run.ts [--crash | --probes] [--hold SECONDS] [--plain]

  --crash          SIGKILL in the middle of the hold; the next pod brings the mappings back
  --probes         with the hypotheses of demo/probes.yaml: two hold, one is to fail
  --hold SECONDS   how long the mappings stay Disabled (default 20)
  --plain          plain lines on a terminal, too

Exit code: 0 when every claim of the last block is true, 1 when one is false, 130 after Ctrl-C.
`;

export interface DemoOptions {
  readonly crash: boolean;
  /** With hypotheses. */
  readonly probes: boolean;
  readonly plain: boolean;
  /** Whole seconds. */
  readonly holdSeconds: number;
}

/** Undefined where help is wanted. @throws Error for an unknown flag or a hold that is no number of seconds. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      crash: { type: 'boolean', default: false },
      probes: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      hold: { type: 'string', default: '20' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { crash, plain, probes } = values;
  if (crash && probes) throw new Error('--crash and --probes are two stories: wanted is one of them');
  return { crash, plain, probes, holdSeconds: readHold(values.hold, probes ? OF_HYPOTHESES : OF_ANY) };
}

interface Range {
  readonly least: number;
  readonly most: number;
}

const OF_ANY: Range = { least: 2, most: 3600 };
/** In a shorter hold too few events pile up for demo/probes.yaml, in a longer one too many. */
const OF_HYPOTHESES: Range = { least: 5, most: 60 };

function readHold(text: string, { least, most }: Range): number {
  const holdSeconds = Number(text);
  if (/^\d+$/.test(text) && holdSeconds >= least && holdSeconds <= most) return holdSeconds;
  throw new Error(
    `--hold ${JSON.stringify(text)}: wanted are whole seconds from ${least} to ${most}, e.g. --hold 20`,
  );
}

/** How long the scenes around the hold are; short ones around a short hold. */
export interface Pace {
  readonly trafficMs: number;
  readonly rampSeconds: number;
  /** From `Disabled` on, until the SIGKILL. */
  readonly killAfterMs: number;
  /** How long nobody is there after the SIGKILL. */
  readonly nobodyMs: number;
  /** The most that a backlog may take to drain. */
  readonly drainMs: number;
}

export function paceOf(holdSeconds: number): Pace {
  return {
    trafficMs: Math.min(3000, holdSeconds * 150),
    rampSeconds: Math.min(2, Math.floor(holdSeconds / 8)),
    killAfterMs: holdSeconds * 500,
    nobodyMs: Math.min(5000, Math.max(1500, holdSeconds * 250)),
    drainMs: 10_000 + holdSeconds * 1000,
  };
}
