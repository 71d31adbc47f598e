import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { together } from '../support/product/together.ts';
import { ended, play, writesOf } from './play.ts';
import { useTarget } from './probe-pieces.ts';

const { http } = useTarget();

describe('a standalone run', () => {
  const list = (...probes: readonly object[]): string => JSON.stringify({ probe: probes });

  together({
    'takes its probes from a file, and its exit code tells of a failure': () =>
      play({ mappings: 1 }, async (scene) => {
        const path = join(scene.folder, 'probes.yaml');
        writeFileSync(path, list(http('a', 'OnChaos', '/200'), http('b', 'EOT', '/500')));
        const product = scene.startStandalone(['run', '--probes', path]);
        expect((await ended(product)).code).toBe(1);
        const { outcome } = JSON.parse(readFileSync(scene.journalPath, 'utf8')) as {
          outcome: { verdict: string; probes: { name: string; verdict: string }[] };
        };
        expect(outcome.verdict).toBe('Fail');
        expect(outcome.probes.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
          'a Passed',
          'b Failed',
        ]);
      }),

    'with a file that holds no probes is refused, and so is its plan': () =>
      play({ mappings: 1 }, async (scene) => {
        const path = join(scene.folder, 'probes.yaml');
        writeFileSync(path, 'a: [');
        expect((await ended(scene.startStandalone(['run', '--probes', path]))).code).toBe(2);
        expect(writesOf(scene)).toEqual([]);
        const plan = scene.startStandalone(['plan', '--probes', path]);
        expect((await ended(plan)).code).toBe(2);
        expect(plan.output).toMatch(/--probes .*probes.yaml: can't be read/);
      }),

    'is planned with its probes and what is wrong with them': () =>
      play({ mappings: 1 }, async (scene) => {
        const path = join(scene.folder, 'probes.yaml');
        writeFileSync(path, list(http('a', 'OnChaos', '/200')));
        const plan = scene.startStandalone(['plan', '--probes', path]);
        expect((await ended(plan)).code).toBe(0);
        expect(plan.output).toMatch(/Probes:\n.*name.*type.*mode.*\n.*a +httpProbe +OnChaos/);
        writeFileSync(path, list(http('a', 'Never', '/200')));
        const bad = scene.startStandalone(['plan', '--probes', path]);
        expect((await ended(bad)).code).toBe(2);
        expect(bad.output).toContain('probe a: mode got "Never"');
      }),
  });
});
