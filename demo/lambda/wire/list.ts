import { parseFunctionRef } from '../model/naming.ts';
import type { World } from '../model/world.ts';
import { LambdaError } from './errors.ts';

/** Belief: MaxItems up to 10000 is accepted, but a page never holds more than this (not verified). */
const LONGEST_PAGE = 100;

interface ListQuery {
  readonly functionName: string | undefined;
  readonly eventSourceArn: string | undefined;
}

interface ListSettings {
  readonly now: number;
  readonly match: 'exact' | 'base';
}

/** One page of ListEventSourceMappings. NextMarker is absent on the last one (wire samples). */
export function listMappings(
  world: World,
  parameters: URLSearchParams,
  settings: ListSettings,
): Record<string, unknown> {
  const query: ListQuery = {
    functionName: parameters.get('FunctionName') ?? undefined,
    eventSourceArn: parameters.get('EventSourceArn') ?? undefined,
  };
  const found = select(world, query, settings);
  const start = readMarker(parameters.get('Marker'), query);
  const size = pageSize(parameters.get('MaxItems'));
  const rest = found.filter(({ position }) => position >= start);
  const page = rest.slice(0, size);
  const next = rest[size];
  return {
    EventSourceMappings: page.map(({ mapping }) => world.describe(mapping)),
    ...(next === undefined ? {} : { NextMarker: writeMarker(next.position, query) }),
  };
}

function select(world: World, query: ListQuery, { now, match }: ListSettings) {
  const wanted = query.functionName === undefined ? undefined : wantedArn(world, query.functionName);
  return [...world.mappings.values()]
    .map((mapping, position) => ({ mapping, position }))
    .filter(({ mapping }) => {
      mapping.settle(now);
      if (mapping.gone) return false;
      if (query.eventSourceArn !== undefined && mapping.parts.source.arn !== query.eventSourceArn)
        return false;
      if (wanted === undefined || mapping.functionArn === wanted) return true;
      return match === 'base' && mapping.functionArn.startsWith(`${wanted}:`);
    });
}

/** Belief: a function that does not exist has an empty list, no error (not verified). */
function wantedArn(world: World, functionName: string): string {
  const reference = parseFunctionRef(functionName);
  if (reference === undefined) {
    throw new LambdaError('ValidationException', "1 validation error detected at 'functionName'");
  }
  return world.functionArn(functionName);
}

function pageSize(maxItems: string | null): number {
  if (maxItems === null) return LONGEST_PAGE;
  const asked = Number(maxItems);
  if (!Number.isInteger(asked) || asked < 1 || asked > 10_000) {
    throw new LambdaError('ValidationException', "1 validation error detected at 'maxItems'");
  }
  return Math.min(asked, LONGEST_PAGE);
}

/** Opaque to callers, and of use only with the query that it came from. */
function writeMarker(position: number, query: ListQuery): string {
  return Buffer.from(JSON.stringify([position, signatureOf(query)])).toString('base64url');
}

/** Belief: the marker of another query gives an empty page (another emulator's reading; not verified). */
function readMarker(marker: string | null, query: ListQuery): number {
  if (marker === null || marker === '') return 0;
  try {
    const [position, signature] = JSON.parse(Buffer.from(marker, 'base64url').toString()) as [number, string];
    return signature === signatureOf(query) ? position : Infinity;
  } catch {
    return Infinity;
  }
}

function signatureOf({ functionName, eventSourceArn }: ListQuery): string {
  return `${functionName ?? ''} ${eventSourceArn ?? ''}`;
}
