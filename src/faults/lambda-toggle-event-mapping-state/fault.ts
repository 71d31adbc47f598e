import type { Fault } from '../../runtime/fault.ts';
import type { ToggleConfig } from './config.ts';
import { confirmDisabled } from './confirm.ts';
import { createContext, type ToggleDeps } from './context.ts';
import { look } from './discovery.ts';
import { parseFunctionRef } from './function-name.ts';
import { guard } from './guards.ts';
import { inject, recheck } from './inject.ts';
import { observe } from './observe.ts';
import { describePlan, undoCommand } from './plan.ts';
import { revertAll } from './revert.ts';

export const FAULT_NAME = 'lambda-toggle-event-mapping-state';
export const TARGET_KIND = 'lambda-event-source-mapping';

/** Disables the event source mappings of one Lambda function for a while and enables them again. */
export function createToggleFault(config: ToggleConfig, deps: ToggleDeps): Fault {
  const context = createContext(config, deps);
  return {
    name: FAULT_NAME,
    targetKind: TARGET_KIND,
    noun: 'event source mapping',
    async discover(control) {
      const found = await look(control, context);
      if (found.fn !== undefined) context.reader.expectAccount(parseFunctionRef(found.fn.arn)?.account);
      const guarded = guard(found, context);
      for (const mapping of found.mappings) context.baseline.set(mapping.uuid, mapping);
      const problems = [...found.problems, ...guarded.problems];
      if (problems.length === 0) await context.reader.proveList(config.functionName, config.ids, 'forward');
      return describePlan(
        { ...found, problems, warnings: [...found.warnings, ...guarded.warnings] },
        context,
      );
    },
    recheck: (ids, control) => recheck(ids, control, context),
    inject: (ids, control) => inject(ids, control, context),
    confirm: (ids, control) => confirmDisabled(ids, control, context),
    observe: (ids, control) => observe(ids, control, context),
    revert: (targets, control) => revertAll(targets, control, context),
    undoCommand: (id) => undoCommand(id, deps.region),
  };
}
