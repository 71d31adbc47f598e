import { describe, expect, test } from '@jest/globals';
import type { CallerIdentity, FunctionInfo, MappingInfo } from '../../../src/aws/gateway.ts';
import {
  GUARDS,
  type GuardName,
  type ToggleConfig,
} from '../../../src/faults/lambda-toggle-event-mapping-state/config.ts';
import { guard } from '../../../src/faults/lambda-toggle-event-mapping-state/guards.ts';
import type { Schedule } from '../../../src/runtime/schedule.ts';
import { CALLER, FUNCTION_ARN, mapping, world } from './pieces.ts';

interface Case {
  readonly fn?: Partial<FunctionInfo>;
  readonly caller?: Partial<CallerIdentity>;
  readonly mapping?: Partial<MappingInfo>;
  readonly schedule?: Partial<Schedule>;
  readonly config?: Partial<ToggleConfig>;
  readonly ids?: readonly string[];
}

function judge(given: Case, forced: readonly GuardName[] = []) {
  const { ids = ['a'] } = given;
  const { context } = world({
    ids,
    schedule: given.schedule ?? {},
    config: { ...given.config, forced: new Set(forced) },
  });
  const found = {
    caller: { ...CALLER, ...given.caller },
    fn: { arn: FUNCTION_ARN, state: 'Active', ...given.fn },
    mappings: ids.map((id) => mapping(id, 'Enabled', given.mapping ?? {})),
    problems: [],
    warnings: [],
  };
  return guard(found, context);
}

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const stream = (startingPosition: string, lastProcessingResult: string): Case => ({
  mapping: { startingPosition, lastProcessingResult },
});

/** What each guard stops, by its name. */
const STOPPED: readonly [GuardName, string, Case, string][] = [
  [
    'function-state',
    'an Inactive function',
    { fn: { state: 'Inactive' } },
    'FUNCTION_NAME: the function is Inactive and wanted is Active',
  ],
  [
    'function-state',
    'a Failed function with its reason',
    { fn: { state: 'Failed', stateReason: 'no image' } },
    'FUNCTION_NAME: the function is Failed (no image) and wanted is Active',
  ],
  [
    'max-mappings',
    'one mapping too many',
    { ids: ['a', 'b', 'c'], config: { maxMappings: 2 } },
    'EVENT_UUIDS: names 3 mappings and MAX_MAPPINGS is 2',
  ],
  [
    'record-age',
    'records that live shorter than the hold',
    { mapping: { maximumRecordAgeSeconds: 29 } },
    'a: discards records older than 29 s (MaximumRecordAgeInSeconds), and the hold is 30 s: records would be lost on resume',
  ],
  [
    'record-age',
    'records that live shorter than hold and settling together',
    { mapping: { maximumRecordAgeSeconds: 60 }, schedule: { settleSeconds: 31 } },
    'a: discards records older than 60 s (MaximumRecordAgeInSeconds), and the hold is 61 s: records would be lost on resume',
  ],
  [
    'record-age',
    'records that live shorter than the longest of the holds',
    { mapping: { maximumRecordAgeSeconds: 60 }, schedule: { totalSeconds: 100, intervalSeconds: 90 } },
    'a: discards records older than 60 s (MaximumRecordAgeInSeconds), and the hold is 90 s: records would be lost on resume',
  ],
  [
    'starting-position',
    'a LATEST mapping that has never read',
    stream('LATEST', 'No records processed'),
    'a: starts at LATEST and has never read a record: it would resume behind what arrives in the hold',
  ],
  [
    'credentials-expiry',
    'keys that end in the run',
    { caller: { expiresAt: at(60) } },
    'credentials: the credentials (environment keys) end at 2026-01-01T00:01:00.000Z and cannot be renewed, before the run does',
  ],
];

