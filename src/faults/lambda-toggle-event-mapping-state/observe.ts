import type { ForwardControl, Observation } from '../../runtime/fault.ts';
import type { ToggleContext } from './context.ts';
import type { Seen } from './reader.ts';
import { situationOf } from './states.ts';

/** One light look at mappings that should be Disabled. @throws AwsError when Lambda can't be asked. */
export async function observe(
  ids: readonly string[],
  control: Pick<ForwardControl, 'signal' | 'deadline'>,
  context: ToggleContext,
): Promise<Observation[]> {
  return Promise.all(
    ids.map(async (id) => judge(id, await context.reader.read(id, 'forward', control.signal), context)),
  );
}

function judge(id: string, seen: Seen, context: ToggleContext): Observation {
  if (seen === 'gone') return { id, status: 'gone', message: `${id} was deleted by somebody else` };
  switch (situationOf(seen.state)) {
    case 'enabled':
    case 'switching-on':
      return { id, status: 'released', message: `${id} was enabled by somebody else (${seen.state})` };
    case 'deleting':
      return { id, status: 'gone', message: `${id} is being deleted by somebody else` };
    case 'disabled':
    case 'switching-off':
    case 'updating':
    case 'unknown': {
      const before = context.baseline.get(id)?.lastModifiedMs;
      context.baseline.set(id, seen);
      const edited =
        before !== undefined && seen.lastModifiedMs !== undefined && seen.lastModifiedMs > before;
      return edited
        ? { id, status: 'changed', message: `${id} was changed by somebody else and is still ${seen.state}` }
        : { id, status: 'held', message: `${id} is ${seen.state}` };
    }
  }
}
