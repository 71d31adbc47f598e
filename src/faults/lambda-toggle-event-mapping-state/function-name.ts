import { quoted } from '../../runtime/environment.ts';

/** A function as FUNCTION_NAME or a mapping's `FunctionArn` names it. */
export interface FunctionRef {
  readonly name: string;
  /** Alias or version; `$LATEST` counts as none, for Lambda uses both spellings for one target. */
  readonly qualifier?: string;
  readonly partition?: string;
  readonly region?: string;
  readonly account?: string;
}

// The NamespacedFunctionName pattern of the Lambda API model, with the parts named.
const PATTERN =
  /^(?:arn:(?<partition>aws[a-z-]*):lambda:)?(?:(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[A-Za-z0-9-_.]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9-_]+))?$/;

const LONGEST_NAME = 64;

/** Parses any form that Lambda accepts: name, name:qualifier, partial ARN, full ARN. Undefined when it is none. */
export function parseFunctionRef(text: string): FunctionRef | undefined {
  const groups = PATTERN.exec(text)?.groups;
  const name = groups?.name;
  if (groups === undefined || name === undefined || name.length > LONGEST_NAME || text.length > 256)
    return undefined;
  const { qualifier, partition, region, account } = groups;
  return {
    name,
    ...(qualifier === undefined || qualifier === '$LATEST' ? {} : { qualifier }),
    ...(partition === undefined ? {} : { partition }),
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
  };
}

/** What is wrong with `text` as FUNCTION_NAME in `region`, if anything. */
export function functionNameProblem(text: string, region: string | undefined): string | undefined {
  const ref = parseFunctionRef(text);
  if (ref === undefined) {
    return `got ${quoted(text)}; wanted is a function's name, name:qualifier, partial ARN or full ARN, e.g. orders or arn:aws:lambda:eu-west-1:123456789012:function:orders`;
  }
  if (ref.region !== undefined && region !== undefined && ref.region !== region) {
    return `got ${quoted(text)}, which is in Region ${ref.region}, while REGION is ${quoted(region)}; wanted is the same Region in both, e.g. REGION=${ref.region}`;
  }
  return undefined;
}

/** A bare name in the function's own account and Region: everything but the qualifier. */
const baseOf = (ref: FunctionRef): string => [ref.partition, ref.region, ref.account, ref.name].join(':');

/** How a mapping's function relates to the wanted one; the base ARN decides, the qualifier is told apart. */
export type Membership = 'same' | 'other-qualifier' | 'other-function';

/**
 * Compares base ARNs (partition, account, Region, name). With no qualifier wanted, a mapping on any
 * alias or version belongs; with one, only the same.
 */
export function membership(
  mappingFunctionArn: string,
  baseFunctionArn: string,
  qualifier: string | undefined,
): Membership {
  const mapping = parseFunctionRef(mappingFunctionArn);
  const wanted = parseFunctionRef(baseFunctionArn);
  if (mapping === undefined || wanted === undefined || baseOf(mapping) !== baseOf(wanted))
    return 'other-function';
  if (qualifier === undefined || qualifier === '$LATEST') return 'same';
  return mapping.qualifier === qualifier ? 'same' : 'other-qualifier';
}
