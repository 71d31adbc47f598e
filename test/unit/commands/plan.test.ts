import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLambda, type LambdaStandIn } from '../../../demo/lambda/server.ts';
import { planCommand } from '../../../src/commands/plan.ts';
import { systemClock } from '../../../src/runtime/clock.ts';

const A = '00000000-0000-4000-8000-00000000000a';
const OFF = '00000000-0000-4000-8000-00000000000f';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAPLAN', AWS_SECRET_ACCESS_KEY: 'plan' };

let lambda: LambdaStandIn;
beforeAll(async () => {
  Object.assign(process.env, KEYS);
  lambda = await startLambda({ rateLimit: false });
  lambda.addFunction({ name: 'orders' });
  lambda.addMapping({ uuid: A, functionName: 'orders', source: 'kinesis', lastProcessingResult: 'OK' });
  lambda.addMapping({ uuid: OFF, functionName: 'orders', source: 'sqs', state: 'Disabled' });
});
afterAll(async () => {
  for (const name of Object.keys(KEYS)) Reflect.deleteProperty(process.env, name);
  await lambda.close();
});

async function plan(env: Record<string, string>) {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const code = await planCommand({
    env: { REGION: 'us-east-1', FUNCTION_NAME: 'orders', AWS_ENDPOINT_URL: lambda.url, ...KEYS, ...env },
    stdout: stdout as unknown as NodeJS.WriteStream,
    clock: systemClock,
    abort: { signal: new AbortController().signal, abort: () => undefined, attach: () => undefined },
  });
  return { code, text, sections: text.trim().split('\n\n') };
}

describe('the plan', () => {
  test('shows caller, mappings, schedule, calls and the way back, and that nothing was changed', async () => {
    const { code, text, sections } = await plan({
      ...{ EVENT_UUIDS: A, TOTAL_CHAOS_DURATION: '70', CHAOS_INTERVAL: '30' },
      ...{ RAMP_TIME: '5', SETTLE_TIME: '2', SEQUENCE: 'serial' },
    });
    expect(code).toBe(0);
    expect(text).toContain(`Caller: arn:`);
    expect(text).toMatch(
      new RegExp(`Event source mappings:\\n  mapping +source .*\\n  ${A} +kinesis .* Enabled .* OK`),
    );
    expect(sections).toContain(
      'Schedule: serial, 3 cycle(s) of 30 s + 30 s + 10 s Disabled, settle 2 s after Disabled, ramp 5 s before and after',
    );
    expect(text).toMatch(
      /lambda:UpdateEventSourceMapping +6 +lambda:UpdateEventSourceMapping on each mapping/,
    );
    expect(sections).toContain(
      `Undo by hand, should everything die:\n  aws lambda update-event-source-mapping --region us-east-1 --uuid ${A} --enabled`,
    );
    expect(sections.at(-1)).toBe('Nothing was changed. A run would start.');
    expect(lambda.writes).toEqual([]);
  });

  test('shows what a run would refuse, and does not say that it would start', async () => {
    const { code, sections } = await plan({ EVENT_UUIDS: `${A},${OFF}` });
    expect(code).toBe(2);
    expect(sections.find((section) => section.startsWith('A run would refuse to start'))).toMatch(
      new RegExp(`^A run would refuse to start:\\n  ${OFF}: is Disabled.* wanted is Enabled`),
    );
    expect(sections).toContain('Schedule: parallel, 1 cycle(s) of 30 s Disabled');
    expect(sections.at(-1)).toBe('Nothing was changed.');
    expect(lambda.writes).toEqual([]);
  });
});
