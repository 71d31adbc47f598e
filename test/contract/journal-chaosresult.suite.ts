import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JOURNAL_ANNOTATION, OUTCOME_ANNOTATION } from '../../src/litmus/annotations.ts';
import type { TimelineEvent } from '../../src/runtime/events.ts';
import type { ProbeVerdict } from '../../src/runtime/verdict.ts';
import { anError, anOutcome, aRecord, aTarget } from '../support/kube-api/records.ts';
import { litmusPath, type KubeWorld } from '../support/kube-api/world.ts';
import { identityIn, openStore, patchResult, readResult } from './journal.world.ts';

const M1 = '14e0db71-5d35-4eb5-b481-8945cf9d10c2';
const M2 = '22222222-5d35-4eb5-b481-8945cf9d10c2';
const key = (id: string): string => `lambda-event-source-mapping/${id}`;
const PROBE: ProbeVerdict = { name: 'queue-ok', type: 'promProbe', mode: 'EOT', verdict: 'Awaited' };

/** How a run looks to chaos-operator, chaos-runner, chaos-exporter and ChaosCenter. */
export function describeChaosResult(name: string, open: () => Promise<KubeWorld>): void {
  describe(name, () => {
    let world: KubeWorld;
    let warnings: TimelineEvent[];
    beforeEach(async () => {
      world = await open();
      warnings = [];
    }, 60_000);
    afterEach(() => world.close());
    const store = (): ReturnType<typeof openStore> => openStore(world, {}, (event) => warnings.push(event));

    test('a begun run is Running and Awaited, with counters at zero and nothing that is only empty', async () => {
      await store().begin(aRecord(), [PROBE]);
      const { metadata, spec, status } = await readResult(world);
      expect(spec).toEqual({ engine: 'engine-1', experiment: 'lambda-toggle-event-mapping-state' });
      expect(status).toEqual({
        experimentStatus: { phase: 'Running', verdict: 'Awaited', probeSuccessPercentage: 'Awaited' },
        probeStatuses: [{ name: 'queue-ok', type: 'promProbe', mode: 'EOT', status: { verdict: 'Awaited' } }],
        history: { passedRuns: 0, failedRuns: 0, stoppedRuns: 0 },
      });
      expect(metadata.labels).toEqual({ chaosUID: 'engine-uid-1' });
      expect(warnings).toMatchObject([
        { type: 'warning', message: expect.stringContaining('404') as unknown },
      ]);
    });

    test("it carries its own pod's labels, and none of an earlier run's", async () => {
      await world.createPod('a-pod', { 'job-name': 'job', name: 'x' });
      await openStore(world, { identity: identityIn(world, { POD_NAME: '' }) }).begin(aRecord(), []);
      await patchResult(world, { metadata: { labels: { 'job-name': 'old', stale: 'yes' } } });
      await store().begin(aRecord(), []);
      expect((await readResult(world)).metadata.labels).toEqual({
        'job-name': 'job',
        name: 'x',
        chaosUID: 'engine-uid-1',
      });
      expect(warnings).toEqual([]);
    });

    test('its name ends in the instance id, which is in the spec too', async () => {
      const identity = identityIn(world, { INSTANCE_ID: 'blue' });
      await openStore(world, { identity }).begin(aRecord(), []);
      expect((await readResult(world, identity)).spec).toMatchObject({ instance: 'blue' });
    });

    test('each target has an annotation that the operator folds, as long as its phase is one it knows', async () => {
      const run = store();
      await run.begin(aRecord(), []);
      await run.save(aRecord({ targets: { [M1]: aTarget('targeted'), [M2]: aTarget('injected') } }), {
        fence: true,
      });
      expect((await readResult(world)).metadata.annotations).toMatchObject({
        [key(M1)]: 'targeted',
        [key(M2)]: 'injected',
      });
      await run.save(aRecord({ targets: { [M1]: aTarget('reverted'), [M2]: aTarget('released') } }), {
        fence: true,
      });
      const { annotations } = (await readResult(world)).metadata;
      expect(annotations).toEqual({ [key(M1)]: 'reverted', [JOURNAL_ANNOTATION]: expect.any(String) });
    });

    test('annotations of earlier targets go, those of other people stay', async () => {
      const run = store();
      await run.begin(aRecord({ targets: { [M1]: aTarget('reverted') } }), []);
      await run.finish(aRecord({ finished: true, targets: { [M1]: aTarget('reverted') } }), anOutcome());
      await patchResult(world, { metadata: { annotations: { note: 'mine' } } });
      await store().begin(aRecord({ jobId: 'job-2', startedAt: '2026-02-01T00:00:00.000Z' }), []);
      const { annotations } = (await readResult(world)).metadata;
      expect(Object.keys(annotations).sort()).toEqual(
        [JOURNAL_ANNOTATION, OUTCOME_ANNOTATION, 'note'].sort(),
      );
    });

    test('the private annotation alone is enough, because the operator takes the others away', async () => {
      const record = aRecord({ targets: { [M1]: aTarget('injected') } });
      await store().begin(record, []);
      await patchResult(world, { metadata: { annotations: { [key(M1)]: null } } });
      expect(await store().load()).toEqual({ kind: 'record', record });
    });

    test('a pass counts once, and the next run keeps the count', async () => {
      const run = store();
      await run.begin(aRecord(), [PROBE]);
      const targets = [{ id: M1, chaosStatus: 'reverted', askedHoldMs: 1, heldMs: 1, detail: '' }] as const;
      await run.finish(
        aRecord({ finished: true }),
        anOutcome({ targets, probes: [{ ...PROBE, verdict: 'Passed' }] }),
      );
      await run.finish(aRecord({ finished: true }), anOutcome({ targets }));
      expect((await readResult(world)).status).toEqual({
        experimentStatus: { phase: 'Completed', verdict: 'Pass', probeSuccessPercentage: '100' },
        probeStatuses: [{ name: 'queue-ok', type: 'promProbe', mode: 'EOT', status: { verdict: 'Passed' } }],
        history: {
          passedRuns: 1,
          failedRuns: 0,
          stoppedRuns: 0,
          targets: [{ name: M1, kind: 'lambda-event-source-mapping', chaosStatus: 'reverted' }],
        },
      });
      await store().begin(aRecord({ jobId: 'job-2', startedAt: '2026-02-01T00:00:00.000Z' }), []);
      expect((await readResult(world)).status).toEqual({
        experimentStatus: { phase: 'Running', verdict: 'Awaited', probeSuccessPercentage: 'Awaited' },
        history: { passedRuns: 1, failedRuns: 0, stoppedRuns: 0 },
      });
    });

    test('an error says why, in the form that ChaosCenter shows, and the next run clears it', async () => {
      const run = store();
      await run.begin(aRecord(), [PROBE]);
      await run.finish(aRecord({ finished: true }), { ...anError(), probes: [PROBE] });
      const { status } = await readResult(world);
      const { errorOutput } = status.experimentStatus as {
        errorOutput: { errorCode: string; reason: string };
      };
      expect(errorOutput.errorCode).toBe('CHAOS_INJECT_ERROR');
      expect(JSON.parse(errorOutput.reason)).toEqual({
        errorCode: 'CHAOS_INJECT_ERROR',
        phase: 'ChaosInject',
        reason: 'it broke',
      });
      expect(status.probeStatuses).toMatchObject([
        { status: { verdict: 'N/A', description: expect.any(String) as unknown } },
      ]);
      expect(status.history).toEqual({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0 });
      await store().begin(aRecord({ jobId: 'job-2', startedAt: '2026-02-01T00:00:00.000Z' }), []);
      expect((await readResult(world)).status.experimentStatus).not.toHaveProperty('errorOutput');
    });

    test('a target that an earlier run left injected stays listed until this run brings it back', async () => {
      const left = [
        { name: M1, kind: 'lambda-event-source-mapping', chaosStatus: 'injected' },
        { name: M2, kind: 'lambda-event-source-mapping', chaosStatus: 'reverted' },
      ];
      await store().begin(aRecord(), []);
      await patchResult(world, { status: { history: { targets: left, failedRuns: 4 } } });
      const run = store();
      await run.begin(aRecord(), []);
      expect((await readResult(world)).status.history).toMatchObject({ targets: [left[0]], failedRuns: 4 });
      await run.finish(aRecord({ finished: true, targets: { [M1]: aTarget('reverted') } }), anOutcome());
      expect((await readResult(world)).status.history).toEqual({
        passedRuns: 1,
        failedRuns: 4,
        stoppedRuns: 0,
      });
    });

    test('a change by somebody else between two of our writes costs nothing', async () => {
      const run = store();
      await run.begin(aRecord(), []);
      await patchResult(world, { metadata: { annotations: { note: 'mine' } } });
      await run.save(aRecord({ targets: { [M1]: aTarget('targeted') } }), { fence: true });
      await patchResult(world, { status: { history: { passedRuns: 7 } } });
      await run.finish(aRecord({ finished: true }), anOutcome());
      const { metadata, status } = await readResult(world);
      expect(metadata.annotations.note).toBe('mine');
      expect(status.history.passedRuns).toBe(8);
    });

    test('a ChaosResult that was deleted in the run is made again, with its counters', async () => {
      const path = litmusPath(world.namespace, 'chaosresults', identityIn(world).resultName);
      const run = store();
      await run.begin(aRecord(), []);
      await patchResult(world, { status: { history: { passedRuns: 3 } } });
      await run.save(aRecord(), { fence: true });
      await run.save(aRecord({ context: { a: 'b' } }), { fence: true });
      await world.raw('DELETE', path);
      const targets = { [M1]: aTarget('targeted') };
      await run.save(aRecord({ targets }), { fence: true });
      expect((await readResult(world)).status.experimentStatus.verdict).toBe('Awaited');
      await world.raw('DELETE', path);
      await run.finish(aRecord({ finished: true, targets: { [M1]: aTarget('reverted') } }), anOutcome());
      const { metadata, spec, status } = await readResult(world);
      expect(status.experimentStatus.verdict).toBe('Pass');
      expect(status.history.passedRuns).toBe(4);
      expect(metadata.labels).toEqual({ chaosUID: 'engine-uid-1' });
      expect(spec.engine).toBe('engine-1');
    });

    test('the UID for events is known as soon as the run has begun', async () => {
      const run = store();
      expect(run.uid).toBeUndefined();
      await run.begin(aRecord(), []);
      expect(run.uid).toBe((await readResult(world)).metadata.uid);
    });
  });
}
