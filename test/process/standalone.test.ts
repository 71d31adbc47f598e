import { existsSync, readFileSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { OFF_BEFORE, type Scene } from '../support/product/scene.ts';
import { disablesOf, enablesOf, ended, killInHold, play, writesOf } from './play.ts';
import { story } from '../support/product/together.ts';

const LONG = { TOTAL_CHAOS_DURATION: '40' };

describe('a standalone run', () => {
  const codeOf = async (scene: Scene, env: Record<string, string> = {}): Promise<number | null> =>
    (await ended(scene.startStandalone(['run'], env))).code;

  story('that passes exits 0, with journal and verdict in the file, and never asks for Kubernetes', () =>
    play({ mappings: 2 }, async (scene) => {
      expect(await codeOf(scene)).toBe(0);
      const { journal, outcome } = JSON.parse(readFileSync(scene.journalPath, 'utf8')) as {
        journal: { finished: boolean; targets: Record<string, { phase: string }> };
        outcome: { verdict: string };
      };
      expect(outcome.verdict).toBe('Pass');
      expect(journal.finished).toBe(true);
      expect(Object.values(journal.targets).map(({ phase }) => phase)).toEqual(['reverted', 'reverted']);
      expect(scene.kube.requests).toEqual([]);
      // And it can be run again.
      expect(await codeOf(scene)).toBe(0);
      expect(disablesOf(scene)).toHaveLength(4);
    }),
  );

  story('that is refused exits 2', () =>
    play({ mappings: 1 }, async (scene) => {
      expect(await codeOf(scene, { EVENT_UUIDS: OFF_BEFORE })).toBe(2);
      expect(await codeOf(scene, { TOTAL_CHAOS_DURATION: 'x' })).toBe(2);
      expect(writesOf(scene)).toEqual([]);
    }),
  );

  story('that is stopped exits 3', () =>
    play({ mappings: 1, env: LONG }, async (scene) => {
      const run = scene.startStandalone(['run']);
      await run.logged('hold');
      run.kill('SIGINT');
      expect((await ended(run)).code).toBe(3);
    }),
  );

  story('after one that was killed brings its mappings back and injects nothing', () =>
    play({ mappings: 2, env: LONG }, async (scene) => {
      await killInHold(scene.startStandalone(['run']));
      expect(await codeOf(scene)).toBe(2);
      expect(enablesOf(scene)).toHaveLength(2);
      expect(disablesOf(scene)).toHaveLength(2);
      // The third one is a new run.
      expect(await codeOf(scene, { TOTAL_CHAOS_DURATION: '1' })).toBe(0);
      expect(disablesOf(scene)).toHaveLength(4);
    }),
  );

  story('whose journal can not be written touches nothing and exits non-zero', () =>
    play({ mappings: 1 }, async (scene) => {
      const run = scene.start(['run', '--journal', '/nowhere/journal.json'], {
        CHAOSENGINE: '',
        CHAOS_UID: '',
      });
      expect((await ended(run)).code).toBe(71);
      expect(run.output).toMatch(/\/nowhere\/journal.json can't be/);
      expect(scene.lambda.requests).toEqual([]);
      expect(existsSync('lambda-chaos-journal.json')).toBe(false);
    }),
  );
});
