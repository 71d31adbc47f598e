import type { Problem } from '../../runtime/errors.ts';
import { planHolds } from '../../runtime/schedule.ts';
import type { GuardName } from './config.ts';
import type { ToggleContext } from './context.ts';
import type { Findings } from './discovery.ts';

interface Finding {
  readonly guard: GuardName;
  readonly subject: string;
  readonly message: string;
}

/** Seconds that a disable and an enable may add to the hold as a record sees it (AWS: up to minutes for streams). */
const TRANSITION_MARGIN_S = 180;

/**
 * The safety nets. Each refuses the run with its own name, and FORCE=<name> turns it into a warning.
 */
export function guard(found: Findings, context: ToggleContext): { problems: Problem[]; warnings: string[] } {
  const findings = [
    ...tooMany(context),
    ...functionState(found),
    ...dataLoss(found, context),
    ...credentials(found, context),
  ];
  const problems: Problem[] = [];
  const warnings: string[] = [...mildWarnings(found, context)];
  for (const { guard: name, subject, message } of findings) {
    if (context.config.forced.has(name))
      warnings.push(`${subject}: ${message} (guard ${name} is switched off by FORCE).`);
    else problems.push({ subject, message: `${message}. To go on all the same, set FORCE=${name}` });
  }
  return { problems, warnings };
}

function tooMany(context: ToggleContext): Finding[] {
  const { ids, maxMappings } = context.config;
  if (ids.length <= maxMappings) return [];
  return [
    {
      guard: 'max-mappings',
      subject: 'EVENT_UUIDS',
      message: `names ${ids.length} mappings and MAX_MAPPINGS is ${maxMappings}`,
    },
  ];
}

function functionState({ fn }: Findings): Finding[] {
  if (fn === undefined || fn.state === 'Active') return [];
  const why = fn.stateReason === undefined ? '' : ` (${fn.stateReason})`;
  return [
    {
      guard: 'function-state',
      subject: 'FUNCTION_NAME',
      message: `the function is ${fn.state}${why} and wanted is Active`,
    },
  ];
}

function dataLoss({ mappings }: Findings, context: ToggleContext): Finding[] {
  const hold = longestHold(context);
  return mappings.flatMap(
    ({ uuid, maximumRecordAgeSeconds: age, startingPosition, lastProcessingResult }) => {
      const findings: Finding[] = [];
      if (age !== undefined && age >= 0 && age < hold) {
        const message = `discards records older than ${age} s (MaximumRecordAgeInSeconds), and the hold is ${hold} s: records would be lost on resume`;
        findings.push({ guard: 'record-age', subject: uuid, message });
      }
      if (startingPosition === 'LATEST' && lastProcessingResult === 'No records processed') {
        const message =
          'starts at LATEST and has never read a record: it would resume behind what arrives in the hold';
        findings.push({ guard: 'starting-position', subject: uuid, message });
      }
      return findings;
    },
  );
}

function credentials({ caller }: Findings, context: ToggleContext): Finding[] {
  if (caller?.expiresAt === undefined || caller.renewable) return [];
  const end = context.clock.now().getTime() + nominalSeconds(context) * 1000;
  if (caller.expiresAt.getTime() >= end) return [];
  const message = `the credentials (${caller.source}) end at ${caller.expiresAt.toISOString()} and cannot be renewed, before the run does`;
  return [{ guard: 'credentials-expiry', subject: 'credentials', message }];
}

/** The run as planned, plus a margin for the transitions and the revert. */
function nominalSeconds({ schedule, config }: ToggleContext): number {
  const groups = schedule.sequence === 'serial' ? config.ids.length : 1;
  const cycles = planHolds(schedule).length;
  const held = schedule.totalSeconds + cycles * (schedule.settleSeconds + TRANSITION_MARGIN_S);
  return 2 * schedule.rampSeconds + groups * held;
}

const longestHold = ({ schedule }: ToggleContext): number =>
  Math.max(...planHolds(schedule)) + schedule.settleSeconds;

function mildWarnings({ fn, mappings }: Findings, context: ToggleContext): string[] {
  const warnings: string[] = [];
  if (fn?.lastUpdateStatus === 'InProgress') {
    warnings.push(
      'An update of the function is in progress: a deployment may change its mappings in the window.',
    );
  }
  if (fn?.reservedConcurrency === 0) {
    warnings.push(
      'The reserved concurrency of the function is 0: it processes nothing before the run either, so the run shows little.',
    );
  }
  const hold = longestHold(context);
  for (const { uuid, maximumRecordAgeSeconds: age } of mappings) {
    if (age === undefined || age < hold || age >= hold + TRANSITION_MARGIN_S) continue;
    warnings.push(
      `${uuid} discards records older than ${age} s, and with a slow transition a hold of ${hold} s comes close to that.`,
    );
  }
  return warnings;
}
