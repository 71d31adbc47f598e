import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeError } from '../../src/kube/errors.ts';
import type { CustomRef, KubeEvent, KubeObject } from '../../src/kube/objects.ts';
import type { CallOptions } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Deadline } from '../../src/runtime/deadline.ts';
import { corePath, litmusPath, type KubeWorld } from '../support/kube-api/world.ts';

const soon = (): CallOptions => ({ deadline: new Deadline(systemClock, 10_000) });

const errorOf = async (call: Promise<unknown>): Promise<KubeError> => {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof KubeError)) throw error as Error;
  return error;
};

/** What this program believes of the Kubernetes API; run against the stand-in and against a real server. */
export function describeKubeApi(name: string, open: () => Promise<KubeWorld>): void {
  describe(name, () => {
    let world: KubeWorld;
    beforeAll(async () => {
      world = await open();
    }, 60_000);
    afterAll(() => world.close());

    const ref = (result: string): CustomRef => ({
      group: 'litmuschaos.io',
      version: 'v1alpha1',
      plural: 'chaosresults',
      namespace: world.namespace,
      name: result,
    });
    const draft = (result: string, rest: object = {}): KubeObject => ({
      apiVersion: 'litmuschaos.io/v1alpha1',
      kind: 'ChaosResult',
      metadata: { name: result, namespace: world.namespace, annotations: { a: '1' } },
      spec: { engine: 'e', experiment: 'x' },
      status: {
        experimentStatus: { phase: 'Running', errorOutput: { reason: 'old' } },
        probeStatuses: [{ name: 'p' }],
      },
      ...rest,
    });
    const create = (result: string): Promise<KubeObject> =>
      world.client.createCustom(ref(result), draft(result), soon());

    test('an object that is not there is not-found, with its name in the message', async () => {
      const error = await errorOf(world.client.getCustom(ref('nothing'), soon()));
      expect(error).toMatchObject({ kind: 'not-found', status: 404 });
      expect(error.message).toContain('chaosresults.litmuschaos.io "nothing" not found');
      expect(await errorOf(world.client.patchCustom(ref('nothing'), { spec: {} }, soon()))).toMatchObject({
        kind: 'not-found',
      });
    });

    test('a created ChaosResult keeps the status it was created with, and gets a UID and a version', async () => {
      const created = await create('created');
      expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(created.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(await world.client.getCustom(ref('created'), soon())).toMatchObject({
        status: draft('created').status,
      });
    });

    test('a second create of one name is already-exists, and not a conflict', async () => {
      await create('twice');
      expect(await errorOf(create('twice'))).toMatchObject({ kind: 'already-exists', status: 409 });
    });

    test('a create in a namespace that is not there is not-found', async () => {
      const elsewhere = { ...ref('lost'), namespace: 'no-such-namespace' };
      const body = { ...draft('lost'), metadata: { name: 'lost', namespace: 'no-such-namespace' } };
      const error = await errorOf(world.client.createCustom(elsewhere, body, soon()));
      expect(error).toMatchObject({ kind: 'not-found', request: { verb: 'create' } });
    });

    test('a merge patch merges maps, replaces lists, deletes on null and leaves the rest', async () => {
      const before = await create('patched');
      const patch = {
        metadata: { annotations: { a: null, b: '2' } },
        status: { experimentStatus: { phase: 'Error', errorOutput: null }, probeStatuses: [{ name: 'q' }] },
      };
      const after = await world.client.patchCustom(ref('patched'), patch, soon());
      expect(after.metadata.annotations).toEqual({ b: '2' });
      expect(after.spec).toEqual(before.spec);
      expect(after.status).toEqual({ experimentStatus: { phase: 'Error' }, probeStatuses: [{ name: 'q' }] });
      expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
    });

    test('a patch on top of an old resourceVersion is a conflict and changes nothing', async () => {
      const { metadata } = await create('contested');
      await world.client.patchCustom(ref('contested'), { spec: { engine: 'other' } }, soon());
      const late = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { engine: 'late' } };
      expect(await errorOf(world.client.patchCustom(ref('contested'), late, soon()))).toMatchObject({
        kind: 'conflict',
        status: 409,
      });
      expect(await world.client.getCustom(ref('contested'), soon())).toMatchObject({
        spec: { engine: 'other' },
      });
    });

    test('a patch that changes nothing makes no new version', async () => {
      const before = await create('idle');
      const after = await world.client.patchCustom(ref('idle'), { spec: { engine: 'e' } }, soon());
      expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    });

    test('objects of any kind are made, found by their labels, and deleted', async () => {
      const { namespace } = world;
      const any = { group: 'litmuschaos.io', version: 'v1alpha1', plural: 'chaosresults', namespace };
      const labelled = (name: string, labels: object): KubeObject => ({
        ...draft(name),
        metadata: { ...draft(name).metadata, labels: { ...labels } },
      });
      expect(await world.client.createResource(any, labelled('any-1', { of: 'any' }), soon())).toBe('any-1');
      await world.client.createResource(any, labelled('any-2', { of: 'another' }), soon());
      expect(await world.client.listNames(any, { labelSelector: 'of=any' }, soon())).toEqual(['any-1']);
      expect(await world.client.getResource(any, 'any-1', soon())).toMatchObject({ spec: { engine: 'e' } });
      await world.client.deleteResource(any, 'any-1', soon(), 0);
      expect(await errorOf(world.client.getResource(any, 'any-1', soon()))).toMatchObject({
        kind: 'not-found',
      });
      expect(await errorOf(world.client.deleteResource(any, 'any-1', soon()))).toMatchObject({
        kind: 'not-found',
        request: { verb: 'delete' },
      });
    });

    test.each(['.', '..', ''])('no call is made for something called %j', async (name) => {
      const any = { group: '', version: 'v1', plural: 'configmaps', namespace: world.namespace };
      await expect(world.client.deleteResource(any, name, soon())).rejects.toThrow(/is no name of anything/);
      await expect(world.client.getResource(any, name, soon())).rejects.toThrow(/is no name of anything/);
    });

    test('status is not a subresource', async () => {
      await create('flat');
      const path = `${litmusPath(world.namespace, 'chaosresults', 'flat')}/status`;
      expect((await world.raw('GET', path)).status).toBe(404);
    });

    test('a merge patch under the name of a JSON patch, or of nothing it knows, is refused', async () => {
      await create('misnamed');
      const path = litmusPath(world.namespace, 'chaosresults', 'misnamed');
      const as = async (type: string): Promise<number> =>
        (await world.raw('PATCH', path, { spec: {} }, { 'content-type': type })).status;
      expect(await as('application/json-patch+json')).toBe(400);
      expect(await as('application/json')).toBe(415);
    });

    test.each([
      [
        'a target as the operator reads it',
        'lambda-event-source-mapping/14e0db71-5d35-4eb5-b481-8945cf9d10c2',
        true,
      ],
      ['a private key', 'chaos.lambda-chaos-runner.io/journal', true],
      ['an ARN', 'mapping/arn:aws:lambda:eu-west-1:123456789012:event-source-mapping', false],
      ['a name of 64 characters', `mapping/${'a'.repeat(64)}`, false],
      ['two slashes', 'a/b/c', false],
    ])('annotation key: %s', async (_what, key, legal) => {
      const result = `keys-${Math.random().toString(36).slice(2)}`;
      await create(result);
      const call = world.client.patchCustom(
        ref(result),
        { metadata: { annotations: { [key]: 'injected' } } },
        soon(),
      );
      if (legal) expect((await call).metadata.annotations).toMatchObject({ [key]: 'injected' });
      else expect(await errorOf(call)).toMatchObject({ kind: 'invalid', status: 422 });
    });

    test('annotations beyond 256 KiB, and a name with capitals, are invalid', async () => {
      await create('huge');
      const patch = { metadata: { annotations: { big: 'x'.repeat(262_145) } } };
      expect(await errorOf(world.client.patchCustom(ref('huge'), patch, soon()))).toMatchObject({
        kind: 'invalid',
      });
      expect(await errorOf(create('Capital'))).toMatchObject({ kind: 'invalid', status: 422 });
    });

    const event = (eventName: string, namespace = world.namespace): KubeEvent => ({
      name: eventName,
      namespace: world.namespace,
      involvedObject: { apiVersion: 'v1', kind: 'ChaosEngine', name: 'e', namespace, uid: 'u' },
      reason: 'ChaosInject',
      message: 'first',
      type: 'Normal',
      component: 'a-pod',
      at: new Date('2026-01-02T03:04:05Z'),
    });

    test('an event may have capitals in its name, and keeps lastTimestamp, source and the UID it is about', async () => {
      await world.client.createEvent(event('ChaosInject-made'), soon());
      const { body } = await world.raw('GET', corePath(world.namespace, 'events', 'ChaosInject-made'));
      expect(body).toMatchObject({
        lastTimestamp: '2026-01-02T03:04:05Z',
        firstTimestamp: '2026-01-02T03:04:05Z',
        source: { component: 'a-pod' },
        involvedObject: { uid: 'u', kind: 'ChaosEngine' },
        count: 1,
      });
    });

    test('an event that exists is already-exists, and can be counted up', async () => {
      await world.client.createEvent(event('Repeated'), soon());
      expect(await errorOf(world.client.createEvent(event('Repeated'), soon()))).toMatchObject({
        kind: 'already-exists',
      });
      expect(await world.client.getEventCount(event('Repeated'), soon())).toBe(1);
      const later = { ...event('Repeated'), message: 'second', at: new Date('2026-01-02T03:09:05Z') };
      await world.client.patchEvent(later, 2, soon());
      const { body } = await world.raw('GET', corePath(world.namespace, 'events', 'Repeated'));
      expect(body).toMatchObject({
        count: 2,
        message: 'second',
        firstTimestamp: '2026-01-02T03:04:05Z',
        lastTimestamp: '2026-01-02T03:09:05Z',
      });
    });

    test('an event about an object in another namespace is invalid', async () => {
      expect(await errorOf(world.client.createEvent(event('Astray', 'default'), soon()))).toMatchObject({
        kind: 'invalid',
      });
    });

    test('pods are found by label, with their labels and phase', async () => {
      await world.createPod('one', { 'batch.kubernetes.io/controller-uid': 'job-a', 'job-name': 'j' });
      await world.createPod('two', { 'batch.kubernetes.io/controller-uid': 'job-b', 'job-name': 'j' });
      const { namespace, client } = world;
      const names = async (selector: string): Promise<string[]> =>
        (await client.listPods(namespace, selector, soon())).map((pod) => pod.name).sort();
      expect(await names('batch.kubernetes.io/controller-uid=job-a')).toEqual(['one']);
      expect(await names('job-name=j')).toEqual(['one', 'two']);
      expect(await names('job-name=k')).toEqual([]);
      expect(await client.getPod(namespace, 'one', soon())).toMatchObject({
        name: 'one',
        phase: 'Pending',
        labels: { 'job-name': 'j' },
      });
      expect(await errorOf(client.getPod(namespace, 'three', soon()))).toMatchObject({ kind: 'not-found' });
    });

    test('the metadata of all objects comes without what else is in them', async () => {
      await create('listed');
      const found = await world.client.listCustomMetadata(ref(''), soon());
      const listed = found.find(({ name }) => name === 'listed');
      expect(listed).toMatchObject({
        annotations: { a: '1' },
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      const path = litmusPath(world.namespace, 'chaosresults');
      const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
      const { body } = await world.raw('GET', path, undefined, { accept });
      const items = (body as { items: object[] }).items;
      expect(items.filter((item) => 'status' in item || 'spec' in item)).toEqual([]);
    });

    test('a Job is found with its UID and labels, and is not over while it may still start a pod', async () => {
      const template = {
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none.invalid/none' }] },
      };
      const metadata = { name: 'j', labels: { chaosUID: 'engine' } };
      // Suspended: no controller makes a pod of it, or ends it.
      const body = { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { suspend: true, template } };
      const path = `apis/batch/v1/namespaces/${world.namespace}/jobs`;
      const { status, body: made } = await world.raw('POST', path, body);
      expect(status).toBe(201);
      const { uid } = (made as KubeObject).metadata;
      const labels = expect.objectContaining({ chaosUID: 'engine' }) as object;
      const job = { name: 'j', uid, labels, over: false };
      expect(await world.client.listJobs(world.namespace, soon())).toEqual([job]);
    });

    const right = { verb: 'patch', group: 'litmuschaos.io', resource: 'chaosresults' };

    test('an account is told what it may do', async () => {
      expect(await world.client.mayI(right, world.namespace, soon())).toBe(true);
    });

    // The last one: in the stand-in nobody has any right after it.
    test('without rights a call is forbidden, and the message names the missing verb', async () => {
      const client = world.clientWithoutRights();
      expect(await client.mayI(right, world.namespace, soon())).toBe(false);
      const error = await errorOf(client.patchCustom(ref('any'), { spec: {} }, soon()));
      expect(error).toMatchObject({ kind: 'forbidden', status: 403 });
      expect(error.message).toContain('needs the verb "patch" on chaosresults.litmuschaos.io');
    });
  });
}
