import { str } from 'envalid';
import { readVariables, wholeNumber, type Environment } from '../../runtime/environment.ts';
import type { Problem } from '../../runtime/errors.ts';
import { functionNameProblem } from './function-name.ts';
import { parseMappingIds } from './mapping-ids.ts';

/** The guards that FORCE may name, with what each one prevents. */
export const GUARDS = {
  'function-state': 'the function is not Active, so the experiment would measure something else',
  'max-mappings': 'more mappings than MAX_MAPPINGS at once',
  'record-age':
    'records get older in the hold than MaximumRecordAgeInSeconds, and Lambda discards them on resume',
  'starting-position': 'a LATEST mapping that has never read would resume behind records it has not seen',
  'credentials-expiry': 'the credentials end before the run does, so the mappings could not be enabled again',
} as const;

export type GuardName = keyof typeof GUARDS;

export interface ToggleConfig {
  readonly functionName: string;
  readonly ids: readonly string[];
  readonly maxMappings: number;
  /** Requests a second on the forward path; the account has 15 for everybody. */
  readonly requestsPerSecond: number;
  /** Guards that the user switched off by name. */
  readonly forced: ReadonlySet<GuardName>;
  readonly warnings: readonly string[];
}

const SPECS = {
  FUNCTION_NAME: str({ desc: "the function's name or ARN", example: 'orders' }),
  EVENT_UUIDS: str({
    desc: 'a comma list of event source mapping UUIDs',
    example: '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11',
  }),
  MAX_MAPPINGS: wholeNumber(
    1,
    'mappings',
  )({ default: 50, desc: 'the most mappings in one run', example: '50' }),
  API_RATE: wholeNumber(
    1,
    'requests a second',
  )({
    default: 5,
    desc: "the run's share of the account's 15 Lambda requests a second",
    example: '5',
  }),
  FORCE: str({ default: '', desc: 'a comma list of guards to skip', example: 'record-age' }),
};

export const TOGGLE_TUNABLES: readonly string[] = Object.keys(SPECS);

/** Reads this fault's own variables; `region` is only compared with the ARNs among them. */
export function readToggleConfig(
  env: Environment,
  region: string | undefined,
): { config?: ToggleConfig; problems: Problem[] } {
  const { values, problems } = readVariables(env, SPECS);
  const functionName = env.FUNCTION_NAME?.trim() ?? '';
  const wrong = functionName === '' ? undefined : functionNameProblem(functionName, region);
  if (wrong !== undefined) problems.push({ subject: 'FUNCTION_NAME', message: wrong });
  const mappings = readMappings(env.EVENT_UUIDS?.trim() ?? '', region);
  const forced = readForce(env.FORCE?.trim() ?? '');
  problems.push(...mappings.problems, ...forced.problems);
  if (values === undefined || problems.length > 0) return { problems };
  const config = {
    functionName,
    ids: mappings.ids,
    maxMappings: values.MAX_MAPPINGS,
    requestsPerSecond: values.API_RATE,
    forced: forced.guards,
    warnings: mappings.warnings,
  };
  return { problems, config };
}

function readMappings(
  text: string,
  region: string | undefined,
): { ids: readonly string[]; warnings: readonly string[]; problems: Problem[] } {
  // Missing altogether is reported as such, not as an empty item.
  if (text === '') return { ids: [], warnings: [], problems: [] };
  const { ids, warnings, problems } = parseMappingIds(text, region);
  return { ids, warnings, problems: problems.map((message) => ({ subject: 'EVENT_UUIDS', message })) };
}

function readForce(text: string): { guards: Set<GuardName>; problems: Problem[] } {
  const guards = new Set<GuardName>();
  const problems: Problem[] = [];
  for (const item of text === '' ? [] : text.split(',').map((part) => part.trim())) {
    if (Object.hasOwn(GUARDS, item)) guards.add(item as GuardName);
    else {
      const names = Object.keys(GUARDS).join(', ');
      problems.push({
        subject: 'FORCE',
        message: `got ${JSON.stringify(item)}; wanted is a comma list of ${names}, e.g. record-age`,
      });
    }
  }
  return { guards, problems };
}
