import { messageOf, type Problem } from '../../runtime/errors.ts';
import type { ForwardControl } from '../../runtime/fault.ts';
import type { ToggleContext } from './context.ts';

interface Missing {
  readonly control: Pick<ForwardControl, 'signal' | 'deadline'>;
  readonly context: ToggleContext;
  readonly listable: boolean;
}

/** A problem for each mapping that does not exist, with those that the function does have. */
export async function unknownMappings(
  ids: readonly string[],
  { control, context, listable }: Missing,
): Promise<Problem[]> {
  if (ids.length === 0) return [];
  const has = listable ? ` ${await hint(control, context)}` : '';
  const message = `no such event source mapping in Region ${context.region} for this account; check the UUID and REGION.${has}`;
  return ids.map((subject) => ({ subject, message }));
}

/** What the function does have, for somebody who mistyped a UUID. */
async function hint(control: Missing['control'], context: ToggleContext): Promise<string> {
  try {
    const name = context.config.functionName;
    const page = await context.gateway.listMappings(name, undefined, {
      lane: 'forward',
      signal: control.signal,
    });
    const has = page.mappings.map(
      (mapping) => `${mapping.uuid} (${mapping.sourceType} ${mapping.sourceName}, ${mapping.state})`,
    );
    return has.length === 0
      ? `${name} has no event source mappings.`
      : `${name} has these event source mappings: ${has.join(', ')}.`;
  } catch (error) {
    control.signal.throwIfAborted();
    return `The function's mappings could not be listed: ${messageOf(error)}`;
  }
}
