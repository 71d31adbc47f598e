import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/litmus/probes/judgement.ts';
import { send } from '../../src/litmus/probes/types/http-client.ts';
import { attemptHttp } from '../../src/litmus/probes/types/http.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import { reply, selfSigned, Web } from '../support/web/web.ts';
import { entry, usable } from '../unit/probes/pieces.ts';

const SECRET = 'super-secret-header-value';

describe('an httpProbe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'probe-http-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  let web: Web;
  let other: Web;

  beforeAll(async () => {
    other = await Web.open((_request, response) => reply(response, 200, 'elsewhere'));
    web = await Web.open(({ path }, response) => {
      const [, what = '', argument = ''] = path.replace(/\?.*/, '').split('/');
      if (what === 'status') reply(response, Number(argument), 'x');
      else if (what === 'reset') response.destroy();
      else if (what === 'half')
        response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
      else if (what === 'loop') response.writeHead(302, { location: '/loop' }).end();
      else if (what === 'away') response.writeHead(302, { location: `${other.url}/landed` }).end();
      else if (what === 'near') response.writeHead(Number(argument), { location: '/status/200' }).end();
      else if (what !== 'hang') reply(response, 200);
    });
  });
  afterAll(async () => {
    await Promise.all([web.close(), other.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function attempt(
    inputs: object,
    env: Environment = {},
    signal = AbortSignal.timeout(10_000),
  ): Promise<Finding> {
    const [probe] = usable(entry('orders-api', 'SOT', {}, { 'httpProbe/inputs': inputs }));
    if (probe?.type !== 'httpProbe') throw new Error('no httpProbe');
    return attemptHttp(probe, env, signal);
  }
  const get = (path: string, criteria = '==', responseCode = '200', more: object = {}): object => ({
    url: path.startsWith('http') ? path : `${web.url}${path}`,
    method: { get: { criteria, responseCode } },
    ...more,
  });

  test.each([
    ['200 where 200 is expected', '/status/200', '==', '200', 'passed'],
    ['500 where 200 is expected', '/status/500', '==', '200', 'failed'],
    ['404 in a list', '/status/404', 'oneOf', '[400, 404]', 'passed'],
    ['503 in a range', '/status/503', 'between', '500,599', 'passed'],
    ['301 to where it is 200', '/near/301', '==', '200', 'passed'],
    ['a redirect that never ends', '/loop', '==', '200', 'failed'],
    ['a connection that is reset', '/reset', '==', '200', 'failed'],
    ['an answer that breaks off, for its status is what counts', '/half', '==', '200', 'passed'],
    ['nobody there', 'http://127.0.0.1:1/', '==', '200', 'failed'],
    ['a name that does not exist', 'http://orders.invalid/', '==', '200', 'failed'],
  ])('of %s', async (_what, ...[path, criteria, code, kind]) => {
    const finding = await attempt(get(path, criteria, code));
    expect(finding).toEqual({ kind, description: expect.stringMatching(/^GET http/) });
  });

  test('says what was asked, what came and what is expected', async () => {
    expect((await attempt(get('/status/500'))).description).toBe(
      `GET ${web.url}/status/500 answered 500; expected is == 200`,
    );
  });

  test.each([
    ['a body', { body: '{"id":1}' }],
    ['a body in a file', { bodyPath: file('body.json', '{"id":1}') }],
  ])('sends a POST with %s, and its type', async (_what, body) => {
    const post = { criteria: '==', responseCode: '200', contentType: 'application/json', ...body };
    expect((await attempt({ url: `${web.url}/post`, method: { post } })).kind).toBe('passed');
    expect(web.requests.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"id":1}',
      headers: { 'content-type': 'application/json' },
    });
  });

  test.each([
    ['301', 'GET', ''],
    ['303', 'GET', ''],
    ['307', 'POST', 'x'],
    ['308', 'POST', 'x'],
  ])('after a POST follows %s with %s', async (code, method, body) => {
    const post = { criteria: '==', responseCode: '200', body: 'x' };
    expect((await attempt({ url: `${web.url}/near/${code}`, method: { post } })).kind).toBe('passed');
    expect(web.requests.at(-1)).toMatchObject({ path: '/status/200', method, body });
  });

  test('ends with its signal, although no answer has come', async () => {
    const began = performance.now();
    const finding = attempt(get('/hang'), {}, AbortSignal.timeout(200));
    await expect(finding).rejects.toThrow(/timeout/);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('sends the headers of its mounted file, and those of no other probe', async () => {
    const own = file('own', `Authorization: Bearer ${SECRET}\n\nX-Team: orders\n`);
    const env = {
      HTTP_PROBE_HEADERS_FILE_ORDERS_API: own,
      HTTP_PROBE_HEADERS_FILE_BILLING: file('billing', 'X-Team: billing'),
      HTTP_PROBE_HEADERS_FILE: file('all', 'X-Team: all'),
    };
    const finding = await attempt(get('/status/200'), env);
    expect(web.requests.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      'x-team': 'orders',
    });
    expect(JSON.stringify(finding)).not.toContain(SECRET);
  });

  test('does not hand its headers to another host that it is sent on to', async () => {
    const env = { HTTP_PROBE_HEADERS_FILE: file('key', `X-Api-Key: ${SECRET}`) };
    expect((await attempt(get('/away'), env)).kind).toBe('passed');
    expect(web.requests.at(-1)?.headers).toHaveProperty('x-api-key');
    expect(other.requests.at(-1)?.headers).not.toHaveProperty('x-api-key');
  });

  test('can not be evaluated with a broken file of headers, and does not show what is in it', async () => {
    const env = { HTTP_PROBE_HEADERS_FILE: file('broken', SECRET) };
    await expect(attempt(get('/status/200'), env)).rejects.toThrow(/line 1 of .* is no header/);
    await expect(attempt(get('/status/200'), env)).rejects.not.toThrow(SECRET);
    const spaced = { HTTP_PROBE_HEADERS_FILE: file('spaced', `my ${SECRET}: x`) };
    await expect(attempt(get('/status/200'), spaced)).rejects.toThrow(/line 1 of .* is no header/);
    await expect(attempt(get('/status/200'), spaced)).rejects.not.toThrow(SECRET);
    await expect(attempt(get('/'), { HTTP_PROBE_CA_FILE: '/nowhere' })).rejects.toThrow(/ENOENT/);
  });

  test('shows no password of a URL', async () => {
    const url = `${web.url}/status/500`.replace('://', `://user:${SECRET}@`);
    const { description } = await attempt(get(url));
    expect(description).toContain('***@');
    expect(description).not.toContain(SECRET);
  });

  test('shows no value of a query, which may be a token', async () => {
    const { description } = await attempt(get(`/status/500?token=${SECRET}`));
    expect(description).toContain(`${web.url}/status/500?… answered 500`);
  });

  test('shows nothing of a URL that a register has spoilt', async () => {
    const [probe] = usable(entry('a', 'SOT', {}, { 'httpProbe/inputs': get('/status/200') }));
    if (probe?.type !== 'httpProbe') throw new Error('no httpProbe');
    const spoilt = { ...probe, inputs: { ...probe.inputs, url: `http://user:${SECRET}@[` } };
    const finding = await attemptHttp(spoilt, {}, AbortSignal.timeout(1_000));
    expect(finding.kind).toBe('unclear');
    expect(finding.description).not.toContain(SECRET);
  });

  test('does not send the credentials of a request to where it is sent on to', async () => {
    const headers = { authorization: `Bearer ${SECRET}` };
    const signal = AbortSignal.timeout(5_000);
    await send({ url: `${web.url}/away`, method: 'GET', headers }, { insecureSkipVerify: false }, {}, signal);
    expect(web.requests.at(-1)?.headers).toMatchObject(headers);
    expect(other.requests.at(-1)?.headers).not.toHaveProperty('authorization');
    await send(
      { url: `${web.url}/near/301`, method: 'GET', headers },
      { insecureSkipVerify: false },
      {},
      signal,
    );
    expect(web.requests.at(-1)).toMatchObject({ path: '/status/200', headers });
  });

  test('goes through the proxy that the environment names', async () => {
    const finding = await attempt(get('http://orders.invalid/status/200'), { http_proxy: web.url });
    expect(finding.kind).toBe('passed');
    expect(web.requests.at(-1)?.path).toBe('http://orders.invalid/status/200');
    expect((await attempt(get('/status/200'), { http_proxy: 'http://127.0.0.1:1' })).kind).toBe('passed');
  });

  describe('over TLS', () => {
    const certificate = selfSigned();
    let secure: Web;
    beforeAll(async () => {
      secure = await Web.open((_request, response) => reply(response, 200), certificate);
    });
    afterAll(() => secure.close());

    test('fails where the certificate is not trusted, and says so', async () => {
      expect(await attempt(get(secure.url))).toEqual({
        kind: 'failed',
        description: expect.stringMatching(/certificate/),
      });
    });

    test.each([
      ['insecureSkipVerify', { insecureSkipVerify: true }, {}],
      ['the CA in a mounted file', {}, { HTTP_PROBE_CA_FILE: file('ca.pem', certificate.cert) }],
    ])('passes with %s', async (_what, more, env) => {
      expect((await attempt(get(secure.url, '==', '200', more), env)).kind).toBe('passed');
    });
  });
});
