import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { TimelineEvent } from '../../src/runtime/events.ts';
import type { KubeApi } from '../support/kube-api/server.ts';
import { anOutcome, aRecord, aTarget } from '../support/kube-api/records.ts';
import { configFrom, openStandIn, type KubeWorld } from '../support/kube-api/world.ts';
import { identityIn, openStore, readResult } from './journal.world.ts';

const M1 = '14e0db71-5d35-4eb5-b481-8945cf9d10c2';

describe('a ChaosResult while the Kubernetes API fails', () => {
  let world: KubeWorld & { readonly api: KubeApi };
  let client: KubeClient;
  let warnings: TimelineEvent[];

  beforeEach(async () => {
    world = await openStandIn();
    const load = (): ReturnType<typeof configFrom> => configFrom(world.api.kubeconfigPath);
    client = new KubeClient({ clock: systemClock, load, attemptTimeoutMs: 200 });
    warnings = [];
  });
  afterEach(async () => {
    await client.close();
    await world.close();
  });

  const store = (
    ms: { openMs?: number; saveMs?: number; finishMs?: number } = {},
  ): ReturnType<typeof openStore> => openStore(world, { client, ...ms }, (event) => warnings.push(event));

  test('a save is one request as long as nobody else writes', async () => {
    const run = store();
    await run.begin(aRecord(), []);
    const before = world.api.requests.length;
    await run.save(aRecord({ targets: { [M1]: aTarget('targeted') } }), { fence: true });
    await run.save(aRecord({ targets: { [M1]: aTarget('injected') } }), { fence: false });
    expect(world.api.requests.slice(before).map((request) => request.verb)).toEqual(['patch', 'patch']);
  });

  test.each(['create', 'patch'])('a lost answer to a %s changes nothing in the end', async (verb) => {
    if (verb === 'patch') await store().begin(aRecord(), []);
    world.api.faults.add({ act: 'reset', when: 'after', times: 1, match: { verb } });
    const run = store();
    await run.begin(aRecord({ targets: { [M1]: aTarget('targeted') } }), []);
    await run.save(aRecord({ targets: { [M1]: aTarget('injected') } }), { fence: true });
    expect(await store().load()).toMatchObject({ record: { targets: { [M1]: { phase: 'injected' } } } });
  });

  test.each([
    ['finished', true],
    ['unfinished', false],
  ])('a verdict whose answer was lost counts once (%s)', async (_what, finished) => {
    const run = store();
    await run.begin(aRecord(), []);
    world.api.faults.add({ act: 'reset', when: 'after', times: 1, match: { verb: 'patch' } });
    await run.finish(aRecord({ finished }), anOutcome());
    expect((await readResult(world)).status.history.passedRuns).toBe(1);
  });

  test('a server that hangs for a while delays an intent and does not lose it', async () => {
    const run = store();
    await run.begin(aRecord(), []);
    world.api.faults.add({ act: 'hang', times: 2, match: { verb: 'patch' } });
    await run.save(aRecord({ targets: { [M1]: aTarget('targeted') } }), { fence: true });
    expect(await store().load()).toMatchObject({ record: { targets: { [M1]: { phase: 'targeted' } } } });
  });

  test('the verdict waits for an API that comes back', async () => {
    const run = store();
    await run.begin(aRecord(), []);
    world.api.faults.add({ act: 503 });
    const finished = run.finish(aRecord({ finished: true }), anOutcome());
    await delay(300);
    world.api.faults.clear();
    await finished;
    expect((await readResult(world)).status.experimentStatus.verdict).toBe('Pass');
  });

  test('after its bounded time an unavailable API is an error that names the object and the status', async () => {
    world.api.faults.add({ act: 503 });
    const begin = store({ openMs: 200 }).begin(aRecord(), []);
    await expect(begin).rejects.toMatchObject({ code: 'CHAOS_RESULT_CRUD_ERROR', phase: 'PreChaos' });
    await expect(begin).rejects.toThrow(
      /ChaosResult chaos-test\/engine-1-lambda-toggle-event-mapping-state: .*503/,
    );
  });

  test('a missing right ends the call at once and is named', async () => {
    const run = store();
    await run.begin(aRecord(), []);
    world.api.faults.forbid('patch', 'chaosresults');
    const startedAt = performance.now();
    const finish = run.finish(aRecord({ finished: true }), anOutcome());
    await expect(finish).rejects.toThrow(/403 .*the verb "patch" on chaosresults\.litmuschaos\.io/);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('without the right to read its own pod a run begins, with one warning', async () => {
    world.api.faults.forbid('get', 'pods');
    const run = store();
    await run.begin(aRecord(), []);
    await run.begin(aRecord(), []);
    expect((await readResult(world)).metadata.labels).toEqual({ chaosUID: 'engine-uid-1' });
    expect(warnings).toHaveLength(1);
  });

  test('a namespace that is not there is an error at once, not a wait', async () => {
    const identity = { ...identityIn(world), namespace: 'no-such-namespace' };
    const begin = openStore(world, { client, identity }).begin(aRecord(), []);
    await expect(begin).rejects.toThrow(/namespaces "no-such-namespace" not found/);
  });
});
