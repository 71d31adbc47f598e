import type { MappingInfo } from '../../aws/gateway.ts';
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
      if (isOlder(seen, context))
        return { id, status: 'held', message: `${id} was seen as it had been before` };
      return { id, status: 'released', message: `${id} was enabled by somebody else (${seen.state})` };
    case 'deleting':
      return { id, status: 'gone', message: `${id} is being deleted by somebody else` };
    case 'disabled':
    case 'switching-off':
    case 'updating':
    case 'unknown':
      return stillOff(seen, context);
  }
}

/** An answer from before what we have seen already: nobody has enabled anything. */
function isOlder(seen: MappingInfo, context: ToggleContext): boolean {
  const known = context.baseline.get(seen.uuid)?.lastModifiedMs;
  return known !== undefined && seen.lastModifiedMs !== undefined && seen.lastModifiedMs < known;
}

function stillOff(seen: MappingInfo, context: ToggleContext): Observation {
  const { uuid: id, state, lastModifiedMs } = seen;
  const before = context.baseline.get(id)?.lastModifiedMs;
  context.baseline.set(id, seen);
  const edited = before !== undefined && lastModifiedMs !== undefined && lastModifiedMs > before;
  if (!edited) return { id, status: 'held', message: `${id} is ${state}` };
  return { id, status: 'changed', message: `${id} was changed by somebody else and is still ${state}` };
}

/**
 * The last look of a window, on the way back: tells of an edit that the watch has not seen.
 * Only a mapping that this process has seen Disabled has something to compare with.
 */
export function tellOfEdit(seen: MappingInfo, context: ToggleContext): void {
  const before = context.baseline.get(seen.uuid);
  if (before === undefined || situationOf(before.state) !== 'disabled') return;
  if (!['disabled', 'updating'].includes(situationOf(seen.state))) return;
  const { id: target, status, message } = stillOff(seen, context);
  if (status !== 'changed') return;
  context.emit({ type: 'external-change', target, at: context.clock.now().toISOString(), message });
}
