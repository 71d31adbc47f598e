import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, jest, test } from '@jest/globals';
import { lambdaApiContract } from '../contract/lambda-api.suite.ts';
import { DEVIATIONS } from './deviations.ts';
import { MiniStack } from './process.ts';
import { makeMiniStackWorld } from './world.ts';

const venv = resolve(process.env['MINISTACK_VENV'] ?? '.work/ministack');
const installed = existsSync(join(venv, 'bin', 'ministack'));
const required = process.env['REQUIRE_MINISTACK'] === '1';

if (installed) {
  jest.setTimeout(60_000);
  let stack: MiniStack | undefined;
  beforeAll(async () => {
    stack = await MiniStack.start(venv);
  }, 90_000);
  afterAll(() => stack?.stop());
  lambdaApiContract({
    name: 'MiniStack',
    deviations: DEVIATIONS,
    makeWorld: () => makeMiniStackWorld(stack?.url ?? ''),
  });
} else {
  const reason = `no MiniStack in ${venv}: run test/ministack/install.sh DIR and set MINISTACK_VENV=DIR`;
  describe('the Lambda API of MiniStack', () => {
    if (required) {
      test('is there, because REQUIRE_MINISTACK=1', () => {
        throw new Error(reason);
      });
    } else {
      process.stderr.write(`\nSKIPPED: the Lambda contract against MiniStack: ${reason}\n\n`);
      test.skip(`SKIPPED: ${reason}`, () => undefined);
    }
  });
}
