import type { WorldSpec } from './model/cloud.ts';

/** An order service with three kinds of source under load: what the demo shows. */
export const DEMO_WORLD: WorldSpec = {
  functions: [{ name: 'order-processor', versions: ['1', '2'], aliases: { live: '2' } }],
  mappings: [
    {
      uuid: '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a01',
      functionName: 'order-processor',
      source: 'sqs',
      sourceName: 'orders',
      arrivalPerSecond: 14,
      drainPerSecond: 90,
      disablingLagMs: 1500,
      enablingLagMs: 1200,
      pollStopLagMs: 400,
    },
    {
      uuid: '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a02',
      functionName: 'order-processor',
      source: 'kinesis',
      sourceName: 'clickstream',
      arrivalPerSecond: 40,
      drainPerSecond: 220,
      disablingLagMs: 3000,
      enablingLagMs: 2500,
      pollStopLagMs: 800,
    },
    {
      uuid: '0a1f4c52-6d3e-4b7a-9c10-5e8d2f7b6a03',
      functionName: 'order-processor',
      source: 'kafka',
      sourceName: 'payments',
      arrivalPerSecond: 6,
      drainPerSecond: 50,
      disablingLagMs: 2200,
      enablingLagMs: 2000,
    },
  ],
};
