import { describe, expect, test } from '@jest/globals';
import type { MappingInfo } from '../../../src/aws/gateway.ts';
import { awsError, mapping, rejection, world, type Script, type World } from './pieces.ts';

const TEN = Array.from({ length: 10 }, (_, index) => `m${index}`);
const MANY = [...TEN, 'm10', 'm11'];
const all = (ids: readonly string[]): MappingInfo[] => ids.map((id) => mapping(id));
const prove = ({ context, clock }: World, ids: readonly string[]): Promise<boolean> =>
  clock.run(context.reader.proveList('orders', ids, 'forward'));
const readAll = ({ context, clock }: World, ids: readonly string[]) =>
  clock.run(Promise.all(ids.map((id) => context.reader.read(id, 'forward'))));
const gets = ({ calls }: World): number => calls.filter((call) => call.startsWith('get ')).length;

/** A world of twelve mappings whose List is proven, with `script` from then on. */
async function proven(script: Script['list'] = () => ({ mappings: all(MANY) })): Promise<World> {
  const list: Script['list'] = (marker, nth) =>
    nth === 1 && marker === undefined ? { mappings: all(MANY) } : script(marker, nth);
  const there = world({ ids: MANY, script: { list } });
  expect(await prove(there, MANY)).toBe(true);
  there.calls.length = 0;
  return there;
}

describe('reading mappings', () => {
  test('is a Get each up to ten of them', async () => {
    const there = world({ ids: TEN });
    expect(await prove(there, TEN)).toBe(false);
    await readAll(there, TEN);
    expect(there.calls).toEqual(TEN.map((id) => `get ${id}`));
  });

  test('is a page of List for more, once that has shown them all', async () => {
    const there = await proven();
    const seen = await readAll(there, MANY);
    expect(seen.map((info) => info !== 'gone' && info.uuid)).toEqual(MANY);
    expect(there.calls).toEqual(['list orders']);
  });

  test('follows every page, when proving and when reading', async () => {
    const pages: Script['list'] = (marker) =>
      marker === undefined ? { mappings: all(TEN), nextMarker: 'p2' } : { mappings: all(MANY.slice(10)) };
    const there = world({ ids: MANY, script: { list: pages } });
    expect(await prove(there, MANY)).toBe(true);
    await readAll(there, MANY);
    expect(there.calls).toEqual(['list orders', 'list orders from p2', 'list orders', 'list orders from p2']);
  });

  test.each<[string, Script['list']]>([
    ['shows all but one', () => ({ mappings: all(MANY.slice(1)) })],
    [
      'is refused',
      () => {
        throw awsError('denied');
      },
    ],
    [
      'is throttled',
      () => {
        throw awsError('throttled');
      },
    ],
    ['shows nothing', () => ({ mappings: [] })],
  ])('stays with Get when List %s', async (_what, list) => {
    const there = world({ ids: MANY, script: { list: list ?? (() => ({ mappings: [] })) } });
    expect(await prove(there, MANY)).toBe(false);
    await readAll(there, MANY);
    expect(gets(there)).toBe(MANY.length);
  });

  test('asks for the last few by Get even where List is proven, and for more by a page', async () => {
    const there = await proven();
    await readAll(there, MANY.slice(0, 3));
    expect([gets(there), there.calls.length]).toEqual([3, 3]);
    await readAll(there, MANY.slice(0, 4));
    expect(there.calls.slice(3)).toEqual(['list orders']);
  });

  test('asks by Get for one that List no longer shows, for it may be on a page that changed', async () => {
    const there = await proven(() => ({ mappings: all(MANY.filter((id) => id !== 'm3' && id !== 'm4')) }));
    there.states.delete('m4');
    const seen = await readAll(there, MANY);
    expect(there.calls).toEqual(['list orders', 'get m3', 'get m4']);
    expect(seen[3]).toMatchObject({ uuid: 'm3' });
    expect(seen[4]).toBe('gone');
  });

  test.each(['denied', 'invalid'] as const)(
    'goes back to Get when List is %s in the middle of a run',
    async (kind) => {
      const there = await proven(() => {
        throw awsError(kind);
      });
      await readAll(there, MANY);
      expect(gets(there)).toBe(MANY.length);
    },
  );

  test.each(['throttled', 'unavailable'] as const)(
    'does not answer a List that is %s with a Get for each',
    async (kind) => {
      const there = await proven(() => {
        throw awsError(kind);
      });
      expect(await rejection(readAll(there, MANY))).toMatchObject({ kind });
      expect(gets(there)).toBe(0);
    },
  );

  test('keeps the lanes apart, so that a revert never waits for a forward read', async () => {
    const there = await proven();
    there.lanes.clear();
    const { context, clock } = there;
    const forward = MANY.map((id) => context.reader.read(id, 'forward'));
    const revert = MANY.slice(0, 2).map((id) => context.reader.read(id, 'revert'));
    await clock.run(Promise.all([...forward, ...revert]));
    expect(there.calls).toEqual(['list orders', 'get m0', 'get m1']);
    expect([...there.lanes].sort()).toEqual(['forward', 'revert']);
  });

  test('tells a mapping that is gone from a call that failed', async () => {
    const there = world({ ids: ['a'] });
    expect(await readAll(there, ['gone'])).toEqual(['gone']);
    const failing = world({
      ids: ['a'],
      script: {
        get: () => {
          throw awsError('unavailable');
        },
      },
    });
    expect(await rejection(readAll(failing, ['a']))).toMatchObject({ kind: 'unavailable' });
  });

  test('asks nothing for a signal that is over', async () => {
    const { context, calls } = world();
    const reason = new Error('over');
    expect(await rejection(context.reader.read('a', 'forward', AbortSignal.abort(reason)))).toBe(reason);
    expect(calls).toEqual([]);
  });

  test('does not wait for a slow page of List when the run is ending', async () => {
    const there = await proven();
    const { context, clock } = there;
    const stop = new AbortController();
    const reads = Promise.allSettled(MANY.map((id) => context.reader.read(id, 'forward', stop.signal)));
    stop.abort(new Error('over'));
    const results = await Promise.race([
      reads,
      new Promise((resolve) => setImmediate(() => resolve('still waiting'))),
    ]);
    expect(results).toEqual(MANY.map(() => ({ status: 'rejected', reason: new Error('over') })));
    await clock.run(clock.sleep(1_000));
  });
});
