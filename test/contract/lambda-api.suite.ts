import { stripVTControlCharacters } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { CREDENTIAL_CASES, FUNCTION_CASES } from './lambda-api.function-cases.ts';
import { LIST_CASES } from './lambda-api.list-cases.ts';
import { MAPPING_CASES } from './lambda-api.mapping-cases.ts';
import { WRITE_CASES } from './lambda-api.write-cases.ts';

export type CreatableSource = 'sqs' | 'kinesis' | 'dynamodb' | 'msk' | 'mq';

/** A fresh account with one function, `orders`, that has the version 1 and the alias `live`, and is Active. */
export interface ContractWorld {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** Longer than any transition of the target. */
  readonly settleMs: number;
  /** Long enough for the target's pollers to read something if they were on. */
  readonly pollMs: number;
  /** A new, empty event source. Returns its ARN. */
  makeSource(type: CreatableSource, name: string): Promise<string>;
  /** Events that arrive now. */
  produce(sourceArn: string, count: number): Promise<void>;
  /** Events that nobody has processed yet. */
  waiting(sourceArn: string): Promise<number>;
  close(): Promise<void>;
}

/** Something that the target does otherwise than we believe of AWS. */
export interface Deviation {
  readonly why: string;
  /** What the failed expectation says; another failure is not this deviation. */
  readonly fails: RegExp;
}

export interface ContractTarget {
  readonly name: string;
  /** `throttled`: with AWS' limit of requests a second, if the target has one. */
  makeWorld(options: { readonly throttled: boolean }): Promise<ContractWorld>;
  /** By the id of the case. */
  readonly deviations: Readonly<Record<string, Deviation>>;
}

export interface Bench {
  readonly world: ContractWorld;
  readonly lambda: LambdaClient;
  readonly sts: STSClient;
  /** A client of the same account with something changed. */
  lambdaWith(changed: Readonly<Record<string, unknown>>): LambdaClient;
}

export interface ContractCase {
  readonly id: string;
  readonly title: string;
  readonly throttled?: true;
  run(bench: Bench): Promise<void>;
}

const CASES: readonly ContractCase[] = [
  ...FUNCTION_CASES,
  ...MAPPING_CASES,
  ...WRITE_CASES,
  ...LIST_CASES,
  ...CREDENTIAL_CASES,
];

/** What we believe of the Lambda control plane, checked with the real SDK over HTTP. */
export function lambdaApiContract(target: ContractTarget): void {
  describe(`the Lambda API of ${target.name}`, () => {
    for (const each of CASES) {
      const deviation = target.deviations[each.id];
      const title = deviation === undefined ? each.title : `deviates: ${each.title} (${deviation.why})`;
      test(`${each.id}: ${title}`, async () => {
        const failure = await outcome(target, each);
        if (deviation !== undefined) expectDeviation(failure, deviation);
        else if (failure !== undefined) throw failure;
      });
    }

    test('every listed deviation names a case', () => {
      const known = CASES.map(({ id }) => id);
      expect(Object.keys(target.deviations).filter((id) => !known.includes(id))).toEqual([]);
    });
  });
}

async function outcome(target: ContractTarget, each: ContractCase): Promise<Error | undefined> {
  const world = await target.makeWorld({ throttled: each.throttled ?? false });
  // Neither the SDK's retries nor the machine's own AWS settings may come between us and the target.
  const settings = {
    endpoint: world.endpoint,
    region: world.region,
    maxAttempts: 1,
    credentials: { accessKeyId: world.accessKeyId, secretAccessKey: 'contract' },
  };
  const clients: { destroy(): void }[] = [];
  const keep = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  try {
    await each.run({
      world,
      lambda: keep(new LambdaClient(settings)),
      sts: keep(new STSClient(settings)),
      lambdaWith: (changed) => keep(new LambdaClient({ ...settings, ...changed })),
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const client of clients) client.destroy();
    await world.close();
  }
}

function expectDeviation(failure: Error | undefined, deviation: Deviation): void {
  if (failure === undefined) {
    throw new Error(`this deviation no longer occurs, take it off the table: ${deviation.why}`);
  }
  expect(stripVTControlCharacters(`${failure.name}: ${failure.message}`)).toMatch(deviation.fails);
}
