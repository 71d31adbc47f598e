import type { FaultDefinition } from './definition.ts';
import { lambdaToggleEventMappingState } from './lambda-toggle-event-mapping-state/definition.ts';

/** Every fault of the product: the only list. */
export const FAULTS: readonly FaultDefinition[] = [lambdaToggleEventMappingState];
