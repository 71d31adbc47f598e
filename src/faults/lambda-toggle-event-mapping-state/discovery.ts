import { AwsError } from '../../aws/errors.ts';
import type { CallerIdentity, FunctionInfo, MappingInfo } from '../../aws/gateway.ts';
import { messageOf, type Problem } from '../../runtime/errors.ts';
import type { ForwardControl } from '../../runtime/fault.ts';
import { pauseMs, type ToggleContext } from './context.ts';
import { retryForward } from './forward-retry.ts';
import { membership, parseFunctionRef } from './function-name.ts';
import { unknownMappings } from './missing.ts';
import type { Seen } from './reader.ts';
import { isTransition, situationOf } from './states.ts';

/** What the checks found; everything that is wrong is in `problems`, together. */
export interface Findings {
  readonly caller?: CallerIdentity;
  readonly fn?: FunctionInfo;
  readonly mappings: readonly MappingInfo[];
  readonly problems: Problem[];
  readonly warnings: string[];
}

type Control = Pick<ForwardControl, 'signal' | 'deadline'>;

/** Reads the caller, the function and each mapping. Writes nothing; throws only the signal's reason. */
export async function look(control: Control, context: ToggleContext): Promise<Findings> {
  const problems: Problem[] = [];
  const warnings = [...context.config.warnings];
  const caller = await attempt('the credentials', problems, control, () => askCaller(control, context));
  // Without credentials every other call fails in the same words.
  if (caller === undefined) return { mappings: [], problems, warnings };
  warnings.push(...caller.warnings);
  const fn = await attempt('FUNCTION_NAME', problems, control, () => askFunction(control, context));
  const { ids } = context.config;
  const looks = ids.map((id) => attempt(id, problems, control, () => askMapping(id, control, context)));
  const seen = await Promise.all(looks);
  const mappings = seen.filter((mapping) => typeof mapping === 'object');
  if (fn !== undefined) mappings.forEach((mapping) => checkMapping(mapping, fn, context, problems));
  const missing = ids.filter((_id, index) => seen[index] === 'gone');
  problems.push(...(await unknownMappings(missing, { control, context, listable: fn !== undefined })));
  warnings.push(...qualified(mappings));
  return { caller, mappings, problems, warnings, ...(fn === undefined ? {} : { fn }) };
}

/** A mapping may feed an alias or a version although FUNCTION_NAME has none: it belongs, and is told of. */
const qualified = (mappings: readonly MappingInfo[]): string[] =>
  mappings.flatMap(({ uuid, functionArn }) => {
    const qualifier = parseFunctionRef(functionArn)?.qualifier;
    return qualifier === undefined ? [] : [`${uuid} feeds the qualifier ${qualifier} of the function.`];
  });

async function attempt<T>(
  subject: string,
  problems: Problem[],
  control: Control,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    control.signal.throwIfAborted();
    problems.push({ subject, message: messageOf(error) });
    return undefined;
  }
}

const askCaller = (control: Control, context: ToggleContext): Promise<CallerIdentity> =>
  retryForward(
    'GetCallerIdentity',
    () => context.gateway.callerIdentity({ signal: control.signal }),
    control,
    context,
  );

async function askFunction(control: Control, context: ToggleContext): Promise<FunctionInfo> {
  const { functionName } = context.config;
  const ref = parseFunctionRef(functionName);
  const qualifier = ref?.qualifier;
  const bare = qualifier === undefined ? functionName : functionName.slice(0, -qualifier.length - 1);
  const options = { lane: 'forward', signal: control.signal } as const;
  try {
    return await retryForward(
      'GetFunction',
      () => context.gateway.getFunction(bare, qualifier, options),
      control,
      context,
    );
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind !== 'not-found') throw error;
    throw new Error(
      `the function ${functionName} does not exist in Region ${context.region} for this account (${error.message})`,
      { cause: error },
    );
  }
}

/** A mapping in transition is waited for, within the deadline: it may be on its way to Enabled. */
async function askMapping(id: string, control: Control, context: ToggleContext): Promise<Seen> {
  for (let looks = 0; ; looks += 1) {
    const seen = await retryForward(
      `GetEventSourceMapping ${id}`,
      () => context.reader.read(id, 'forward', control.signal),
      control,
      context,
    );
    if (seen === 'gone' || !isTransition(situationOf(seen.state))) return seen;
    if (control.deadline.passed)
      throw new Error(
        `is still ${seen.state}; wanted is Enabled. Somebody else is changing it: try again when that is over`,
      );
    await context.clock.sleep(
      Math.min(pauseMs(looks, context), control.deadline.remainingMs + 1),
      control.signal,
    );
  }
}

function checkMapping(
  mapping: MappingInfo,
  fn: FunctionInfo,
  context: ToggleContext,
  problems: Problem[],
): void {
  const { uuid, functionArn, state } = mapping;
  const qualifier = parseFunctionRef(context.config.functionName)?.qualifier;
  const belongs = membership(functionArn, fn.arn, qualifier);
  if (belongs === 'other-function') {
    problems.push({
      subject: uuid,
      message: `belongs to ${functionArn} and not to ${context.config.functionName} (${fn.arn})`,
    });
  } else if (belongs === 'other-qualifier') {
    problems.push({
      subject: uuid,
      message: `belongs to ${functionArn}, while FUNCTION_NAME asks for the qualifier ${qualifier ?? ''}; name the function without a qualifier to take any`,
    });
  }
  if (situationOf(state) === 'enabled') return;
  const why = mapping.stateTransitionReason === undefined ? '' : ` (${mapping.stateTransitionReason})`;
  problems.push({
    subject: uuid,
    message: `is ${state}${why} and wanted is Enabled; it was not switched off by this run, so it is left alone`,
  });
}
