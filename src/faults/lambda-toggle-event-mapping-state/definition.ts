import type { AwsConfig } from '../../aws/config.ts';
import { readAwsConfig } from '../../aws/config.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { FaultDefinition, FaultServices } from '../definition.ts';
import { readToggleConfig, TOGGLE_TUNABLES, type ToggleConfig } from './config.ts';
import { createToggleFault, FAULT_NAME, TARGET_KIND } from './fault.ts';

const AWS_TUNABLES = [
  ...['REGION', 'ASSUME_ROLE_ARN', 'ASSUME_ROLE_EXTERNAL_ID', 'AWS_AUTHENTICATION_SECRET'],
  ...[
    'AWS_SHARED_CREDENTIALS_FILE',
    'AWS_PROFILE',
    'AWS_EC2_METADATA_DISABLED',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
  ],
  ...[
    'AWS_ROLE_ARN',
    'AWS_ROLE_SESSION_NAME',
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_LAMBDA',
    'AWS_ENDPOINT_URL_STS',
  ],
];

export const lambdaToggleEventMappingState: FaultDefinition = {
  name: FAULT_NAME,
  targetKind: TARGET_KIND,
  tunables: [...TOGGLE_TUNABLES, ...AWS_TUNABLES],
  read(services) {
    const aws = readAwsConfig(services.env);
    const region = aws.config.region === '' ? undefined : aws.config.region;
    const toggle = readToggleConfig(services.env, region);
    const problems = [...aws.problems, ...toggle.problems];
    const { config } = toggle;
    if (problems.length > 0 || config === undefined) return { problems };
    return { problems, open: (schedule) => open(config, aws.config, schedule, services) };
  },
  async reopen(context, services) {
    // Safety: the journal's Region, not today's: a mapping of another Region would read as deleted.
    const env = { ...services.env, ...(context.region === undefined ? {} : { REGION: context.region }) };
    const aws = readAwsConfig(env);
    const config: ToggleConfig = {
      functionName: context.functionArn ?? '',
      ids: [],
      maxMappings: 0,
      requestsPerSecond: 5,
      forced: new Set(),
      warnings: [],
    };
    return open(config, aws.config, REVERT_SCHEDULE, services);
  },
};

/** A revert needs no schedule but the pauses between two looks. */
const REVERT_SCHEDULE: Schedule = {
  totalSeconds: 0,
  rampSeconds: 0,
  settleSeconds: 0,
  sequence: 'parallel',
  statusTimeoutSeconds: 180,
  statusDelaySeconds: 2,
  revertTimeoutSeconds: 600,
};

async function open(
  config: ToggleConfig,
  aws: AwsConfig,
  schedule: Schedule,
  services: FaultServices,
): ReturnType<FaultDefinition['reopen']> {
  // Loaded when AWS is needed and not before: the first request of a run goes to Kubernetes.
  const [{ createAwsSession }, { LambdaGateway }, { RequestBudget }] = await Promise.all([
    import('../../aws/session.ts'),
    import('../../aws/lambda-gateway.ts'),
    import('../../aws/budget.ts'),
  ]);
  const { clock, emit, experiment, runUid } = services;
  const session = createAwsSession(aws, { clock, emit, run: { experiment, uid: runUid } });
  const gateway = new LambdaGateway(
    session,
    new RequestBudget(clock, { forwardPerSecond: config.requestsPerSecond }),
  );
  return createToggleFault(config, { gateway, clock, emit, region: aws.region, schedule });
}
