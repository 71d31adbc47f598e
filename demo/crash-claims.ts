import { accountsOf, targetsOf } from './account.ts';
import type { Claim } from './claims.ts';
import type { Ending, Kill } from './ending.ts';
import type { StateView } from './lambda/view.ts';
import type { RequestRecord } from './lambda/model/request-log.ts';
import { accessKeyOf } from './product.ts';
import { count, seconds, timeOfDay, times } from './wording.ts';

/** What a SIGKILL in the hold must not change. Nothing for a run without one. */
export function crashClaims(ending: Ending): Claim[] {
  const { kill, options, interrupted } = ending;
  if (!options.crash || (kill === undefined && interrupted)) return [];
  if (kill === undefined)
    return [{ ok: false, text: 'The product ended before it could be killed in the hold' }];
  return [nobodyThere(ending, kill), nextPod(ending, kill), nothingTwice(ending, kill)];
}

function nobodyThere(ending: Ending, kill: Kill): Claim {
  const before = momentOf(kill.alone);
  const after = momentOf(kill.stillAlone);
  const asked = after.requests - before.requests;
  const stayed = [before, after].every(({ off }) => off === targetsOf(ending.final.mappings).length);
  const ok =
    ending.pods[0]?.exit.signal === 'SIGKILL' && asked === 0 && stayed && after.backlog > before.backlog;
  const alone = seconds(kill.nextPodAtMs - kill.atMs);
  const grew = `the backlog grew from ${count(before.backlog)} to ${count(after.backlog)}`;
  const off = stayed ? 'every mapping stayed Disabled' : `${after.off} mappings were Disabled`;
  return {
    ok,
    text: `SIGKILL at ${timeOfDay(kill.atMs)}, in the hold. For ${alone} nobody was there: ${times(asked, 'request')} reached Lambda, ${off}, ${grew}`,
  };
}

function momentOf({ mappings, totals }: StateView): { off: number; backlog: number; requests: number } {
  const targets = targetsOf(mappings);
  return {
    off: targets.filter(({ state }) => state === 'Disabled').length,
    backlog: targets.reduce((sum, { ledger }) => sum + ledger.backlog, 0),
    requests: Object.values(totals).reduce((sum, times) => sum + times, 0),
  };
}

function nextPod(ending: Ending, kill: Kill): Claim {
  const enables = writesWith(ending, true);
  const name = ending.pods[1]?.name ?? 'nobody';
  const enabledAt = accountsOf(ending).map(({ enabledAtMs }) => enabledAtMs);
  const ok =
    enables.length > 0 &&
    enables.every(({ accessKey }) => accessKey === accessKeyOf(name)) &&
    !enabledAt.includes(undefined);
  const first = Math.min(...enables.map(({ at }) => at));
  const last = Math.max(...enabledAt.map((at) => at ?? Infinity));
  const called = `the first enable call came ${seconds(first - kill.nextPodAtMs)} after its start`;
  const back = `every mapping was Enabled ${seconds(last - kill.nextPodAtMs)} after its start`;
  return {
    ok,
    text: ok
      ? `The next pod brought them back: ${called}, ${back}`
      : `The next pod did not bring them all back`,
  };
}

function nothingTwice(ending: Ending, kill: Kill): Claim {
  const disables = writesWith(ending, false);
  const late = disables.filter(({ at }) => at >= kill.atMs);
  const ok = late.length === 0 && disables.length === targetsOf(ending.final.mappings).length;
  return {
    ok,
    text: `Nothing was injected a second time: ${disables.length} disable calls in all, ${late.length === 0 ? 'none' : late.length} after the SIGKILL`,
  };
}

function writesWith(ending: Ending, enabled: boolean): RequestRecord[] {
  const body = JSON.stringify({ Enabled: enabled });
  return targetsOf(ending.final.mappings).flatMap(({ writes }) =>
    writes.filter((write) => JSON.stringify(write.body) === body),
  );
}
