import { describe, expect } from '@jest/globals';
import { NAMESPACE } from '../support/product/scene.ts';
import { together } from '../support/product/together.ts';
import { play, runPod } from './play.ts';
import { command, pods, prometheus, useTarget } from './probe-pieces.ts';
import { probesOf, reasonOf, statusOf, verdictOf } from './records.ts';

const MODES = ['SOT', 'EOT', 'Edge', 'Continuous', 'OnChaos'] as const;

const target = useTarget();
const { http } = target;

/** A probe of each type: what it finds is as expected, is not, or can't be told. */
const TYPES = {
  http: {
    good: (mode: string) => http(`http-${mode}`, mode, '/200'),
    bad: (mode: string) => http(`http-${mode}`, mode, '/500'),
  },
  cmd: {
    good: (mode: string) => command(`cmd-${mode}`, mode, 'echo yes'),
    bad: (mode: string) => command(`cmd-${mode}`, mode, 'echo no'),
    unclear: (mode: string) => command(`cmd-${mode}`, mode, 'exit 3'),
  },
  k8s: {
    good: (mode: string) => pods(`k8s-${mode}`, mode, { resourceNames: 'marker', operation: 'present' }),
    bad: (mode: string) => pods(`k8s-${mode}`, mode, { labelSelector: 'no=body', operation: 'present' }),
    unclear: (mode: string) => pods(`k8s-${mode}`, mode, { resourceNames: 'nobody', operation: 'present' }),
  },
  prom: {
    good: (mode: string) => prometheus(`prom-${mode}`, mode, target.web.url, '12'),
    bad: (mode: string) => prometheus(`prom-${mode}`, mode, target.web.url, '3'),
    unclear: (mode: string) => prometheus(`prom-${mode}`, mode, target.web.url, 'none'),
  },
} as const;

const CODES = { cmd: 'CMD_PROBE_ERROR', k8s: 'K8S_PROBE_ERROR', prom: 'PROM_PROBE_ERROR' } as const;

const all = (kind: 'good' | 'bad'): object[] =>
  MODES.flatMap((mode) => Object.values(TYPES).map((type) => type[kind](mode)));

/** What is told of each probe, whatever its name. */
const verdicts = (texts: readonly string[]): Set<string> =>
  new Set(texts.map((text) => text.split(' ')[1] ?? ''));

/** Errors of one type in one mode each: they end the run. */
const errors = Object.fromEntries(
  (['cmd', 'k8s', 'prom'] as const).flatMap((type) =>
    MODES.map((mode) => [
      `${type} in mode ${mode} that can not be evaluated: the run ends as Error, with the code of the type`,
      () =>
        play({ mappings: 1, probes: [TYPES[type].unclear(mode)] }, async (scene) => {
          expect(await runPod(scene)).toBe(0);
          expect(verdictOf(scene)).toBe('Error/Error');
          expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe(CODES[type]);
          expect(reasonOf(scene)).toMatch(new RegExp(`Probe ${type}-${mode} could not be evaluated: .+`));
          expect(probesOf(scene)).toEqual([`${type}-${mode} N/A`]);
        }),
    ]),
  ),
);

describe('probes of every type in every mode', () => {
  together({
    pass: () =>
      play({ mappings: 1, probes: all('good') }, async (scene) => {
        scene.kube.create('pods', { metadata: { name: 'marker', namespace: NAMESPACE } });
        expect(await runPod(scene)).toBe(0);
        expect(probesOf(scene)).toHaveLength(20);
        expect(verdicts(probesOf(scene))).toEqual(new Set(['Passed']));
        expect(verdictOf(scene)).toBe('Completed/Pass');
      }),

    fail: () =>
      play({ mappings: 1, probes: all('bad') }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(probesOf(scene)).toHaveLength(20);
        expect(verdicts(probesOf(scene))).toEqual(new Set(['Failed']));
        expect(verdictOf(scene)).toBe('Completed_With_Probe_Failure/Fail');
        expect(statusOf(scene).experimentStatus.probeSuccessPercentage).toBe('0');
      }),

    ...errors,
  });
});
