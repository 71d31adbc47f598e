import { quoted } from '../../runtime/environment.ts';

export interface MappingIds {
  readonly ids: readonly string[];
  readonly warnings: readonly string[];
  /** Sentences about items that can't be used. */
  readonly problems: readonly string[];
}

const ARN = /^arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):\d{12}:event-source-mapping:(?<id>[^:]+)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** What an annotation key's name part may be: the journal is kept under it. */
const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const EXAMPLE = '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11,7f3c1d52-0b44-4c6f-9a9d-0e1c2b3a4d55';

/**
 * Reads EVENT_UUIDS: a comma list of UUIDs or mapping ARNs. An empty item is a problem, because an empty UUID
 * turns the SDK's Get into a List of the whole account. AWS promises no UUID shape, so an odd one is only a warning.
 */
export function parseMappingIds(text: string, region: string | undefined): MappingIds {
  const ids: string[] = [];
  const warnings: string[] = [];
  const problems: string[] = [];
  for (const [index, raw] of text.split(',').entries()) {
    const item = raw.trim();
    const found = readItem(item, region);
    if (found.problem !== undefined) problems.push(`item ${index + 1}: ${found.problem}`);
    else if (ids.includes(found.id))
      warnings.push(`EVENT_UUIDS names ${found.id} more than once; it is taken once.`);
    else {
      ids.push(found.id);
      if (!UUID.test(found.id))
        warnings.push(`EVENT_UUIDS: ${found.id} does not look like a UUID; it is tried as it is.`);
    }
  }
  return { ids, warnings, problems };
}

function readItem(item: string, region: string | undefined): { id: string; problem?: string } {
  if (item === '')
    return {
      id: '',
      problem: `is empty (a stray comma?); wanted is a mapping's UUID or ARN, e.g. ${EXAMPLE}`,
    };
  const arn = ARN.exec(item)?.groups;
  const arnRegion = arn?.region;
  if (arnRegion !== undefined && region !== undefined && arnRegion !== region) {
    return {
      id: '',
      problem: `got ${quoted(item)}, which is in Region ${arnRegion}, while REGION is ${quoted(region)}`,
    };
  }
  const id = arn?.id ?? item;
  if (!KEY.test(id)) {
    return { id: '', problem: `got ${quoted(item)}; wanted is a mapping's UUID or ARN, e.g. ${EXAMPLE}` };
  }
  // AWS prints UUIDs in lower case; one pasted in capitals is the same mapping.
  return { id: UUID.test(id) ? id.toLowerCase() : id };
}
