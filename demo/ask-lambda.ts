import { REGION } from './world.ts';

/** What Lambda's own API says about each mapping. */
export interface Answer {
  /** Milliseconds since the epoch, when the last answer was there. */
  readonly atMs: number;
  readonly states: Readonly<Record<string, string>>;
}

/** Asks as anybody else would, with the AWS SDK: neither the product's word nor the admin side's. */
export async function askLambda(url: string, uuids: readonly string[]): Promise<Answer> {
  const { GetEventSourceMappingCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const credentials = { accessKeyId: 'AKIADEMOOBSERVER', secretAccessKey: 'demo-secret-access-key' };
  const client = new LambdaClient({ endpoint: url, region: REGION, credentials });
  try {
    const ask = async (uuid: string): Promise<[string, string]> => {
      const command = new GetEventSourceMappingCommand({ UUID: uuid });
      const { State } = await client.send(command, { abortSignal: AbortSignal.timeout(10_000) });
      return [uuid, State ?? 'unknown'];
    };
    const states = Object.fromEntries(await Promise.all(uuids.map(ask)));
    return { atMs: Date.now(), states };
  } finally {
    client.destroy();
  }
}
