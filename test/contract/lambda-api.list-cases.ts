import {
  CreateEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  paginateListEventSourceMappings,
  type ListEventSourceMappingsCommandInput,
  type ListEventSourceMappingsCommandOutput,
} from '@aws-sdk/client-lambda';
import { expect } from '@jest/globals';
import { FUNCTION, makeMapping, raw } from './lambda-api.probe.ts';
import type { Bench, ContractCase } from './lambda-api.suite.ts';

async function list(
  bench: Bench,
  input: ListEventSourceMappingsCommandInput,
): Promise<ListEventSourceMappingsCommandOutput> {
  return bench.lambda.send(new ListEventSourceMappingsCommand(input));
}

function uuids({ EventSourceMappings: mappings = [] }: ListEventSourceMappingsCommandOutput): string[] {
  return mappings.map(({ UUID }) => UUID ?? '');
}

/** Mappings made without waiting for them. */
async function makeMany(bench: Bench, count: number): Promise<string[]> {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const arn = await bench.world.makeSource('sqs', `queue-${index}`);
    const input = { FunctionName: FUNCTION, EventSourceArn: arn, Enabled: false };
    made.push((await bench.lambda.send(new CreateEventSourceMappingCommand(input))).UUID ?? '');
  }
  return made;
}

export const LIST_CASES: readonly ContractCase[] = [
  {
    id: 'list-pages',
    title: 'following NextMarker until it is absent finds every mapping once',
    async run(bench) {
      const made = await makeMany(bench, 5);
      const seen: string[][] = [];
      const config = { client: bench.lambda, pageSize: 2 };
      for await (const page of paginateListEventSourceMappings(config, { FunctionName: FUNCTION })) {
        seen.push(uuids(page));
      }
      expect(seen.map(({ length }) => length)).toEqual([2, 2, 1]);
      expect(seen.flat().sort()).toEqual(made.sort());
    },
  },
  {
    id: 'list-page-limit',
    title: 'a page never holds more than a hundred mappings, whatever MaxItems says',
    async run(bench) {
      await makeMany(bench, 101);
      const page = await list(bench, { FunctionName: FUNCTION, MaxItems: 1000 });
      expect([uuids(page).length, typeof page.NextMarker]).toEqual([100, 'string']);
    },
  },
  {
    id: 'list-marker-opaque',
    title: 'a marker is not the UUID of a mapping',
    async run(bench) {
      const made = await makeMany(bench, 2);
      const { NextMarker: marker } = await list(bench, { FunctionName: FUNCTION, MaxItems: 1 });
      expect(marker).toBeDefined();
      expect(made).not.toContain(marker);
    },
  },
  {
    id: 'list-by-function',
    title: 'List by a qualified name returns the mappings of that qualifier',
    async run(bench) {
      await makeMapping(bench);
      const { uuid } = await makeMapping(bench, { functionName: `${FUNCTION}:live`, sourceName: 'other' });
      expect(uuids(await list(bench, { FunctionName: `${FUNCTION}:live` }))).toEqual([uuid]);
    },
  },
  {
    id: 'list-by-bare-name',
    title: 'List by a bare name leaves the mappings of aliases out',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      await makeMapping(bench, { functionName: `${FUNCTION}:live`, sourceName: 'other' });
      expect(uuids(await list(bench, { FunctionName: FUNCTION }))).toEqual([uuid]);
    },
  },
  {
    id: 'list-by-source',
    title: 'List by a source returns the mappings of that source',
    async run(bench) {
      await makeMapping(bench);
      const { uuid, sourceArn } = await makeMapping(bench, { sourceName: 'other' });
      expect(uuids(await list(bench, { EventSourceArn: sourceArn }))).toEqual([uuid]);
    },
  },
  {
    id: 'list-of-nobody',
    title: 'List by an unknown function is empty',
    async run(bench) {
      await makeMapping(bench);
      expect(uuids(await list(bench, { FunctionName: 'nobody' }))).toEqual([]);
    },
  },
  {
    id: 'empty-uuid-lists',
    title: 'Get with an empty UUID is a List: the collection is reachable with and without its slash',
    async run(bench) {
      const { uuid } = await makeMapping(bench);
      for (const path of ['/2015-03-31/event-source-mappings/', '/2015-03-31/event-source-mappings']) {
        const answer = await raw(bench.world, path);
        expect(await answer.json()).toMatchObject({ EventSourceMappings: [{ UUID: uuid }] });
      }
    },
  },
];
