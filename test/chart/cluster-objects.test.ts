import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { itemsOf, openScratch, withLitmus, type Scratch } from '../support/chart/cluster.ts';
import { ofKind, parseObjects, render, VARIANTS, type KubeObject } from '../support/chart/objects.ts';
import { mustSucceed } from '../support/chart/programs.ts';

const MANIFESTS = ['', 'engines/', 'hub/faults/aws-lambda/lambda-toggle-event-mapping-state/'].flatMap(
  (folder) =>
    readdirSync(join(process.cwd(), 'manifests', folder))
      .filter((name) => name.endsWith('.yaml') && !name.includes('chartserviceversion'))
      .map((name) => `manifests/${folder}${name}`),
);

withLitmus((kubeconfig) => {
  describe('a real API server with the CRDs of Litmus', () => {
    let scratch: Scratch;
    beforeAll(async () => {
      // What it admits it must admit in the strictest namespace, too.
      scratch = await openScratch(kubeconfig, { 'pod-security.kubernetes.io/enforce': 'restricted' });
    });
    afterAll(() => scratch.close());

    /** What the server would store of `objects`, and what it says beside it. */
    async function stored(objects: readonly KubeObject[]): Promise<{ items: KubeObject[]; stderr: string }> {
      // A pod needs its account, and a dry run keeps nothing.
      const accounts = ofKind(objects, 'ServiceAccount');
      if (accounts.length > 0) await scratch.apply(accounts);
      const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
      const verb = objects.some(({ metadata }) => 'generateName' in metadata) ? 'create' : 'apply';
      const ended = scratch.kubectl([verb, '--dry-run=server', '-o', 'json', '-f', '-'], { input });
      return { items: itemsOf(await mustSucceed(ended)), stderr: (await ended).stderr };
    }

    /** Everything that was sent came back: a field that no schema knows is dropped without a word. */
    function expectKept(sent: readonly KubeObject[], items: readonly KubeObject[]): void {
      expect(items.map(({ kind }) => kind)).toEqual(sent.map(({ kind }) => kind));
      for (const [index, object] of sent.entries()) {
        if (!object.apiVersion.startsWith('litmuschaos.io')) continue;
        expect(items[index]?.spec).toEqual(object.spec);
      }
    }

    test.each(VARIANTS)('takes the rendering of ci/%s whole, and warns of nothing', async (variant) => {
      const objects = await render({ variant, namespace: scratch.namespace });
      const { items, stderr } = await stored(objects);
      expectKept(objects, items);
      expect(stderr).toBe('');
    });

    test.each(MANIFESTS)('takes %s whole, and warns of nothing', async (path) => {
      const text = readFileSync(join(process.cwd(), path), 'utf8');
      const objects = parseObjects(
        text.replaceAll(/namespace: (chaos|default)$/gm, `namespace: ${scratch.namespace}`),
      );
      const { items, stderr } = await stored(objects);
      expectKept(objects, items);
      expect(stderr).toBe('');
    });

    test('refuses an engine that is none, so these tests can fail', async () => {
      const objects = await render({ variant: 'parallel', namespace: scratch.namespace });
      const engines = ofKind(objects, 'ChaosEngine').map((engine) => ({
        ...engine,
        spec: { ...(engine.spec as object), engineState: 'on' },
      }));
      await expect(stored(engines)).rejects.toThrow('spec.engineState');
    });

    test('refuses what no schema knows, so these tests can fail', async () => {
      const objects = await render({ variant: 'probes', namespace: scratch.namespace });
      const text = JSON.stringify(ofKind(objects, 'ChaosEngine')).replaceAll('"attempt"', '"attempts"');
      const sent = stored(JSON.parse(text) as KubeObject[]);
      await expect(sent).rejects.toThrow(
        'unknown field "spec.experiments[0].spec.probe[0].runProperties.attempts"',
      );
    });
  });
});
