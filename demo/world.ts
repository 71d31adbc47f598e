import { DEMO_WORLD } from './lambda/demo-world.ts';
import type { MappingSpec } from './lambda/model/world.ts';

/** The function whose mappings are switched off. */
export const FUNCTION_NAME = 'order-processor';
export const REGION = 'us-east-1';

/** The UUIDs that the run names. */
export const TARGETS: readonly string[] = (DEMO_WORLD.mappings ?? []).flatMap(({ uuid, functionName }) =>
  uuid !== undefined && functionName === FUNCTION_NAME ? [uuid] : [],
);

/** A mapping that the run does not name and that must end as it began. */
export interface Bystander {
  readonly why: string;
  readonly spec: MappingSpec & { readonly uuid: string };
}

const OTHER_FUNCTION = 'invoice-mailer';

export const BYSTANDERS: readonly Bystander[] = [
  {
    why: 'was off before, by its owner',
    spec: {
      uuid: '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a04',
      functionName: FUNCTION_NAME,
      source: 'dynamodb',
      sourceName: 'returns',
      state: 'Disabled',
    },
  },
  {
    why: "is another function's",
    spec: {
      uuid: '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a05',
      functionName: OTHER_FUNCTION,
      source: 'sqs',
      sourceName: 'invoices',
      arrivalPerSecond: 9,
      drainPerSecond: 60,
    },
  },
];

/** Adds through the stand-in's admin side what the run must leave alone. */
export async function addBystanders(post: (path: string, body: object) => Promise<void>): Promise<void> {
  await post('functions', { name: OTHER_FUNCTION });
  for (const { spec } of BYSTANDERS) await post('mappings', spec);
}
