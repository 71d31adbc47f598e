import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/litmus/probes/judgement.ts';
import { attemptPrometheus, unescaped } from '../../src/litmus/probes/types/prometheus.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import { reply, Web } from '../support/web/web.ts';
import { entry, usable } from '../unit/probes/pieces.ts';

const vector = (...values: string[]): object => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map((value) => ({ metric: { a: 'x,y' }, value: [1, value] })),
  },
});

describe('a promProbe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'probe-prom-'));
  let answer: { status: number; body: unknown } = { status: 200, body: '' };
  let web: Web;

  beforeAll(async () => {
    web = await Web.open((_request, response) => reply(response, answer.status, answer.body));
  });
  afterAll(async () => {
    await web.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function attempt(inputs: object, env: Environment = {}): Promise<Finding> {
    const promProbe = {
      type: 'promProbe',
      'promProbe/inputs': { endpoint: web.url, comparator: { criteria: '>=', value: '10' }, ...inputs },
    };
    const [probe] = usable(entry('depth', 'SOT', {}, promProbe));
    if (probe?.type !== 'promProbe') throw new Error('no promProbe');
    return attemptPrometheus(probe, env, AbortSignal.timeout(10_000));
  }
  const asked = (): URLSearchParams => new URL(web.requests.at(-1)?.path ?? '', web.url).searchParams;

  test.each([
    ['one series', vector('12'), 'passed', /^sum\(q\) is 12; expected is >= 10$/],
    ['one series with a value that is too small', vector('3'), 'failed', /is 3; expected/],
    [
      'a scalar',
      { status: 'success', data: { resultType: 'scalar', result: [1, '10'] } },
      'passed',
      /is 10;/,
    ],
    ['no series', vector(), 'unclear', /gives 0 series; wanted is one/],
    ['two series', vector('1', '2'), 'unclear', /gives 2 series/],
    ['not a number', vector('NaN'), 'failed', /is NaN/],
    ['infinity', vector('+Inf'), 'passed', /is \+Inf/],
    [
      'a range',
      { status: 'success', data: { resultType: 'matrix', result: [] } },
      'unclear',
      /gives a matrix/,
    ],
    [
      'a text',
      { status: 'success', data: { resultType: 'string', result: [1, 'x'] } },
      'unclear',
      /gives a string/,
    ],
    ['a page of a proxy', '<html>login</html>', 'unclear', /answered 200: <html>login/],
  ])('of %s', async (_what, body, kind, why) => {
    answer = { status: 200, body };
    expect(await attempt({ query: 'sum(q)' })).toEqual({ kind, description: expect.stringMatching(why) });
  });

  test('of a query that Prometheus refuses says what it says', async () => {
    answer = {
      status: 400,
      body: { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected )' },
    };
    expect(await attempt({ query: 'sum(' })).toEqual({
      kind: 'unclear',
      description: expect.stringContaining('400: parse error: unexpected )'),
    });
  });

  test('of a server that is not there can not be evaluated', async () => {
    expect((await attempt({ query: 'up', endpoint: 'http://127.0.0.1:1' })).kind).toBe('unclear');
  });

  test('asks below the path of its endpoint, with the query of its manifest or of its file', async () => {
    answer = { status: 200, body: vector('12') };
    await attempt({ query: 'up{job=\\"a\\"}', endpoint: `${web.url}/prometheus/` });
    expect(web.requests.at(-1)?.path).toMatch(/^\/prometheus\/api\/v1\/query\?/);
    expect(asked().get('query')).toBe('up{job="a"}');
    const queryPath = join(folder, 'query');
    writeFileSync(queryPath, 'sum(rate(x{job="a\\\\.b"}[1m]))\n');
    await attempt({ queryPath });
    expect(asked().get('query')).toBe('sum(rate(x{job="a\\\\.b"}[1m]))');
  });

  test('shows the credentials that promql-cli would show', async () => {
    answer = { status: 200, body: vector('12') };
    const authorization = (): unknown => web.requests.at(-1)?.headers.authorization;
    await attempt({ query: 'up' });
    expect(authorization()).toBeUndefined();
    await attempt({ query: 'up' }, { PROMQL_AUTH_CREDENTIALS: 'token-1' });
    expect(authorization()).toBe('Bearer token-1');
    const path = join(folder, 'credentials');
    writeFileSync(path, 'dXNlcjpwYXNz\n');
    await attempt({ query: 'up' }, { PROMQL_AUTH_TYPE: 'Basic', PROMQL_AUTH_CREDENTIALS_FILE: path });
    expect(authorization()).toBe('Basic dXNlcjpwYXNz');
  });

  test.each([
    ['up{job=\\"a\\"}', 'up{job="a"}'],
    ['up{job=~\\"a\\\\.b\\"}', 'up{job=~"a\\.b"}'],
    ['up{job="a\\\\.b"}', 'up{job="a\\\\.b"}'],
    ['up{job="say \\"a\\""}', 'up{job="say \\"a\\""}'],
    ['sum(up)', 'sum(up)'],
  ])('takes %j for %j', (query, result) => {
    expect(unescaped(query)).toBe(result);
  });
});
