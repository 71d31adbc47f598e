import { expect } from '@jest/globals';
import { template } from './objects.ts';

export const UUID = '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11';
export const TARGET = { region: 'eu-west-1', functionName: 'orders', eventUuids: [UUID] };

/** Values with one engine, with one variable, with one tunable. */
export const engine = (fields: object): object => ({ target: TARGET, engines: { orders: fields } });
export const variable = (fields: object): object => ({ env: [fields] });
export const tunable = (name: string, value: unknown): object => ({ experiment: { env: { [name]: value } } });

/** What helm says about values that it refuses. */
export async function refusal(json: object): Promise<string> {
  const { code, stderr } = await template({ json });
  expect([code, json]).toEqual([1, json]);
  return stderr;
}
