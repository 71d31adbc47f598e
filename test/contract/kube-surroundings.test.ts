import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JOURNAL_ANNOTATION } from '../../src/litmus/annotations.ts';
import { OwnPod } from '../../src/litmus/own-pod.ts';
import { lookForLife } from '../../src/litmus/signs-of-life.ts';
import { jobNameOf, LitmusSurroundings } from '../../src/litmus/surroundings.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Deadline } from '../../src/runtime/deadline.ts';
import { AbortedError } from '../../src/runtime/errors.ts';
import type { TimelineEvent } from '../../src/runtime/events.ts';
import { aRecord, aTarget } from '../support/kube-api/records.ts';
import type { KubeApi } from '../support/kube-api/server.ts';
import { openStandIn, type KubeWorld } from '../support/kube-api/world.ts';
import { identityIn } from './journal.world.ts';

describe("a run's surroundings", () => {
  let world: KubeWorld & { readonly api: KubeApi };
  let warnings: TimelineEvent[];
  beforeEach(async () => {
    world = await openStandIn();
    warnings = [];
  });
  afterEach(() => world.close());

  const open = (env: Readonly<Record<string, string>> = {}): LitmusSurroundings => {
    const emit = (event: TimelineEvent): unknown => warnings.push(event);
    const identity = identityIn(world, { POD_NAME: 'job-ab12cd-x1', EXPERIMENT_NAME: 'esm', ...env });
    const { client } = world;
    const ownPod = new OwnPod(client, identity, emit);
    return new LitmusSurroundings({ client, identity, ownPod, clock: systemClock, emit, openMs: 300 });
  };
  const pod = (name: string, labels: Record<string, string>, rest: object = {}): void => {
    world.api.create('pods', { metadata: { name, namespace: world.namespace, labels }, ...rest });
  };
  const engine = (spec: object = {}, meta: object = {}): Record<string, string> => {
    const metadata = { name: 'engine-1', namespace: world.namespace, ...meta };
    return { CHAOS_UID: world.api.create('chaosengines', { metadata, spec }).metadata.uid ?? '' };
  };

  describe('other pods of the Job', () => {
    const NEW = {
      'batch.kubernetes.io/controller-uid': 'job-uid',
      'controller-uid': 'job-uid',
      'job-name': 'job',
    };

    test.each([
      ['a running one', { status: { phase: 'Running' } }, true],
      ['a pending one', {}, true],
      ['one that nobody knows anything of', { status: { phase: 'Unknown' } }, true],
      ['one that succeeded', { status: { phase: 'Succeeded' } }, false],
      ['one that failed', { status: { phase: 'Failed' } }, false],
    ])('%s', async (_what, rest, live) => {
      pod('job-ab12cd-x1', NEW);
      pod('job-ab12cd-x2', NEW, rest);
      pod('other', { ...NEW, 'batch.kubernetes.io/controller-uid': 'other-job' });
      expect(await open().otherLivePods()).toEqual(live ? ['job-ab12cd-x2'] : []);
    });

    test('one that is being deleted may still be reverting, so it is live', async () => {
      pod('job-ab12cd-x1', NEW);
      const metadata = {
        name: 'old',
        namespace: world.namespace,
        labels: NEW,
        deletionTimestamp: '2026-01-01T00:00:00Z',
      };
      world.api.create('pods', { metadata, status: { phase: 'Running' } });
      expect(await open().otherLivePods()).toEqual(['old']);
    });

    test.each(['controller-uid', 'job-name'])('are found by %s on older clusters', async (label) => {
      pod('job-ab12cd-x1', { [label]: 'j' });
      pod('job-ab12cd-x2', { [label]: 'j' });
      expect(await open().otherLivePods()).toEqual(['job-ab12cd-x2']);
    });

    test('are none, with a warning, when they may not be listed', async () => {
      pod('job-ab12cd-x1', NEW);
      world.api.faults.forbid('list', 'pods');
      expect(await open().otherLivePods()).toEqual([]);
      expect(warnings).toMatchObject([{ type: 'warning' }]);
    });
  });

  describe('the identity of the Job', () => {
    test.each([
      ['the newest label', { 'batch.kubernetes.io/controller-uid': 'a', 'controller-uid': 'b' }, [], 'a'],
      ['the older label', { 'controller-uid': 'b' }, [{ uid: 'c', controller: true }], 'b'],
      ['the owner', { 'job-name': 'j' }, [{ uid: 'd' }, { uid: 'c', controller: true }], 'c'],
      ['the name of the pod', {}, [], 'job-ab12cd'],
    ])('is taken from %s', async (_what, labels, ownerReferences, expected) => {
      const metadata = { name: 'job-ab12cd-x1', namespace: world.namespace, labels, ownerReferences };
      world.api.create('pods', { metadata });
      expect(await open().jobId()).toBe(expected);
    });

    test('is the name when the pod may not be read', async () => {
      world.api.faults.forbid('get', 'pods');
      expect(await open().jobId()).toBe('job-ab12cd');
    });

    test('is not guessed while the API is away, because another pod would guess otherwise', async () => {
      world.api.faults.add({ act: 503 });
      await expect(open().jobId()).rejects.toThrow(/503/);
    });

    test.each([
      ['esm-ab12cd-x1y2z', 'esm-ab12cd'],
      ['pod', 'pod'],
      ['', ''],
    ])('the pod %p belongs to %p', (name, job) => {
      expect(jobNameOf(name)).toBe(job);
    });
  });

  describe('runs of other engines', () => {
    const journal = (engineName: string, record: object): void => {
      const annotations = { [JOURNAL_ANNOTATION]: JSON.stringify(record) };
      const metadata = { name: `${engineName}-esm`, namespace: world.namespace, annotations };
      world.api.create('chaosresults', { metadata });
    };
    const draft = aRecord({ targets: { m1: aTarget('injected'), m2: aTarget('reverted') } });
    const held = { ...draft, run: { ...draft.run, experiment: 'esm' } };

    test('are seen by what their journals hold open, and their own run is none of them', async () => {
      journal('engine-1', held);
      journal('engine-2', { ...held, run: { ...held.run, engine: 'engine-2' } });
      world.api.create('chaosresults', { metadata: { name: 'plain', namespace: world.namespace } });
      expect(await open().othersHolding(['m1', 'm2', 'm3'])).toMatchObject([
        {
          target: 'm1',
          finish: expect.stringContaining('--engine engine-2'),
          whose: expect.stringContaining('/engine-2 (pod '),
        },
      ]);
    });

    test('are none, with one warning however often it is asked, when they may not be listed', async () => {
      world.api.faults.forbid('list', 'chaosresults');
      const surroundings = open();
      expect(await surroundings.othersHolding(['m1'])).toEqual([]);
      expect(await surroundings.othersHolding(['m1'])).toEqual([]);
      expect(warnings).toMatchObject([
        { type: 'warning', message: expect.stringContaining('other engines') },
      ]);
    });
  });

  describe('signs of life of a run', () => {
    const run = { ...aRecord().run, jobId: 'job-uid', engineUid: 'engine-uid' };
    const look = async (): Promise<unknown> => {
      const options = { deadline: new Deadline(systemClock, 1_000) };
      return (await lookForLife(world.client, world.namespace, options))(run);
    };
    const job = (name: string, labels: Record<string, string>, status: object = {}): void => {
      world.api.create('jobs', { metadata: { name, namespace: world.namespace, labels }, status });
    };

    test.each([
      [
        'its Job by the newest label',
        { 'batch.kubernetes.io/controller-uid': 'job-uid', 'job-name': 'j' },
        'Running',
      ],
      ['its Job by the older label', { 'controller-uid': 'job-uid', 'job-name': 'j' }, 'Pending'],
      ['its Job by name, where no more was known', { 'job-name': 'job-uid' }, 'Unknown'],
      ['another Job of its engine', { 'job-name': 'next', chaosUID: 'engine-uid' }, 'Running'],
    ])('a pod of %s', async (_what, labels, phase) => {
      pod('a-pod', labels, { status: { phase } });
      expect(await look()).toEqual({ jobs: [], pods: ['a-pod'] });
    });

    test.each([
      ['has ended', { 'job-name': 'j', chaosUID: 'engine-uid' }, 'Failed'],
      ['is the runner, which no Job made', { chaosUID: 'engine-uid' }, 'Running'],
      ['belongs to somebody else', { 'job-name': 'other', chaosUID: 'other' }, 'Running'],
    ])('are not in a pod that %s', async (_what, labels, phase) => {
      pod('a-pod', labels, { status: { phase } });
      expect(await look()).toEqual({ jobs: [], pods: [] });
    });

    test('a Job of its engine, until that is over', async () => {
      job('mine', { chaosUID: 'engine-uid' });
      job('over', { chaosUID: 'engine-uid' }, { conditions: [{ type: 'Failed', status: 'True' }] });
      job('other', { chaosUID: 'other' });
      job('job-uid', {});
      expect(await look()).toEqual({ jobs: ['mine', 'job-uid'], pods: [] });
    });

    test('are not made out of an engine without a UID', async () => {
      const options = { deadline: new Deadline(systemClock, 1_000) };
      pod('a-pod', { 'job-name': 'j', chaosUID: '' });
      const signsOf = await lookForLife(world.client, world.namespace, options);
      expect(signsOf({ ...run, engineUid: '' })).toEqual({ jobs: [], pods: [] });
    });
  });

  describe('the wish to stop', () => {
    test('is none while the engine is active', async () => {
      const env = engine({ engineState: 'active' });
      expect(await open(env).stopRequested()).toBeUndefined();
      await expect(open(env).admit()).resolves.toEqual([]);
    });

    test.each([
      ['engineState stop', { engineState: 'stop' }, {}, /engineState stop/],
      ['a deletion', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }, /is being deleted/],
    ])('is %s', async (_what, spec, meta, why) => {
      const env = engine(spec, meta);
      expect(await open(env).stopRequested()).toMatch(why);
      await expect(open(env).admit()).rejects.toBeInstanceOf(AbortedError);
    });

    test('is an engine that is gone, or another one of its name', async () => {
      expect(await open().stopRequested()).toMatch(/is gone/);
      engine();
      expect(await open({ CHAOS_UID: 'older' }).stopRequested()).toMatch(/was replaced/);
    });

    test('is not read into an API that fails, nor into a run without an engine', async () => {
      world.api.faults.forbid('get', 'chaosengines');
      expect(await open().stopRequested()).toBeUndefined();
      expect(await open({ CHAOSENGINE: '' }).stopRequested()).toBeUndefined();
      await expect(open({ CHAOSENGINE: '' }).admit()).resolves.toEqual([]);
    });
  });

  test('the probes of the engine are those of this experiment, and none of them is evaluated', async () => {
    const probe = [{ name: 'queue-ok', type: 'promProbe', mode: 'EOT', runProperties: {} }];
    const env = engine({
      experiments: [
        { name: 'other', spec: { probe: [{ name: 'not-mine' }] } },
        { name: 'esm', spec: { probe } },
      ],
    });
    const surroundings = open(env);
    expect(await surroundings.admit()).toEqual([
      { name: 'queue-ok', type: 'promProbe', mode: 'EOT', verdict: 'Awaited' },
    ]);
    expect(surroundings.probes).toEqual(probe);
    expect(await open(env).lookAtProbes()).toEqual(probe);
  });

  test('the engine is set to stop, and nothing else of it is changed', async () => {
    const env = engine({ engineState: 'active', chaosServiceAccount: 'a' });
    expect(await open(env).stopEngine()).toBe(true);
    expect(world.api.get('chaosengines', world.namespace, 'engine-1')?.spec).toEqual({
      engineState: 'stop',
      chaosServiceAccount: 'a',
    });
    await open({ CHAOSENGINE: '' }).stopEngine();
  });

  test('an engine that is another one by now, or stopped, is left as it is', async () => {
    engine({ engineState: 'active' });
    expect(await open({ CHAOS_UID: 'older' }).stopEngine()).toBe(false);
    expect(world.api.get('chaosengines', world.namespace, 'engine-1')?.spec).toEqual({
      engineState: 'active',
    });
  });

  describe('what a dead process of the run has left', () => {
    const probePod = (name: string, uid: string): void =>
      pod(name, { chaosUID: uid, 'chaos.lambda-chaos-runner.io/probe': 'true' });
    const names = (): string[] =>
      world.api.list('pods', world.namespace).map(({ metadata }) => metadata.name);

    test('is taken away: pods of probes, and no others', async () => {
      const env = engine();
      const uid = env.CHAOS_UID ?? '';
      probePod('left-1', uid);
      probePod('left-2', uid);
      probePod('of-another', 'other-uid');
      pod('experiment', { chaosUID: uid });
      await open(env).tidy();
      expect(names().sort()).toEqual(['experiment', 'of-another']);
    });

    test('is named where it may not be taken away', async () => {
      const env = engine();
      probePod('left-1', env.CHAOS_UID ?? '');
      world.api.faults.forbid('delete', 'pods');
      await open(env).tidy();
      expect(warnings).toMatchObject([
        { message: expect.stringMatching(/Pod left-1 of a probe is left behind: .*"delete" on pods/) },
      ]);
    });

    test('is nothing where pods may not be listed', async () => {
      world.api.faults.forbid('list', 'pods');
      await open(engine()).tidy();
      expect(warnings).toEqual([]);
    });
  });

  test('a run is not admitted when its engine may not be read', async () => {
    world.api.faults.forbid('get', 'chaosengines');
    await expect(open().admit()).rejects.toThrow(/the verb "get" on chaosengines/);
  });
});
