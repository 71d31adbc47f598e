import { AwsError, type AwsErrorDetails, type AwsErrorKind } from '../../../src/aws/errors.ts';
import type {
  CallerIdentity,
  CallerInspector,
  FunctionInfo,
  Lane,
  MappingGateway,
  MappingInfo,
  WriteOptions,
} from '../../../src/aws/gateway.ts';
import type { ToggleConfig } from '../../../src/faults/lambda-toggle-event-mapping-state/config.ts';
import {
  createContext,
  type ToggleContext,
} from '../../../src/faults/lambda-toggle-event-mapping-state/context.ts';
import { Deadline } from '../../../src/runtime/deadline.ts';
import type { TimelineEvent } from '../../../src/runtime/events.ts';
import type { Schedule } from '../../../src/runtime/schedule.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';

export const REGION = 'eu-west-1';
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

export const mapping = (uuid: string, state = 'Enabled', change: Partial<MappingInfo> = {}): MappingInfo => ({
  uuid,
  state,
  functionArn: FUNCTION_ARN,
  sourceType: 'sqs',
  sourceName: 'orders',
  ...change,
});

export const awsError = (kind: AwsErrorKind, change: Partial<AwsErrorDetails> = {}): AwsError =>
  new AwsError(`the call is ${kind}`, {
    kind,
    operation: 'UpdateEventSourceMapping',
    mayHaveHappened: kind === 'unavailable',
    ...change,
  });

/** What the fake Lambda does when something else than the obvious is wanted; each may throw. */
export interface Script {
  readonly get?: (id: string, nth: number) => MappingInfo | Promise<MappingInfo>;
  readonly set?: (id: string, enabled: boolean, nth: number) => void | Promise<void>;
  readonly list?: (
    marker: string | undefined,
    nth: number,
  ) => { mappings: MappingInfo[]; nextMarker?: string };
  readonly caller?: () => CallerIdentity;
  readonly fn?: () => FunctionInfo;
  /** In place of the budget: what comes before `beforeSend`. */
  readonly turn?: (id: string, options: WriteOptions) => Promise<void>;
}

export interface World {
  readonly clock: VirtualClock;
  /** The state of each mapping; writes take effect at once. */
  readonly states: Map<string, MappingInfo>;
  /** Every call that was sent, e.g. `get a`, `disable a`. */
  readonly calls: string[];
  readonly lanes: Set<Lane>;
  readonly events: TimelineEvent[];
  readonly context: ToggleContext;
}

export const CALLER: CallerIdentity = {
  arn: 'arn:aws:iam::123456789012:user/test',
  account: '123456789012',
  source: 'environment keys',
  renewable: false,
  warnings: [],
};

export const SCHEDULE: Schedule = {
  totalSeconds: 30,
  rampSeconds: 0,
  settleSeconds: 0,
  sequence: 'parallel',
  statusTimeoutSeconds: 180,
  statusDelaySeconds: 2,
  revertTimeoutSeconds: 600,
};

/** What readToggleConfig makes of an environment that names `ids` and nothing else. */
export const toggleConfig = (ids: readonly string[]): ToggleConfig => ({
  functionName: 'orders',
  ids,
  maxMappings: 50,
  requestsPerSecond: 5,
  forced: new Set(),
  warnings: [],
});

interface Parts {
  readonly ids?: readonly string[];
  readonly script?: Script;
  readonly config?: Partial<ToggleConfig>;
  readonly schedule?: Partial<Schedule>;
}

/** The fault's context on virtual time, in front of a Lambda that does what the script says. */
export function world({ ids = ['a', 'b'], script = {}, config = {}, schedule = {} }: Parts = {}): World {
  const clock = new VirtualClock();
  const states = new Map(ids.map((id) => [id, mapping(id)]));
  const calls: string[] = [];
  const lanes = new Set<Lane>();
  const events: TimelineEvent[] = [];
  const counts = new Map<string, number>();
  const count = (what: string): number => {
    calls.push(what);
    const nth = (counts.get(what) ?? 0) + 1;
    counts.set(what, nth);
    return nth;
  };
  const stored = (id: string): MappingInfo => {
    const found = states.get(id);
    if (found === undefined) throw awsError('not-found');
    return found;
  };
  const gateway: MappingGateway & CallerInspector = {
    callerIdentity: () => answer(script.caller ?? (() => CALLER)),
    getFunction: (name, qualifier) => {
      count(`function ${name}${qualifier === undefined ? '' : ` at ${qualifier}`}`);
      return answer(script.fn ?? (() => ({ arn: FUNCTION_ARN, state: 'Active' })));
    },
    getMapping: async (id, { lane, signal }) => {
      signal?.throwIfAborted();
      lanes.add(lane);
      const nth = count(`get ${id}`);
      return script.get === undefined ? stored(id) : script.get(id, nth);
    },
    setEnabled: async (id, enabled, options) => {
      await script.turn?.(id, options);
      options.waitSignal?.throwIfAborted();
      await options.beforeSend?.();
      lanes.add(options.lane);
      const nth = count(`${enabled ? 'enable' : 'disable'} ${id}`);
      await script.set?.(id, enabled, nth);
      states.set(id, { ...stored(id), state: enabled ? 'Enabled' : 'Disabled' });
      return stored(id);
    },
    listMappings: (name, marker, { lane }) => {
      lanes.add(lane);
      const nth = count(`list ${name}${marker === undefined ? '' : ` from ${marker}`}`);
      return answer(() => script.list?.(marker, nth) ?? { mappings: [...states.values()] });
    },
  };
  const context = createContext(
    {
      ...toggleConfig(ids),
      ...config,
    },
    {
      ...{ gateway, clock, region: REGION },
      emit: (event) => void events.push(event),
      schedule: { ...SCHEDULE, ...schedule },
    },
  );
  return { clock, states, calls, lanes, events, context };
}

/** What `make` gives, or a rejection with what it throws. */
const answer = <T>(make: () => T): Promise<T> => new Promise((resolve) => resolve(make()));

/** A forward control with `ms` until its deadline. */
export const control = (clock: VirtualClock, ms = 180_000, signal = new AbortController().signal) => ({
  signal,
  deadline: new Deadline(clock, ms),
  permit: () => Promise.resolve(),
});

export const messagesOf = (events: readonly TimelineEvent[], type: TimelineEvent['type']): string[] =>
  events.flatMap((event) => (event.type === type && 'message' in event ? [event.message] : []));

/** What `promise` was rejected with; fails when it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not rejected');
}
