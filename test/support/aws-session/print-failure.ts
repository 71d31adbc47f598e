import { AwsError } from '../../../src/aws/errors.ts';
import { openSession } from './open-session.ts';

/**
 * Run by Node itself: Jest's own realm hides Node's error codes from the SDK, which then wraps them.
 * Prints how one write to the URL in the first argument fails.
 */
async function main(): Promise<void> {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  Object.assign(process.env, keys);
  const { gateway } = openSession({
    env: keys,
    lambdaUrl: process.argv[2] ?? '',
    timeouts: { requestMs: 500 },
  });
  try {
    await gateway.setEnabled('14e0db71-5d35-4eb5-b481-8945cf9d10c2', false, { lane: 'forward' });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { kind, mayHaveHappened, message } = error;
    console.log(JSON.stringify({ kind, mayHaveHappened, message }));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
