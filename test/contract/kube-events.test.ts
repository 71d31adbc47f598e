import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EngineEvents } from '../../src/litmus/events.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { TimelineEvent } from '../../src/runtime/events.ts';
import { anOutcome } from '../support/kube-api/records.ts';
import type { KubeApi } from '../support/kube-api/server.ts';
import type { StoredObject } from '../support/kube-api/store.ts';
import { openStandIn, type KubeWorld } from '../support/kube-api/world.ts';
import { identityIn, TARGET_KIND } from './journal.world.ts';

const CYCLE: TimelineEvent = { type: 'cycle', cycle: 1, cycles: 2, targets: [], holdSeconds: 30 };

describe('the Kubernetes Events of a run, on the API', () => {
  let world: KubeWorld & { readonly api: KubeApi };
  let warnings: TimelineEvent[];
  let uid: string | undefined;
  beforeEach(async () => {
    world = await openStandIn();
    warnings = [];
    uid = undefined;
  });
  afterEach(() => world.close());

  const open = (env: Readonly<Record<string, string>> = {}): EngineEvents =>
    new EngineEvents({
      client: world.client,
      identity: identityIn(world, { EXPERIMENT_NAME: 'esm', ...env }),
      targetKind: TARGET_KIND,
      resultUid: () => uid,
      clock: systemClock,
      emit: (event) => warnings.push(event),
    });
  const written = (): StoredObject[] => world.api.list('events', world.namespace);
  const names = (): string[] => written().map((event) => event.metadata.name);

  test('come in order, under their names, about the engine and the result', async () => {
    const events = open();
    events.handle({ type: 'note', message: 'before there is a result' });
    uid = 'result-uid';
    for (const event of [{ type: 'pre-chaos', ok: true }, CYCLE, { type: 'post-chaos', ok: true }] as const) {
      events.handle(event);
    }
    events.handle({ type: 'outcome', outcome: anOutcome() });
    await events.flush(5_000);
    expect(names()).toEqual([
      'Awaiteda-pod',
      'PreChaosCheckesmengine-uid-1',
      'ChaosInjectesmengine-uid-1',
      'PostChaosCheckesmengine-uid-1',
      'Passa-pod',
      'Summaryesmengine-uid-1',
    ]);
    expect(written()[2]).toMatchObject({
      source: { component: 'a-pod' },
      involvedObject: {
        kind: 'ChaosEngine',
        name: 'engine-1',
        namespace: world.namespace,
        uid: 'engine-uid-1',
      },
      message: 'Injecting esm chaos on lambda event source mapping',
      count: 1,
      lastTimestamp: expect.stringMatching(/Z$/) as unknown,
    });
    expect(written()[4]).toMatchObject({
      involvedObject: { kind: 'ChaosResult', name: 'engine-1-esm', uid: 'result-uid' },
    });
  });

  test('count up where one of that name exists, also from an earlier run of the engine', async () => {
    const earlier = open();
    earlier.handle(CYCLE);
    await earlier.flush(5_000);
    const events = open();
    events.handle(CYCLE);
    events.handle(CYCLE);
    await events.flush(5_000);
    expect(written()).toMatchObject([{ count: 3, reason: 'ChaosInject' }]);
  });

  test('are not written about an engine that there is not', async () => {
    uid = 'result-uid';
    const events = open({ CHAOSENGINE: '', CHAOS_UID: '' });
    events.handle(CYCLE);
    await events.flush(5_000);
    expect(names()).toEqual(['Awaiteda-pod']);
  });

  test('that may not be written cost one warning in all', async () => {
    world.api.faults.forbid('create', 'events');
    const events = open();
    for (let n = 0; n < 3; n += 1) events.handle(CYCLE);
    await events.flush(5_000);
    expect(warnings).toEqual([
      { type: 'warning', message: expect.stringContaining('"create" on events') as unknown },
    ]);
  });

  test('end at the bound of their flush when the API hangs, without a warning', async () => {
    world.api.faults.add({ act: 'hang' });
    const events = open();
    for (let n = 0; n < 3; n += 1) events.handle(CYCLE);
    const startedAt = performance.now();
    await events.flush(100);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    world.api.faults.clear();
    events.handle(CYCLE);
    await events.flush(1_000);
    expect(world.api.requests).toHaveLength(1);
    expect(warnings).toEqual([]);
  });
});