describe('a guard', () => {
  test.each(STOPPED)('%s stops %s', (name, _what, given, text) => {
    const { problems } = judge(given);
    expect(problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      `${text}. To go on all the same, set FORCE=${name}`,
    ]);
  });

  test.each(STOPPED)('%s lets %s pass with a warning when FORCE names it', (name, _what, given, text) => {
    const { problems, warnings } = judge(given, [name]);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([`${text} (guard ${name} is switched off by FORCE).`]);
  });

  test.each(STOPPED)('%s still stops %s when FORCE names all the others', (name, _what, given) => {
    const others = (Object.keys(GUARDS) as GuardName[]).filter((other) => other !== name);
    expect(judge(given, others).problems).toHaveLength(1);
  });

  test.each<[string, Case]>([
    ['a healthy run', {}],
    ['as many mappings as allowed', { ids: ['a', 'b'], config: { maxMappings: 2 } }],
    ['records that live for ever', { mapping: { maximumRecordAgeSeconds: -1 } }],
    ['records that outlive the hold and slow transitions', { mapping: { maximumRecordAgeSeconds: 210 } }],
    ['a LATEST mapping that has read', stream('LATEST', 'OK')],
    ['a TRIM_HORIZON mapping that has never read', stream('TRIM_HORIZON', 'No records processed')],
    ['credentials that renew themselves', { caller: { expiresAt: at(60), renewable: true } }],
    ['credentials that end after the run', { caller: { expiresAt: at(30 + 180) } }],
  ])('stops nothing of %s', (_what, given) => {
    expect(judge(given)).toEqual({ problems: [], warnings: [] });
  });

  test.each<[string, Case, number]>([
    ['a single cycle', {}, 30 + 180],
    ['ramp and settling', { schedule: { rampSeconds: 10, settleSeconds: 5 } }, 20 + 30 + 5 + 180],
    ['two cycles', { schedule: { intervalSeconds: 15 } }, 30 + 2 * 180],
    ['three mappings in serial', { ids: ['a', 'b', 'c'], schedule: { sequence: 'serial' } }, 3 * (30 + 180)],
    ['three mappings in parallel', { ids: ['a', 'b', 'c'] }, 30 + 180],
  ])('knows how long credentials have to last for %s', (_what, given, seconds) => {
    expect(judge({ ...given, caller: { expiresAt: at(seconds) } }).problems).toEqual([]);
    expect(judge({ ...given, caller: { expiresAt: at(seconds - 1) } }).problems).toHaveLength(1);
  });

  test('reports with the others, not instead of them', () => {
    const { problems } = judge({
      fn: { state: 'Inactive' },
      mapping: {
        maximumRecordAgeSeconds: 1,
        startingPosition: 'LATEST',
        lastProcessingResult: 'No records processed',
      },
      caller: { expiresAt: at(1) },
      config: { maxMappings: 0 },
    });
    expect(problems).toHaveLength(5);
  });
});

describe('what is odd but allowed', () => {
  test.each<[string, Case, RegExp]>([
    [
      'an update in progress',
      { fn: { lastUpdateStatus: 'InProgress' } },
      /^An update of the function is in progress/,
    ],
    [
      'a reserved concurrency of nothing',
      { fn: { reservedConcurrency: 0 } },
      /^The reserved concurrency of the function is 0/,
    ],
    [
      'records that barely outlive the hold',
      { mapping: { maximumRecordAgeSeconds: 30 } },
      /^a discards records older than 30 s, and with a slow transition a hold of 30 s comes close/,
    ],
  ])('is %s, with a warning', (_what, given, text) => {
    const { problems, warnings } = judge(given);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(text)]);
  });

  test.each<[string, Case]>([
    ['an update that is done', { fn: { lastUpdateStatus: 'Successful' } }],
    ['some reserved concurrency', { fn: { reservedConcurrency: 1 } }],
  ])('is not %s', (_what, given) => {
    expect(judge(given).warnings).toEqual([]);
  });
});
