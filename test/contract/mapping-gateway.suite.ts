import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError, type AwsErrorKind } from '../../src/aws/errors.ts';
import type { CallerInspector, MappingGateway } from '../../src/aws/gateway.ts';
import { AbortedError } from '../../src/runtime/errors.ts';

export interface GatewayWorld {
  readonly gateway: MappingGateway & CallerInspector;
  /** Two mappings of the function `orders`, Enabled. */
  readonly ids: readonly [string, string];
  readonly missing: string;
  /** Writes that took effect. */
  readonly writes: () => number;
  /** Lets `ms` pass, virtual or real. */
  readonly pass: (ms: number) => Promise<void>;
  /** Awaits `work` while time goes on. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** How long a transition takes in the worlds of this suite, in milliseconds. */
export const LAG_MS = 150;

const forward = { lane: 'forward' } as const;
const revert = { lane: 'revert' } as const;

/** What the fault relies on, whoever implements the gateway. */
export function mappingGatewayContract(name: string, open: () => Promise<GatewayWorld>): void {
  describe(`the mapping gateway: ${name}`, () => {
    let world: GatewayWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    const failsAs = async (work: Promise<unknown>, kind: AwsErrorKind): Promise<AwsError> => {
      const error = await world.during(
        work.then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
      );
      expect(error).toBeInstanceOf(AwsError);
      expect((error as AwsError).kind).toBe(kind);
      return error as AwsError;
    };

    test('names the caller and the function', async () => {
      const caller = await world.during(world.gateway.callerIdentity({}));
      expect(caller.arn).toMatch(/^arn:aws:/);
      const fn = await world.during(world.gateway.getFunction('orders', undefined, forward));
      expect(fn).toMatchObject({
        state: 'Active',
        arn: expect.stringMatching(/:function:orders$/) as unknown,
      });
    });

    test('reads a mapping by its UUID', async () => {
      const [id] = world.ids;
      const seen = await world.during(world.gateway.getMapping(id, forward));
      expect(seen).toMatchObject({
        uuid: id,
        state: 'Enabled',
        functionArn: expect.stringMatching(/:function:orders$/) as unknown,
      });
    });

    test('lists the mappings of the function', async () => {
      const page = await world.during(world.gateway.listMappings('orders', undefined, forward));
      expect(page.mappings.map((mapping) => mapping.uuid)).toEqual(expect.arrayContaining([...world.ids]));
    });

    test('a disable goes through Disabling to Disabled, and an enable back', async () => {
      const [id] = world.ids;
      expect((await world.during(world.gateway.setEnabled(id, false, forward))).state).toBe('Disabling');
      await world.pass(2 * LAG_MS);
      expect((await world.during(world.gateway.getMapping(id, forward))).state).toBe('Disabled');
      expect((await world.during(world.gateway.setEnabled(id, true, revert))).state).toBe('Enabling');
      await world.pass(2 * LAG_MS);
      expect((await world.during(world.gateway.getMapping(id, revert))).state).toBe('Enabled');
    });

    test('a write in a transition is refused as busy, and has not happened', async () => {
      const [id] = world.ids;
      await world.during(world.gateway.setEnabled(id, false, forward));
      const error = await failsAs(world.gateway.setEnabled(id, true, revert), 'busy');
      expect(error.mayHaveHappened).toBe(false);
    });

    test('an unknown UUID is not found, by read and by write', async () => {
      await failsAs(world.gateway.getMapping(world.missing, forward), 'not-found');
      await failsAs(world.gateway.setEnabled(world.missing, true, revert), 'not-found');
    });

    test('asks once more immediately before a write, and passes a refusal on as it is', async () => {
      const refusal = new AbortedError('taken over');
      const writing = world.gateway.setEnabled(world.ids[0], false, {
        ...forward,
        beforeSend: () => Promise.reject(refusal),
      });
      expect(await world.during(writing.catch((error: unknown) => error))).toBe(refusal);
      expect(world.writes()).toBe(0);
    });

    test('waits for the last question before it writes', async () => {
      let asked = 0;
      const beforeSend = (): Promise<void> => {
        asked += 1;
        expect(world.writes()).toBe(0);
        return Promise.resolve();
      };
      await world.during(world.gateway.setEnabled(world.ids[0], false, { ...forward, beforeSend }));
      expect([asked, world.writes()]).toEqual([1, 1]);
    });

    test('a run that is over sends no write, and says why', async () => {
      const reason = new AbortedError('SIGTERM received');
      const writing = world.gateway.setEnabled(world.ids[0], false, {
        ...forward,
        waitSignal: AbortSignal.abort(reason),
      });
      expect(await world.during(writing.catch((error: unknown) => error))).toBe(reason);
      expect(world.writes()).toBe(0);
    });
  });
}
