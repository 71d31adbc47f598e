import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AwsErrorKind } from '../../src/aws/errors.ts';
import type { CallOptions } from '../../src/aws/gateway.ts';
import { openSession, setProcessEnv, type OpenSession } from '../support/aws-session/open-session.ts';
import {
  FUNCTION_ARN,
  mappingJson,
  ok,
  refused,
  startScriptedLambda,
  UUID,
  type Script,
  type ScriptedLambda,
} from '../support/scripted-lambda/scripted-lambda.ts';

const run = promisify(execFile);
const FORWARD: CallOptions = { lane: 'forward' };
const QUICK = { connectMs: 150, requestMs: 150, callMs: 1_000 };
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET_KEY };

let lambda: ScriptedLambda;
let open: OpenSession;
let restore: () => void;

beforeEach(async () => {
  restore = setProcessEnv({ ...KEYS, AWS_SESSION_TOKEN: undefined, AWS_PROFILE: undefined });
  lambda = await startScriptedLambda();
  open = openSession({ env: KEYS, lambdaUrl: lambda.url, timeouts: QUICK });
});
afterEach(async () => {
  open.session.close();
  await lambda.close();
  restore();
});

describe('what goes over the wire', () => {
  test.each([true, false])('setEnabled(%s) puts that and nothing else', async (enabled) => {
    lambda.answer(ok(mappingJson({ State: enabled ? 'Enabling' : 'Disabling' }), 202));
    const info = await open.gateway.setEnabled(UUID, enabled, FORWARD);
    const [request] = lambda.requests;
    expect(request).toMatchObject({ method: 'PUT', path: `/2015-03-31/event-source-mappings/${UUID}` });
    expect(request?.body).toBe(`{"Enabled":${enabled}}`);
    expect(info.state).toBe(enabled ? 'Enabling' : 'Disabling');
  });

  test('is signed for REGION and names the experiment in the user agent', async () => {
    lambda.answer(ok(mappingJson()));
    await open.gateway.getMapping(UUID, FORWARD);
    const [request] = lambda.requests;
    expect(request).toMatchObject({ region: 'eu-west-1', accessKeyId: KEYS.AWS_ACCESS_KEY_ID });
    expect(request?.headers['user-agent']).toContain('litmus/lambda-toggle-event-mapping-state');
  });

  test('a mapping comes back with the fields that are kept', async () => {
    lambda.answer(ok(mappingJson()));
    expect(await open.gateway.getMapping(UUID, FORWARD)).toEqual({
      uuid: UUID,
      functionArn: FUNCTION_ARN,
      state: 'Enabled',
      stateTransitionReason: 'USER_INITIATED',
      lastModifiedMs: 1_700_000_000_250,
      sourceType: 'sqs',
      sourceName: 'orders',
      batchSize: 10,
    });
  });

  test('GetFunction gets the qualifier apart and leaves code and environment behind', async () => {
    const Configuration = {
      FunctionArn: FUNCTION_ARN,
      State: 'Active',
      Environment: { Variables: { P: 'planted' } },
    };
    lambda.answer(ok({ Configuration, Code: { Location: 'https://planted' } }));
    const info = await open.gateway.getFunction(FUNCTION_ARN, 'PROD', FORWARD);
    expect(lambda.requests[0]?.path).toBe(
      `/2015-03-31/functions/${encodeURIComponent(FUNCTION_ARN)}?Qualifier=PROD`,
    );
    expect(info).toEqual({ arn: FUNCTION_ARN, state: 'Active' });
    expect(JSON.stringify(open.events)).not.toContain('planted');
  });

  test('List hands pages and markers through', async () => {
    lambda.answer(
      ok({ EventSourceMappings: [mappingJson()], NextMarker: 'm/2=' }),
      ok({ EventSourceMappings: [] }),
    );
    const first = await open.gateway.listMappings('orders', undefined, FORWARD);
    expect(first).toMatchObject({ nextMarker: 'm/2=', mappings: [{ uuid: UUID }] });
    expect(await open.gateway.listMappings('orders', first.nextMarker, FORWARD)).toEqual({ mappings: [] });
    expect(lambda.requests[1]?.path).toContain('Marker=m%2F2%3D');
  });

  test.each(['', ' ', '../functions/orders', `${UUID}/`, '?', 'a', 'x'.repeat(64)])(
    'a mapping named %j is never asked for, nor written',
    async (uuid) => {
      const refusal = { kind: 'invalid', mayHaveHappened: false };
      await expect(open.gateway.getMapping(uuid, FORWARD)).rejects.toMatchObject(refusal);
      await expect(open.gateway.setEnabled(uuid, true, FORWARD)).rejects.toMatchObject(refusal);
      expect(lambda.requests).toEqual([]);
    },
  );

  test('an empty function name never becomes a list of everything', async () => {
    await expect(open.gateway.listMappings('', undefined, FORWARD)).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(open.gateway.getFunction(' ', undefined, FORWARD)).rejects.toMatchObject({
      kind: 'invalid',
    });
    expect(lambda.requests).toEqual([]);
  });

  test('an answer about another mapping is not believed', async () => {
    lambda.answer(ok(mappingJson({ UUID: UUID.replace('14e0', '99e0') })), ok({ EventSourceMappings: [] }));
    const garbled = { kind: 'unavailable', mayHaveHappened: true };
    await expect(open.gateway.setEnabled(UUID, false, FORWARD)).rejects.toMatchObject(garbled);
    await expect(open.gateway.getMapping(UUID, FORWARD)).rejects.toMatchObject(garbled);
  });
});

