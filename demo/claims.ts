import { accountsOf, isDrained, nameOf, targetsOf } from './account.ts';
import { crashClaims } from './crash-claims.ts';
import type { Ending } from './ending.ts';
import type { MappingView } from './lambda/view.ts';
import type { RequestRecord } from './lambda/model/request-log.ts';
import { hypothesisClaims } from './hypotheses.ts';
import { verdictClaim } from './verdict-claim.ts';
import { count, list, seconds, timeOfDay } from './wording.ts';
import { BYSTANDERS, TARGETS } from './world.ts';

/** One sentence of the last block, and whether it is true. */
export interface Claim {
  readonly ok: boolean;
  readonly text: string;
}

/** Everything that the demo claims, checked against what Lambda recorded. The demo fails when one is false. */
export function claimsOf(ending: Ending): Claim[] {
  return [
    verdictClaim(ending),
    everythingBack(ending),
    ...(ending.options.crash || ending.interrupted ? [] : [held(ending)]),
    ...crashClaims(ending),
    ...hypothesisClaims(ending),
    nothingLost(ending),
    ...(ending.interrupted ? [] : [drained(ending)]),
    writesAsExpected(ending),
    ...BYSTANDERS.map(({ spec, why }) => untouched(ending, spec.uuid, why)),
  ];
}

function everythingBack(ending: Ending): Claim {
  const { states, atMs } = ending.answer;
  const off = targetsOf(ending.final.mappings).filter(({ uuid }) => states[uuid] !== 'Enabled');
  const when = `verified against Lambda itself at ${timeOfDay(atMs)}`;
  if (off.length > 0) {
    const which = off.map((mapping) => `${nameOf(mapping)} is ${states[mapping.uuid] ?? 'unknown'}`);
    return { ok: false, text: `Every mapping is Enabled again: no, ${list(which)}, ${when}` };
  }
  const began = ending.pods.at(-1)?.lines.find(({ event }) => event === 'reverting')?.atMs;
  const enabled = Math.max(...accountsOf(ending).map(({ enabledAtMs }) => enabledAtMs ?? 0));
  const took =
    began === undefined || enabled === 0
      ? ''
      : `, Enabled ${seconds(enabled - began)} after the revert began`;
  return { ok: true, text: `Every mapping is Enabled again: ${when}${took}` };
}

/** The last mapping to become Disabled starts the clock; more than this is not the spread between them. */
const SPREAD_MS = 5_000;

function held(ending: Ending): Claim {
  const askedMs = ending.options.holdSeconds * 1000;
  const holds = accountsOf(ending).map(({ heldMs }) => heldMs ?? 0);
  const ok = holds.every((ms) => ms >= askedMs && ms <= askedMs + SPREAD_MS);
  const range = `${seconds(Math.min(...holds))} to ${seconds(Math.max(...holds))}`;
  return {
    ok,
    text: `Each was held Disabled for the ${seconds(askedMs)} asked: ${range} measured by Lambda`,
  };
}

function nothingLost(ending: Ending): Claim {
  const sum = (of: (mapping: MappingView) => number): number =>
    targetsOf(ending.final.mappings).reduce((total, mapping) => total + of(mapping), 0);
  const produced = sum(({ ledger }) => ledger.produced);
  const processed = sum(({ ledger }) => ledger.processed);
  const backlog = sum(({ ledger }) => ledger.backlog);
  const lost = produced - processed - backlog;
  const equation = `${count(produced)} events produced = ${count(processed)} processed + ${count(backlog)} in the backlog`;
  return { ok: lost === 0 && (produced > 0 || ending.interrupted), text: `${equation}, lost ${count(lost)}` };
}

function drained(ending: Ending): Claim {
  const waiting = targetsOf(ending.final.mappings).filter(({ ledger }) => !isDrained(ledger.backlog));
  if (waiting.length === 0) return { ok: true, text: 'Every backlog has drained' };
  const which = waiting.map((mapping) => `${nameOf(mapping)} (${count(mapping.ledger.backlog)})`);
  return { ok: false, text: `Every backlog has drained: no, events still wait in ${list(which)}` };
}

function writesAsExpected(ending: Ending): Claim {
  const { totals } = ending.final;
  const perTarget = targetsOf(ending.final.mappings).map(({ writes }) => writes);
  const received = ['UpdateEventSourceMapping', 'CreateEventSourceMapping', 'DeleteEventSourceMapping']
    .map((operation) => totals[operation] ?? 0)
    .reduce((sum, times) => sum + times);
  const all = perTarget.flat();
  const refused = all.filter(({ applied }) => !applied).length;
  const ok =
    received === all.length &&
    all.every(({ by }) => by === 'request') &&
    (refused === 0 || ending.interrupted) &&
    perTarget.length === TARGETS.length &&
    perTarget.every((writes) => isOffAndOn(writes, ending.interrupted));
  const what = all.length === 0 ? '' : `: {"Enabled":false}, then {"Enabled":true} for each mapping`;
  const instead = ok ? what : `: ${all.map(({ body }) => JSON.stringify(body)).join(', ')}`;
  const aside = refused === 0 ? '' : `; ${refused} came in a transition and had to be repeated`;
  return {
    ok,
    text: `Lambda received ${received} writes, ${ok ? 'exactly' : 'not'} those expected${instead}${aside}`,
  };
}

/** Off once and on once, and no other attribute. After Ctrl-C a mapping may not have been reached at all. */
function isOffAndOn(writes: readonly RequestRecord[], interrupted: boolean): boolean {
  const bodies = writes.filter(({ applied }) => applied).map(({ body }) => JSON.stringify(body));
  if (bodies.length === 0) return interrupted;
  return bodies.join() === '{"Enabled":false},{"Enabled":true}';
}

function untouched(ending: Ending, uuid: string, why: string): Claim {
  const mapping = ending.final.mappings.find((one) => one.uuid === uuid);
  if (mapping === undefined) return { ok: false, text: `${uuid} (${why}) is gone` };
  const [start, ...changes] = mapping.transitions;
  const ok =
    changes.length === 0 && mapping.writes.length === 0 && ending.answer.states[uuid] === start?.state;
  const told = ok ? 'no write, no change' : `${mapping.writes.length} writes, ${changes.length} changes`;
  return { ok, text: `${nameOf(mapping)}, which ${why}, is still ${mapping.state}: ${told}` };
}
