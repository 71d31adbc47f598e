import { setTimeout as delay } from 'node:timers/promises';
import { startLambda } from '../../demo/lambda/server.ts';
import { RequestBudget } from '../../src/aws/budget.ts';
import { readAwsConfig } from '../../src/aws/config.ts';
import { LambdaGateway } from '../../src/aws/lambda-gateway.ts';
import { createAwsSession } from '../../src/aws/session.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { VirtualClock } from '../support/virtual/clock.ts';
import { VirtualLambda } from '../support/virtual/lambda.ts';
import { LAG_MS, mappingGatewayContract } from './mapping-gateway.suite.ts';

const IDS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;
const MISSING = '00000000-0000-4000-8000-00000000dead';

mappingGatewayContract('the fake on virtual time', () => {
  const clock = new VirtualClock();
  const lambda = new VirtualLambda(clock, LAG_MS);
  for (const id of IDS) lambda.add(id);
  return Promise.resolve({
    gateway: lambda.gateway('pod'),
    ids: IDS,
    missing: MISSING,
    writes: () => lambda.writes.length,
    pass: (ms) => clock.run(clock.sleep(ms)),
    during: (work) => clock.run(work),
    close: () => Promise.resolve(),
  });
});

mappingGatewayContract('the real one over HTTP', async () => {
  const lambda = await startLambda({ rateLimit: false });
  lambda.addFunction({ name: 'orders' });
  for (const uuid of IDS)
    lambda.addMapping({ uuid, functionName: 'orders', disablingLagMs: LAG_MS, enablingLagMs: LAG_MS });
  // The SDK's own provider reads the keys from the process itself.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' });
  const env = { ...process.env, REGION: 'us-east-1', AWS_ENDPOINT_URL: lambda.url };
  const deps = { clock: systemClock, emit: () => undefined, run: { experiment: 'test', uid: 'uid' } };
  const session = createAwsSession(readAwsConfig(env).config, deps);
  return {
    gateway: new LambdaGateway(
      session,
      new RequestBudget(systemClock, { forwardPerSecond: 100, revertPerSecond: 100 }),
    ),
    ids: IDS,
    missing: MISSING,
    writes: () => lambda.writes.filter((write) => write.applied).length,
    pass: (ms) => delay(ms),
    during: (work) => work,
    close: async () => {
      session.close();
      await lambda.close();
    },
  };
});
