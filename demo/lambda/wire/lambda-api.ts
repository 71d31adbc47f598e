import type { Cloud } from '../model/cloud.ts';
import type { Mapping } from '../model/mapping.ts';
import { arnIn, parseFunctionRef, type FunctionRef } from '../model/naming.ts';
import { sourceFromArn } from '../model/sources.ts';
import type { World } from '../model/world.ts';
import type { Call } from './call.ts';
import { LambdaError } from './errors.ts';
import { listMappings } from './list.ts';
import { jsonReply, type Reply } from './replies.ts';

/** What an operation works on. */
export interface Context {
  readonly cloud: Cloud;
  readonly world: World;
  readonly call: Call;
  readonly now: number;
}

type Operation = (context: Context) => Reply;

/** Belief: reads answer 200, writes 202. Source: API model. */
const OPERATIONS: Readonly<Partial<Record<Call['operation'], Operation>>> = {
  GetFunction: getFunction,
  GetEventSourceMapping: (context) => jsonReply(200, context.world.describe(findMapping(context))),
  ListEventSourceMappings: ({ cloud, world, call, now }) =>
    jsonReply(200, listMappings(world, call.query, { now, match: cloud.options.listMatch ?? 'exact' })),
  UpdateEventSourceMapping: updateMapping,
  CreateEventSourceMapping: createMapping,
  DeleteEventSourceMapping: deleteMapping,
};

/** @throws LambdaError */
export function answerLambda(context: Context): Reply {
  const operation = OPERATIONS[context.call.operation];
  if (operation === undefined) throw new LambdaError('UnknownOperationException');
  return operation(context);
}

function getFunction({ world, call, now }: Context): Reply {
  const asked = parseFunctionRef(call.label ?? '');
  if (asked === undefined) throw constraint('functionName', call.label ?? '');
  const parameter = call.query.get('Qualifier') ?? undefined;
  // Belief: a qualifier in the name and another one in the query contradict each other (not verified).
  if (asked.qualifier !== undefined && parameter !== undefined && asked.qualifier !== parameter) {
    const message = 'The derived qualifier from the function name does not match the specified qualifier.';
    throw new LambdaError('InvalidParameterValueException', message);
  }
  const reference = { ...asked, qualifier: asked.qualifier ?? parameter };
  requireFunction(world, reference, now);
  return jsonReply(200, world.functions.get(reference.name)?.describe(reference.qualifier));
}

/** Belief: the message names the ARN that was looked for, qualifier included. Source: recorded. */
function requireFunction(world: World, reference: FunctionRef, now: number): void {
  const { region, account, name, qualifier } = { ...world.place, ...defined(reference) };
  const found = world.functions.get(name);
  const here = region === world.place.region && account === world.place.account;
  if (here && found !== undefined && found.deletedAt > now && found.versionOf(qualifier) !== undefined)
    return;
  const arn = arnIn(
    { region, account },
    'lambda',
    `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`,
  );
  throw new LambdaError('ResourceNotFoundException', `Function not found: ${arn}`);
}

function defined(reference: FunctionRef): {
  name: string;
  region?: string;
  account?: string;
  qualifier?: string;
} {
  const entries = Object.entries(reference).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), name: reference.name };
}

function findMapping({ world, call, now }: Context): Mapping {
  const mapping = world.mappings.get(call.label ?? '');
  mapping?.settle(now);
  if (mapping === undefined || mapping.gone) throw new LambdaError('ResourceNotFoundException');
  return mapping;
}

/** The answer carries the transitional state, however short the lag is. */
function updateMapping(context: Context): Reply {
  const { world, call, now } = context;
  const body = parseBody(call.body);
  const mapping = findMapping(context);
  const functionName = body['FunctionName'];
  if (typeof functionName === 'string') requireNamed(world, functionName, now);
  // Belief: 400, not 409, during any transition. Source: API model and reports; not measured against AWS.
  if (mapping.inTransition) throw new LambdaError('ResourceInUseException');
  if (typeof functionName === 'string') mapping.functionArn = world.functionArn(functionName);
  mapping.update(body, now, 'request');
  return jsonReply(202, world.describe(mapping));
}

/** Belief: created Enabled goes through Creating; created with Enabled=false is Disabled at once. Source: recorded. */
function createMapping({ cloud, world, call, now }: Context): Reply {
  const { FunctionName, EventSourceArn, Enabled, ...attributes } = parseBody(call.body);
  if (typeof FunctionName !== 'string') throw constraint('functionName', 'null');
  requireNamed(world, FunctionName, now);
  const arn = typeof EventSourceArn === 'string' ? EventSourceArn : undefined;
  const selfManaged = attributes['SelfManagedEventSource'] !== undefined;
  if (!selfManaged && (arn === undefined || sourceFromArn(arn) === undefined)) {
    throw new LambdaError('InvalidParameterValueException', 'Unrecognized event source.');
  }
  refuseDuplicate(world, arn, FunctionName);
  const mapping = cloud.addMapping({
    ...world.place,
    functionName: FunctionName,
    ...(arn === undefined ? { source: 'kafka' as const } : { sourceArn: arn }),
    state: Enabled === false ? 'Disabled' : 'Creating',
    attributes,
  });
  return jsonReply(202, world.describe(mapping));
}

/** Belief: 409 where the same source already feeds the same function. Source: API model. */
function refuseDuplicate(world: World, arn: string | undefined, functionName: string): void {
  const functionArn = world.functionArn(functionName);
  const same = [...world.mappings.values()].find(
    (mapping) =>
      arn !== undefined &&
      !mapping.gone &&
      mapping.functionArn === functionArn &&
      mapping.parts.source.arn === arn,
  );
  if (same === undefined) return;
  const message = `This source already feeds this function through the mapping ${same.parts.uuid}.`;
  throw new LambdaError('ResourceConflictException', message);
}

function deleteMapping(context: Context): Reply {
  const mapping = findMapping(context);
  if (mapping.inTransition) throw new LambdaError('ResourceInUseException');
  mapping.remove(context.now, 'request');
  return jsonReply(202, context.world.describe(mapping));
}

function requireNamed(world: World, functionName: string, now: number): void {
  const reference = parseFunctionRef(functionName);
  if (reference === undefined) throw constraint('functionName', functionName);
  requireFunction(world, reference, now);
}

/** Belief: wrong types never reach the service (SerializationException), wrong values do (ValidationException); not verified. */
function parseBody(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new LambdaError('SerializationException');
  }
  if (typeof body !== 'object' || body === null) throw new LambdaError('SerializationException');
  const { Enabled: enabled, BatchSize: size } = body as Record<string, unknown>;
  if (enabled !== undefined && typeof enabled !== 'boolean') throw new LambdaError('SerializationException');
  if (size !== undefined && !(typeof size === 'number' && size >= 1 && size <= 10_000)) {
    throw constraint('batchSize', JSON.stringify(size));
  }
  return body as Record<string, unknown>;
}

function constraint(member: string, value: string): LambdaError {
  const message = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint`;
  return new LambdaError('ValidationException', message);
}
