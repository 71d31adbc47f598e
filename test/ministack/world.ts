import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { FUNCTION, until } from '../contract/lambda-api.probe.ts';
import type { ContractWorld, CreatableSource } from '../contract/lambda-api.suite.ts';
import { zipOf } from './zip.ts';

const REGION = 'us-east-1';

/** Notes how many records it was given, where the test can read it. */
const HANDLER = `import os
def handler(event, context):
    with open(os.environ["COUNT_FILE"], "a") as notes:
        notes.write("x" * len(event["Records"]))
`;

/** Keys of twelve digits are accounts of their own, so every world is alone. */
let accounts = 700_000_000_000;

/** A fresh account in MiniStack with the function that the contract wants. */
export async function makeMiniStackWorld(endpoint: string): Promise<ContractWorld> {
  accounts += 1;
  const directory = await mkdtemp(join(tmpdir(), 'ministack-'));
  const account = new Account(endpoint, String(accounts), join(directory, 'count'));
  await writeFile(account.countFile, '');
  await account.makeFunction();
  return {
    endpoint,
    region: REGION,
    accessKeyId: account.id,
    settleMs: 6000,
    // Its pollers look once a second.
    pollMs: 2500,
    makeSource: (type, name) => account.makeSource(type, name),
    produce: (sourceArn, count) => account.produce(sourceArn, count),
    waiting: () => account.waiting(),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

class Account {
  readonly id: string;
  readonly countFile: string;
  readonly #endpoint: string;
  #produced = 0;

  constructor(endpoint: string, id: string, countFile: string) {
    this.#endpoint = endpoint;
    this.id = id;
    this.countFile = countFile;
  }

  async makeFunction(): Promise<void> {
    const client = new LambdaClient({
      endpoint: this.#endpoint,
      region: REGION,
      credentials: { accessKeyId: this.id, secretAccessKey: 'contract' },
    });
    const create = new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Runtime: 'python3.12',
      Handler: 'index.handler',
      Role: `arn:aws:iam::${this.id}:role/orders`,
      Code: { ZipFile: zipOf('index.py', HANDLER) },
      Environment: { Variables: { COUNT_FILE: this.countFile } },
      Publish: true,
    });
    await client.send(create);
    await client.send(new CreateAliasCommand({ FunctionName: FUNCTION, Name: 'live', FunctionVersion: '1' }));
    const look = async (): Promise<string | undefined> =>
      (await client.send(new GetFunctionCommand({ FunctionName: FUNCTION }))).Configuration?.State;
    await until(look, (state) => state === 'Active', 10_000);
    client.destroy();
  }

  async makeSource(type: CreatableSource, name: string): Promise<string> {
    switch (type) {
      case 'sqs':
        await this.#call('sqs', 'AmazonSQS.CreateQueue', { QueueName: name });
        return `arn:aws:sqs:${REGION}:${this.id}:${name}`;
      case 'kinesis':
        await this.#call('kinesis', 'Kinesis_20131202.CreateStream', { StreamName: name, ShardCount: 1 });
        return `arn:aws:kinesis:${REGION}:${this.id}:stream/${name}`;
      case 'dynamodb':
        return this.#makeTable(name);
      case 'msk':
        return `arn:aws:kafka:${REGION}:${this.id}:cluster/${name}/5c9d3f0e-1-1`;
      case 'mq':
        return `arn:aws:mq:${REGION}:${this.id}:broker:${name}:b-5c9d3f0e`;
    }
  }

  async produce(sourceArn: string, count: number): Promise<void> {
    const name = sourceArn.split(/[:/]/).at(-1) ?? '';
    this.#produced += count;
    for (let index = 0; index < count; index += 1) {
      if (sourceArn.includes(':sqs:')) {
        const url = `${this.#endpoint}/${this.id}/${name}`;
        await this.#call('sqs', 'AmazonSQS.SendMessage', { QueueUrl: url, MessageBody: String(index) });
      } else {
        const record = { StreamName: name, PartitionKey: 'one', Data: 'eA==' };
        await this.#call('kinesis', 'Kinesis_20131202.PutRecord', record);
      }
    }
  }

  async waiting(): Promise<number> {
    return this.#produced - (await readFile(this.countFile, 'utf8')).length;
  }

  async #makeTable(name: string): Promise<string> {
    const answer = await this.#call('dynamodb', 'DynamoDB_20120810.CreateTable', {
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
    const table = answer as { readonly TableDescription?: { readonly LatestStreamArn?: string } };
    return table.TableDescription?.LatestStreamArn ?? '';
  }

  async #call(service: string, target: string, body: object): Promise<unknown> {
    const scope = `${this.id}/20260101/${REGION}/${service}/aws4_request`;
    const answer = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
}
