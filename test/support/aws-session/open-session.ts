import { RequestBudget } from '../../../src/aws/budget.ts';
import type { AwsTimeouts } from '../../../src/aws/clients.ts';
import { readAwsConfig } from '../../../src/aws/config.ts';
import { LambdaGateway } from '../../../src/aws/lambda-gateway.ts';
import { createAwsSession, type AwsSession } from '../../../src/aws/session.ts';
import { systemClock, type Clock } from '../../../src/runtime/clock.ts';
import type { TimelineEvent } from '../../../src/runtime/events.ts';

export const REGION = 'eu-west-1';
export const RUN = {
  experiment: 'lambda-toggle-event-mapping-state',
  uid: '7f1a3c9e-0d2b-4c55-9a3e-5b0f6c1d2e3f',
};

export interface OpenOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly lambdaUrl?: string;
  readonly stsUrl?: string;
  readonly timeouts?: Partial<AwsTimeouts>;
  readonly clock?: Clock;
  /** Defaults to a directory without any mounted file. */
  readonly root?: string;
}

export interface OpenSession {
  readonly session: AwsSession;
  readonly gateway: LambdaGateway;
  readonly events: TimelineEvent[];
  /** The texts of notes and warnings so far. */
  readonly said: () => string[];
}

/** The real session and gateway over a config read from `env`; fails when the environment has problems. */
export function openSession(options: OpenOptions): OpenSession {
  const { config, problems } = readAwsConfig({
    REGION,
    AWS_ENDPOINT_URL_LAMBDA: options.lambdaUrl,
    AWS_ENDPOINT_URL_STS: options.stsUrl,
    ...options.env,
  });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const events: TimelineEvent[] = [];
  const clock = options.clock ?? systemClock;
  const session = createAwsSession(config, {
    clock,
    emit: (event) => events.push(event),
    run: RUN,
    root: options.root ?? '/nothing-is-mounted',
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
  });
  const fast = { forwardPerSecond: 1000, revertPerSecond: 1000 };
  const gateway = new LambdaGateway(session, new RequestBudget(systemClock, fast));
  const said = (): string[] => events.flatMap((event) => ('message' in event ? [event.message] : []));
  return { session, gateway, events, said };
}

/** Sets variables that the SDK reads from the process itself; returns what puts the old ones back. */
export function setProcessEnv(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  const assign = (name: string, value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(values)) assign(name, value);
  return () => before.forEach(([name, value]) => assign(name, value));
}
