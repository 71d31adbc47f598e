/** A function as a caller may name it, taken apart. */
export interface FunctionRef {
  readonly region: string | undefined;
  readonly account: string | undefined;
  readonly name: string;
  readonly qualifier: string | undefined;
}

// Belief: name, name:qualifier, partial ARN and full ARN, qualified or not, all name a function. Source: API model.
const FUNCTION_REF = new RegExp(
  [
    '^(?:arn:aws[a-z-]*:lambda:)?',
    '(?:(?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d):)?',
    '(?:(?<account>\\d{12}):)?',
    '(?:function:)?',
    '(?<name>[\\w.-]{1,64})',
    '(?::(?<qualifier>\\$LATEST(?:\\.PUBLISHED)?|[\\w-]{1,128}))?$',
  ].join(''),
);

/** Undefined where Lambda would answer with a validation error. */
export function parseFunctionRef(text: string): FunctionRef | undefined {
  const groups = FUNCTION_REF.exec(text)?.groups;
  const name = groups?.['name'];
  if (name === undefined) return undefined;
  return { region: groups?.['region'], account: groups?.['account'], name, qualifier: groups?.['qualifier'] };
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

/** Where something lives: one account in one Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` */
export function arnIn({ account, region }: Place, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}
