import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../model/cloud.ts';
import type { Effect } from '../model/faults.ts';
import type { RequestRecord } from '../model/request-log.ts';
import { readCall, type Call } from './call.ts';
import { LambdaError, errorReply } from './errors.ts';
import { answerLambda } from './lambda-api.ts';
import { htmlReply, jsonReply, type Reply } from './replies.ts';
import { answerSts, StsError, stsErrorReply } from './sts.ts';

/** One exchange: what came, and where the answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: string;
  /** The stand-in is closing. */
  readonly closing: AbortSignal;
}

/** Answers one AWS request, or does not, where a hook says so. */
export async function answerAws(cloud: Cloud, exchange: Exchange): Promise<void> {
  const call = readCall(exchange.request, exchange.url, exchange.body);
  const record = open(cloud, call, 'request');
  const effect = cloud.faults.take(faultTarget(call, record), record.at);
  const era = cloud.log;
  const late = effect !== undefined && 'phase' in effect && effect.phase === 'after';
  if (!late && (await interfere(effect, { ...exchange, record }))) return;
  // A request that was held up over a reset must not touch the world that came after.
  if (cloud.log !== era) return void exchange.response.destroy();
  const reply = effect?.kind === 'error' ? refuse(cloud, call, { effect, record }) : run(cloud, call, record);
  if (effect?.kind === 'duplicate') deliverAgain(cloud, call);
  if (late && (await interfere(effect, { ...exchange, record }))) return;
  record.status = reply.status;
  send(exchange.response, reply, record.requestId);
}

/** Every answer carries a request id, whatever it says: operators need it for a support case. */
export function send(response: ServerResponse, reply: Reply, requestId: string = randomUUID()): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-length': Buffer.byteLength(reply.body),
    'x-amzn-RequestId': requestId,
  });
  response.end(reply.body);
}

function open(cloud: Cloud, call: Call, by: 'request' | 'duplicate'): RequestRecord {
  const record: RequestRecord = {
    at: cloud.now(),
    operation: call.operation,
    label: call.label,
    by,
    body: call.protocol === 'lambda' && call.body !== '' ? parsed(call.body) : undefined,
    accessKey: call.signature?.accessKey,
    region: call.signature?.region,
    invocationId: call.invocationId,
    attempt: call.attempt,
    requestId: randomUUID(),
    status: 0,
    applied: false,
  };
  cloud.log.add(record);
  return record;
}

function deliverAgain(cloud: Cloud, call: Call): void {
  const copy = open(cloud, call, 'duplicate');
  copy.status = run(cloud, call, copy).status;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function faultTarget(call: Call, record: RequestRecord): Parameters<Cloud['faults']['take']>[0] {
  const body = record.body as { readonly Enabled?: unknown } | undefined | null;
  const enabled = body?.Enabled;
  return {
    operation: call.operation,
    uuid: call.label,
    accessKey: call.signature?.accessKey,
    enabled: typeof enabled === 'boolean' ? enabled : undefined,
  };
}

/** The network's part of a hook. True where the caller is to get no answer from Lambda. */
async function interfere(
  effect: Effect | undefined,
  { response, closing, record }: Exchange & { readonly record: RequestRecord },
): Promise<boolean> {
  switch (effect?.kind) {
    case 'hang':
      return true;
    case 'reset':
      response.socket?.resetAndDestroy();
      return true;
    case 'delay':
      await sleep(effect.ms, undefined, { signal: closing });
      return false;
    case 'status':
      record.status = effect.status;
      send(response, effect.html === true ? htmlReply(effect.status) : jsonReply(effect.status, {}));
      return true;
    case 'duplicate':
    case 'error':
    case undefined:
      return false;
  }
}

/** The order of the checks is assumed: who are you, how often, and only then what do you want. */
function run(cloud: Cloud, call: Call, record: RequestRecord): Reply {
  const now = cloud.now();
  try {
    if (call.protocol === 'sts') {
      authenticateSts(cloud, call, now);
      return answerSts(cloud, call, now);
    }
    const place = authenticate(cloud, call, now);
    const world = cloud.world(place);
    const wait = world.throttle(call.operation, now);
    if (wait > 0) throw new LambdaError('TooManyRequestsException', undefined, wait);
    world.settlePlans(now);
    const reply = answerLambda({ cloud, world, call, now });
    record.applied = true;
    return reply;
  } catch (error) {
    return failed(error, record);
  }
}

function failed(error: unknown, record: RequestRecord): Reply {
  if (error instanceof StsError) return stsErrorReply(error, record.requestId);
  if (error instanceof LambdaError) return errorReply(error);
  throw error;
}

/** Belief: the Region comes from the signature's scope and the account from the key. Source: wire samples. */
function authenticate(cloud: Cloud, call: Call, now: number): { account: string; region: string } {
  const { signature } = call;
  if (signature === undefined) throw new LambdaError('MissingAuthenticationTokenException');
  if (signature.service !== 'lambda') {
    const message = "Credential should be scoped to correct service: 'lambda'.";
    throw new LambdaError('InvalidSignatureException', message);
  }
  if (!cloud.credentials.tokenFits(signature.accessKey, signature.sessionToken)) {
    throw new LambdaError('UnrecognizedClientException');
  }
  if (cloud.credentials.expired(signature.accessKey, now)) throw new LambdaError('ExpiredTokenException');
  return { account: cloud.credentials.accountOf(signature.accessKey), region: signature.region };
}

function authenticateSts(cloud: Cloud, { operation, signature }: Call, now: number): void {
  if (operation === 'AssumeRoleWithWebIdentity') return;
  if (signature === undefined)
    throw new StsError('MissingAuthenticationToken', 'Request is missing a token.');
  if (cloud.credentials.expired(signature.accessKey, now)) {
    throw new StsError('ExpiredToken', 'The security token included in the request is expired');
  }
}

interface Refusal {
  readonly effect: Effect & { readonly kind: 'error' };
  readonly record: RequestRecord;
}

function refuse(cloud: Cloud, call: Call, { effect, record }: Refusal): Reply {
  const denied = effect.code === 'AccessDeniedException' || effect.code === 'AccessDenied';
  const message = effect.message ?? (denied ? deniedMessage(cloud, call) : undefined);
  if (call.protocol === 'sts')
    return failed(new StsError(effect.code, message ?? effect.code, effect.status), record);
  return failed(new LambdaError(effect.code, message, effect.retryAfterSeconds), record);
}

/** Belief: the wording of IAM's refusal names caller, action and resource. Source: seen in the wild. */
function deniedMessage(cloud: Cloud, { operation, protocol, label, signature }: Call): string {
  const who = cloud.credentials.arnOf(signature?.accessKey ?? '');
  const action = `${protocol}:${operation}`;
  return `User: ${who} is not authorized to perform: ${action} on resource: ${label ?? '*'}`;
}