const html = (status: number): Script => ({
  status,
  headers: { 'content-type': 'text/html', 'x-amzn-requestid': '' },
  body: '<html>Bad Gateway</html>',
});

type Row = readonly [string, Script, AwsErrorKind, Readonly<Record<string, unknown>>];

const FAILURES: readonly Row[] = [
  [
    'a transition',
    refused(400, 'ResourceInUseException', 'in use'),
    'busy',
    { status: 400, requestId: 'req-1' },
  ],
  [
    'a name with a suffix',
    refused(409, 'ResourceConflictException:http://internal/', 'busy'),
    'busy',
    { status: 409 },
  ],
  [
    'a throttle',
    refused(429, 'TooManyRequestsException', 'slow', { 'retry-after': '3' }),
    'throttled',
    { retryAfterMs: 3000 },
  ],
  [
    'an error in lower case',
    { status: 400, body: '{"__type":"ResourceInUseException","message":"m"}' },
    'busy',
    {},
  ],
  ['an internal error', refused(500, 'ServiceException', 'oops'), 'unavailable', { mayHaveHappened: true }],
  ['an html 502', html(502), 'unavailable', { status: 502, mayHaveHappened: true }],
  ['an html 404', html(404), 'unavailable', { status: 404 }],
  ['a bare 404 from AWS', { status: 404, body: '{}' }, 'not-found', { status: 404 }],
  [
    'a missing mapping',
    refused(404, 'ResourceNotFoundException', 'The resource you requested does not exist.'),
    'not-found',
    {},
  ],
  ['IAM', refused(403, 'AccessDeniedException', 'no'), 'denied', { mayHaveHappened: false }],
  ['an expired token', refused(403, 'ExpiredTokenException', 'expired'), 'credentials', {}],
  [
    'the role',
    refused(400, 'InvalidParameterValueException', 'The role cannot be assumed by Lambda'),
    'role-not-ready',
    {},
  ],
  ['a reset', 'reset', 'unavailable', { mayHaveHappened: true }],
  ['a hung socket', 'hang', 'unavailable', { mayHaveHappened: true }],
  ['a body that stalls', 'half-body', 'unavailable', { mayHaveHappened: true }],
  [
    'an ISO date where a number belongs',
    ok(mappingJson({ LastModified: '2026-01-01T00:00:00Z' })),
    'unavailable',
    {},
  ],
];

