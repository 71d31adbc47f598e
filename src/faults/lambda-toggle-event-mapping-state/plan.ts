import type { Plan } from '../../runtime/fault.ts';
import { planHolds } from '../../runtime/schedule.ts';
import type { ToggleContext } from './context.ts';
import type { Findings } from './discovery.ts';

/** The command that enables one mapping by hand, whatever has become of this program. */
export const undoCommand = (id: string, region: string): string =>
  `aws lambda update-event-source-mapping --region ${region} --uuid ${id} --enabled`;

/** The findings as the plan that a person reads before the first write. */
export function describePlan(found: Findings, context: ToggleContext): Plan {
  const { region } = context;
  const { caller, fn, mappings } = found;
  return {
    targets: mappings.map((mapping) => ({
      id: mapping.uuid,
      before: mapping.state,
      label: `${mapping.sourceType} ${mapping.sourceName}`,
    })),
    problems: found.problems,
    warnings: found.warnings,
    identity: caller === undefined ? 'unknown' : `${caller.arn} (${caller.source})`,
    undo: Object.fromEntries(mappings.map(({ uuid }) => [uuid, undoCommand(uuid, region)])),
    context: { region, functionArn: fn?.arn ?? context.config.functionName },
    table: mappings.map((mapping) => ({
      mapping: mapping.uuid,
      source: `${mapping.sourceType} ${mapping.sourceName}`,
      state: mapping.state,
      'batch size': mapping.batchSize === undefined ? '-' : String(mapping.batchSize),
      'last result': mapping.lastProcessingResult ?? '-',
    })),
    calls: plannedCalls(context),
  };
}

function plannedCalls({ config, schedule }: ToggleContext): Plan['calls'] {
  const writes = config.ids.length * planHolds(schedule).length * 2;
  return [
    { call: 'sts:GetCallerIdentity', permission: 'none', times: '1' },
    { call: 'lambda:GetFunction', permission: 'lambda:GetFunction on the function', times: '1' },
    {
      call: 'lambda:GetEventSourceMapping',
      permission: 'lambda:GetEventSourceMapping on each mapping',
      times: 'polled',
    },
    {
      call: 'lambda:UpdateEventSourceMapping',
      permission: 'lambda:UpdateEventSourceMapping on each mapping',
      times: String(writes),
    },
    {
      call: 'lambda:ListEventSourceMappings',
      permission: 'lambda:ListEventSourceMappings on * (optional)',
      times: config.ids.length > 10 ? 'polled' : 'for hints',
    },
  ];
}
