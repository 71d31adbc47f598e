import { describe, expect, test } from '@jest/globals';
import { GUARDS, readToggleConfig } from '../../../src/faults/lambda-toggle-event-mapping-state/config.ts';

const A = '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11';
const GOOD = { FUNCTION_NAME: 'orders', EVENT_UUIDS: A };
const read = (env: Record<string, string>) => readToggleConfig({ ...GOOD, ...env }, 'eu-west-1');
const problemsOf = (env: Record<string, string>): string[] =>
  read(env).problems.map(({ subject, message }) => `${subject} ${message}`);

describe("the fault's own variables", () => {
  test('are a function and its mappings; the rest has defaults', () => {
    expect(read({})).toEqual({
      problems: [],
      config: {
        functionName: 'orders',
        ids: [A],
        maxMappings: 50,
        requestsPerSecond: 5,
        forced: new Set(),
        warnings: [],
      },
    });
  });

  test('take blanks and empty values for what nobody set', () => {
    const { config } = read({ FUNCTION_NAME: ' orders ', MAX_MAPPINGS: '', API_RATE: ' ', FORCE: '' });
    expect(config).toMatchObject({ functionName: 'orders', maxMappings: 50, requestsPerSecond: 5 });
  });

  test('may name guards to skip', () => {
    expect([...(read({ FORCE: 'record-age, max-mappings' }).config?.forced ?? [])]).toEqual([
      'record-age',
      'max-mappings',
    ]);
    for (const name of Object.keys(GUARDS)) expect(read({ FORCE: name }).problems).toEqual([]);
  });

  test.each([
    'true',
    'yes',
    'record_age',
    'Record-Age',
    'record-age,',
    'all',
    'toString',
    'record-age;max-mappings',
  ])('do not take FORCE=%s for a guard', (value) => {
    const { config, problems } = read({ FORCE: value });
    expect(config).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(
      /^got ".*"; wanted is a comma list of function-state, max-mappings, record-age, starting-position, credentials-expiry, e\.g\. record-age$/,
    );
  });

  test.each(['FUNCTION_NAME', 'EVENT_UUIDS'])('say once that %s is missing', (name) => {
    for (const value of ['', '  ']) {
      const problems = problemsOf({ [name]: value });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name} is required and not set; wanted is .*, e\\.g\\. `));
    }
  });

  test('report everything at once, across all of them', () => {
    const problems = problemsOf({
      FUNCTION_NAME: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
      EVENT_UUIDS: `${A},,a b`,
      MAX_MAPPINGS: '0',
      API_RATE: 'fast',
      FORCE: 'true',
    });
    expect(problems.map((text) => text.split(' ')[0]).sort()).toEqual([
      'API_RATE',
      'EVENT_UUIDS',
      'EVENT_UUIDS',
      'FORCE',
      'FUNCTION_NAME',
      'MAX_MAPPINGS',
    ]);
  });

  test('pass on what was odd about the mappings', () => {
    expect(read({ EVENT_UUIDS: `${A},${A}` }).config?.warnings).toHaveLength(1);
  });
});
