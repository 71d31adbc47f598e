import { describe, expect, test } from '@jest/globals';
import { engine, refusal, variable } from '../support/chart/values.ts';

const REVERT_TIMEOUT = { name: 'REVERT_TIMEOUT', value: '1200' };

describe('REVERT_TIMEOUT, from which grace periods and deadlines are computed,', () => {
  test.each([
    ['env', '/env/0/name', variable(REVERT_TIMEOUT)],
    ["an engine's env", '/engines/orders/env/0/name', engine({ env: [REVERT_TIMEOUT] })],
  ])('is refused in %s, with the value that it has', async (_what, path, json) => {
    expect(await refusal(json)).toContain(
      `'${path}': value must be 'another name: REVERT_TIMEOUT is experiment.env.REVERT_TIMEOUT, one for all`,
    );
  });
});
