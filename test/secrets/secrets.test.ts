import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startLambda } from '../../demo/lambda/server.ts';
import { PLANTED_SECRETS, SPOOL } from '../support/product/spool.ts';

/** Runs after all other tests: everything that the product printed or recorded in them is in the spool. */
describe('what the product printed and recorded in all the tests before', () => {
  const files = existsSync(SPOOL) ? readdirSync(SPOOL).map((name) => join(SPOOL, name)) : [];
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');

  test('is here to be searched', () => {
    expect(text.length).toBeGreaterThan(100_000);
    expect(text).toContain('"event":"outcome"');
    expect(text).toContain('chaosresults');
  });

  test('holds no credential that the tests planted', () => {
    for (const secret of PLANTED_SECRETS) expect(text.split(secret)).toHaveLength(1);
  });

  test("holds neither the function's code location nor a value of its environment", async () => {
    const lambda = await startLambda();
    lambda.addFunction({ name: 'orders' });
    const { secrets } = lambda;
    await lambda.close();
    expect(secrets.length).toBeGreaterThan(1);
    for (const secret of secrets) expect(text.split(secret)).toHaveLength(1);
    expect(text).not.toContain('X-Amz-Signature');
  });
});
