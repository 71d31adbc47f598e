import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEMO_WORLD } from './demo-world.ts';
import type { WorldSpec } from './model/cloud.ts';
import { startLambda, type LambdaOptions } from './server.ts';

const USAGE = `Stands in for the AWS Lambda control plane and STS.

  node demo/lambda/main.ts [--port N] [--host ADDRESS] [--world demo|FILE.json]
                           [--region NAME] [--account ID] [--no-rate-limit] [--list-match exact|base]

Prints one line of JSON with its url when it listens. Give the url to an SDK as AWS_ENDPOINT_URL.
`;

function readOptions(args: readonly string[]): LambdaOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      world: { type: 'string' },
      region: { type: 'string', default: 'us-east-1' },
      account: { type: 'string', default: '123456789012' },
      'rate-limit': { type: 'boolean', default: true },
      'list-match': { type: 'string', default: 'exact' },
    },
  });
  if (values.help === true) return undefined;
  return {
    host: values.host,
    port: portNumber(values.port),
    region: values.region,
    account: values.account,
    listMatch: values['list-match'] === 'base' ? 'base' : 'exact',
    ...(values['rate-limit'] ? {} : { rateLimit: false as const }),
    ...(values.world === undefined ? {} : { world: readWorld(values.world) }),
  };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${text} is not a port`);
  return port;
}

function readWorld(name: string): WorldSpec {
  return name === 'demo' ? DEMO_WORLD : (JSON.parse(readFileSync(name, 'utf8')) as WorldSpec);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const standIn = await startLambda(options);
  process.stdout.write(`${JSON.stringify({ url: standIn.url, admin: `${standIn.url}/_standin/state` })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
