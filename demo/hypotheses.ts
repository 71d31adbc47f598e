import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { targetsOf } from './account.ts';
import type { Claim } from './claims.ts';
import type { Ending } from './ending.ts';
import { count, list } from './wording.ts';

/** What the product recorded of one probe. */
export interface Hypothesis {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly verdict: string;
  readonly description?: string;
}

export const PROBES_FILE = join('demo', 'probes.yaml');
/** The stand-in in that file. */
export const WRITTEN_URL = 'http://127.0.0.1:4566';

/** Said before the run, so that a Fail is a forecast that came true and not an excuse. */
export const FORECAST: Readonly<Record<string, 'Passed' | 'Failed'>> = {
  'service-answers': 'Passed',
  'backlog-stays-small': 'Failed',
  'backlog-drains': 'Passed',
};
/** As many events are too many for the hypothesis that fails. */
export const TOO_MANY_EVENTS = 100;

/** The probes with the address of this demo's stand-in, in a file in `folder`. Returns its path. */
export function probesFor(url: string, folder: string): string {
  const path = join(folder, 'probes.yaml');
  writeFileSync(path, readFileSync(PROBES_FILE, 'utf8').replaceAll(WRITTEN_URL, url));
  return path;
}

/** Of the product's journal; none where it wrote no outcome. */
export function readHypotheses(journal: string): readonly Hypothesis[] {
  try {
    const { outcome } = JSON.parse(readFileSync(journal, 'utf8')) as {
      readonly outcome?: { readonly probes?: readonly Hypothesis[] };
    };
    return outcome?.probes ?? [];
  } catch {
    return [];
  }
}

/** What became of the forecast. Nothing for a run without hypotheses, or one that was stopped. */
export function hypothesisClaims(ending: Ending): Claim[] {
  if (!ending.options.probes || ending.interrupted) return [];
  return [forecast(ending), confirmed(ending)];
}

function forecast({ hypotheses }: Ending): Claim {
  const wrong = Object.entries(FORECAST).flatMap(([name, verdict]) => {
    const found = hypotheses.find((one) => one.name === name)?.verdict ?? 'not recorded';
    return found === verdict ? [] : [`${name} is ${found} and not ${verdict}`];
  });
  if (wrong.length > 0) return { ok: false, text: `The hypotheses end as foreseen: no, ${list(wrong)}` };
  const [holding, failing] = ['Passed', 'Failed'].map((verdict) =>
    list(Object.keys(FORECAST).filter((name) => FORECAST[name] === verdict)),
  );
  return { ok: true, text: `The hypotheses end as foreseen: ${holding} hold, ${failing} fails` };
}

/** The product's evidence, checked against somebody else's record. */
function confirmed(ending: Ending): Claim {
  const peak = peakOf(ending);
  const ok = peak >= TOO_MANY_EVENTS;
  const text = `The sources' own record agrees: up to ${count(peak)} events waited at a time, ${TOO_MANY_EVENTS} are too many`;
  return { ok, text: ok ? text : `${text}, and so the hypothesis should hold` };
}

/** The most events that were seen to wait at a time, in all sources of the run together. */
function peakOf({ final, sights }: Ending): number {
  const targets = targetsOf(final.mappings).map(({ uuid }) => uuid);
  const waiting = new Map<number, number>();
  for (const { samples } of sights.filter(({ uuid }) => targets.includes(uuid)))
    for (const { atMs, backlog } of samples) waiting.set(atMs, (waiting.get(atMs) ?? 0) + backlog);
  return Math.max(0, ...waiting.values());
}
