import type { Claim } from './claims.ts';
import type { Ending } from './ending.ts';

interface Verdict {
  readonly verdict: string;
  readonly phase: string;
  readonly exitCode: number;
}

const PASS: Verdict = { verdict: 'Pass', phase: 'Completed', exitCode: 0 };
/** One hypothesis is to fail. */
const FAIL: Verdict = { verdict: 'Fail', phase: 'Completed_With_Probe_Failure', exitCode: 1 };
const CUT_OFF: Verdict = { verdict: 'Error', phase: 'Error', exitCode: 2 };
const STOPPED: Verdict = { verdict: 'Stopped', phase: 'Stopped', exitCode: 3 };

/** The last pod's verdict and exit code are those of the story that was asked for. */
export function verdictClaim(ending: Ending): Claim {
  const last = ending.pods.at(-1);
  if (last === undefined) return { ok: true, text: 'The product was not started, so there is no verdict' };
  const { verdict = 'none', phase = 'none' } =
    last.lines.findLast((line) => line.verdict !== undefined) ?? {};
  const wanted = expectedVerdicts(ending);
  const ok = wanted.some(
    (one) => one.verdict === verdict && one.phase === phase && one.exitCode === last.exit.code,
  );
  const exit =
    last.exit.code === null ? `ended by ${last.exit.signal ?? 'an error'}` : `exit code ${last.exit.code}`;
  const instead = ok ? reasonOf(ending) : `; expected was ${wanted.map((one) => one.verdict).join(' or ')}`;
  return { ok, text: `Verdict ${verdict}, phase ${phase}, ${exit}${instead}` };
}

function reasonOf({ kill, options, interrupted }: Ending): string {
  if (kill !== undefined) return '; a run that was cut off is never called a Pass';
  return options.probes && !interrupted ? '; as it has to be where a hypothesis fails' : '';
}

function expectedVerdicts({ kill, options, interrupted }: Ending): Verdict[] {
  if (kill !== undefined) return [CUT_OFF];
  const whole = options.probes ? FAIL : PASS;
  // A signal that comes when everything is over changes nothing.
  return interrupted ? [STOPPED, whole] : [whole];
}
