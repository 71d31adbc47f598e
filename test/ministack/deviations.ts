import type { Deviation } from '../contract/lambda-api.suite.ts';

const OTHER_SOURCES = 'only SQS, Kinesis and DynamoDB are event sources';
const NO_TRANSITIONS = 'states change at once, there are no transitional ones';
const STREAM_DEFAULTS = 'attributes of a stream that were not given are left out';
const BASE_NAME_FILTER = 'List compares the name of the function without its qualifier';
const QUALIFIED_ARN = 'GetFunction never puts a qualifier into the ARN';

/** Where MiniStack 1.5.33 differs from what we believe of AWS. Each row is checked: one that heals fails the suite. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  'function-by-version': { why: QUALIFIED_ARN, fails: /-.*:function:orders:1"[^]*\+.*:function:orders"/ },
  'function-by-alias': { why: QUALIFIED_ARN, fails: /-.*:function:orders:live"[^]*\+.*:function:orders"/ },
  'function-by-partial-arn': {
    why: 'a partial ARN is read as a name with a qualifier',
    fails: /^ResourceNotFoundException: Function not found/,
  },
  'shape-sqs': {
    why: 'an SQS mapping has a LastProcessingResult',
    fails: /- Expected {2}- 0[^]*\+ {3}"LastProcessingResult",/,
  },
  'shape-kinesis': { why: STREAM_DEFAULTS, fails: /- Expected {2}- 6[^]*- {3}"MaximumRecordAgeInSeconds",/ },
  'shape-dynamodb': { why: STREAM_DEFAULTS, fails: /- Expected {2}- 6[^]*- {3}"MaximumRecordAgeInSeconds",/ },
  'shape-msk': { why: OTHER_SOURCES, fails: /^InvalidParameterValueException: Unsupported event source ARN/ },
  'shape-mq': { why: OTHER_SOURCES, fails: /^InvalidParameterValueException: Unsupported event source ARN/ },
  'shape-self-managed-kafka': { why: OTHER_SOURCES, fails: /^ValidationException: .*'eventSourceArn'/ },
  'unknown-uuid': {
    why: 'the message also names service, status and request id',
    fails: /Received: "The resource you requested does not exist\. \(Service: Lambda/,
  },
  'error-on-the-wire': {
    why: 'error bodies have __type and message in place of Type and Message',
    fails: /\+ {3}"__type": "ResourceNotFoundException"/,
  },
  'update-status': { why: 'an update answers 200', fails: /Expected: 202\s+Received: 200/ },
  'disable-in-transition': { why: NO_TRANSITIONS, fails: /Expected: "Disabling"\s+Received: "Disabled"/ },
  'enable-in-transition': { why: NO_TRANSITIONS, fails: /Expected: "Enabling"\s+Received: "Enabled"/ },
  busy: { why: NO_TRANSITIONS, fails: /the call was to fail and answered 200/ },
  'other-attribute': { why: NO_TRANSITIONS, fails: /- {3}"State": "Updating",\s+\+ {3}"State": "Disabled"/ },
  'bad-value': { why: 'any batch size is taken', fails: /the call was to fail and answered 200/ },
  'update-unknown': {
    why: 'an update has words of its own for an unknown mapping',
    fails: /Received: "Event source mapping not found/,
  },
  'create-in-transition': { why: NO_TRANSITIONS, fails: /- {3}"Creating",\s+\+ {3}"Enabled"/ },
  'create-twice': {
    why: 'the same source may feed the same function twice',
    fails: /the call was to fail and answered 202/,
  },
  throttle: { why: 'requests are never throttled', fails: /Expected: >= \d+\s+Received: {4}0/ },
  'list-page-limit': { why: 'a page is as long as MaxItems says', fails: /\+ {3}101,/ },
  'list-marker-opaque': {
    why: 'the marker is the UUID of the last mapping on the page',
    fails: /Expected value: not "[0-9a-f-]{36}"/,
  },
  'list-by-function': { why: BASE_NAME_FILTER, fails: /- Expected {2}- 0\s+\+ Received {2}\+ 1/ },
  'list-by-bare-name': { why: BASE_NAME_FILTER, fails: /- Expected {2}- 0\s+\+ Received {2}\+ 1/ },
};