describe('failures over the wire', () => {
  test.each(FAILURES)('%s', async (_, script, kind, details) => {
    lambda.answer(script);
    const started = performance.now();
    const failing = open.gateway.setEnabled(UUID, false, FORWARD);
    await expect(failing).rejects.toMatchObject({
      name: 'AwsError',
      kind,
      operation: 'UpdateEventSourceMapping',
      ...details,
    });
    expect(lambda.requests).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(900);
  });

  test.each<readonly [string, () => string, Script, Readonly<Record<string, unknown>>]>([
    ['a port where nobody listens', () => 'http://127.0.0.1:1', 'hang', { mayHaveHappened: false }],
    ['a reset', () => lambda.url, 'reset', { mayHaveHappened: true }],
    ['a hung socket', () => lambda.url, 'hang', { mayHaveHappened: true }],
  ])('as Node itself reports it: %s', async (_, url, script, details) => {
    lambda.answer(script);
    const { stdout } = await run(process.execPath, ['test/support/aws-session/print-failure.ts', url()]);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'unavailable', ...details });
  });

  test('a signal ends a read with its own reason', async () => {
    lambda.answer('hang');
    const abort = new AbortController();
    const reading = open.gateway.getMapping(UUID, { lane: 'forward', signal: abort.signal });
    setTimeout(() => abort.abort(new Error('engine stopped')), 30);
    await expect(reading).rejects.toThrow('engine stopped');
  });

  test('a signal does not cut a write that may be on its way', async () => {
    const abort = new AbortController();
    lambda.answer(() => {
      abort.abort(new Error('engine stopped'));
      return ok(mappingJson({ State: 'Disabling' }), 202);
    });
    const writing = open.gateway.setEnabled(UUID, false, { lane: 'forward', waitSignal: abort.signal });
    expect((await writing).state).toBe('Disabling');
  });

  test('a clock that is an hour off is corrected, also across a renewal', async () => {
    const serverTime = { date: new Date(Date.now() + 3_600_000).toUTCString() };
    lambda.answer(
      refused(403, 'InvalidSignatureException', 'Signature expired', serverTime),
      ok(mappingJson()),
    );
    await expect(open.gateway.getMapping(UUID, FORWARD)).rejects.toMatchObject({ kind: 'credentials' });
    await open.gateway.getMapping(UUID, FORWARD);
    const [first, second] = lambda.requests.map(({ headers }) => String(headers['x-amz-date']));
    const hour = (stamp = ''): number => Number(stamp.slice(9, 11));
    expect((hour(second) - hour(first) + 24) % 24).toBe(1);
  });

  test('a refused signature is reported without the canonical request', async () => {
    const message =
      "The Canonical String for this request should have been 'PUT x-amz-security-token:planted-token'";
    lambda.answer(refused(403, 'InvalidSignatureException', `The signature does not match. ${message}`));
    const failure: unknown = await open.gateway.getMapping(UUID, FORWARD).catch((error: unknown) => error);
    if (!(failure instanceof Error)) throw new Error('nothing was thrown');
    const all = `${failure.stack ?? ''} ${JSON.stringify(failure)} ${String(failure.cause)}`;
    expect(all).toContain('The signature does not match');
    expect(all).not.toMatch(/planted|wJalr/);
  });
});

describe('the endpoint', () => {
  test('that overrides AWS’ own is reported at the start', async () => {
    expect(open.said().join()).toContain(`Requests to lambda go to ${lambda.url}`);
    expect(await open.session.lambdaEndpoint()).toBe(lambda.url);
  });

  test('is AWS’ own in the Region otherwise', async () => {
    const url = await openSession({}).session.lambdaEndpoint();
    expect(url).toBe('https://lambda.eu-west-1.amazonaws.com/');
  });
});
