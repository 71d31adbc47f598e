import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { ENGINE, NAMESPACE, type Scene } from '../support/product/scene.ts';
import { together } from '../support/product/together.ts';
import { disablesOf, ended, enablesOf, killInHold, play, runPod, until, writesOf } from './play.ts';
import { command, pods, PROPERTIES, useTarget } from './probe-pieces.ts';
import { eventsOf, probesOf, reasonOf, statusOf, verdictOf, warningsOf } from './records.ts';

const target = useTarget();
const { http } = target;

const engineState = (scene: Scene): unknown =>
  (scene.kube.get('chaosengines', NAMESPACE, ENGINE)?.spec as { engineState?: string }).engineState;

const percentage = (scene: Scene): string => statusOf(scene).experimentStatus.probeSuccessPercentage;

/** Milliseconds from `since` until Lambda was asked to enable the first mapping. */
const enabledAfter = (scene: Scene, since: number): number => (enablesOf(scene)[0]?.at ?? Infinity) - since;

describe('a run with probes', () => {
  together({
    'that all pass ends as Pass, 100 per cent, and shows each with its evidence': () => {
      const probes = ['SOT', 'EOT', 'Edge', 'Continuous', 'OnChaos'].map((mode) => http(mode, mode, '/200'));
      return play({ mappings: 2, probes }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Completed/Pass');
        expect(percentage(scene)).toBe('100');
        expect(statusOf(scene).history.passedRuns).toBe(1);
        expect(probesOf(scene)).toEqual(
          ['SOT', 'EOT', 'Edge', 'Continuous', 'OnChaos'].map((mode) => `${mode} Passed`),
        );
        for (const { status, type } of statusOf(scene).probeStatuses ?? [])
          expect([type, status.description?.replace(/; so each of \d+ times$/, '')]).toEqual([
            'httpProbe',
            `GET ${target.web.url}/200 answered 200; expected is == 200`,
          ]);
        const checks = eventsOf(scene).filter(({ reason }) => /Check$/.test(reason));
        expect(checks.map(({ message, type }) => `${type} ${message}`)).toEqual([
          'Normal AUT: Running, Probes: Successful',
          'Normal AUT: Running, Probes: Successful',
        ]);
      });
    },

    'one of which fails ends as Fail, with the share that passed, and goes through its whole window': () => {
      const probes = [http('a', 'SOT', '/500'), http('b', 'EOT', '/200'), http('c', 'OnChaos', '/200')];
      return play({ mappings: 1, probes }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Completed_With_Probe_Failure/Fail');
        expect(percentage(scene)).toBe('66');
        expect(statusOf(scene).history.failedRuns).toBe(1);
        expect(probesOf(scene)).toEqual(['a Failed', 'b Passed', 'c Passed']);
        expect(statusOf(scene).experimentStatus.errorOutput).toBeUndefined();
        expect(disablesOf(scene)).toHaveLength(1);
      });
    },

    'that can not be evaluated before the chaos ends as Error, and touches nothing': () => {
      const probes = [http('a', 'SOT', '/200'), command('b', 'SOT', 'exit 3'), http('c', 'EOT', '/200')];
      return play({ mappings: 1, probes }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(percentage(scene)).toBe('0');
        expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe('CMD_PROBE_ERROR');
        expect(reasonOf(scene)).toMatch(/Probe b could not be evaluated: the command ended with exit code 3/);
        expect(probesOf(scene)).toEqual(['a Passed', 'b N/A', 'c N/A']);
        expect(statusOf(scene).history).toMatchObject({ passedRuns: 0, failedRuns: 0, stoppedRuns: 0 });
        expect(writesOf(scene)).toEqual([]);
      });
    },

    'that can not be parsed ends as Error that names probe and field, beside what else is wrong': () => {
      const probes = [
        http('a', 'SOT', '/200', { probeTimeout: '5' }),
        { name: 'b', type: 'sloProbe', mode: 'EOT', runProperties: PROPERTIES },
      ];
      return play({ mappings: 1, probes, env: { RAMP_TIME: 'x' } }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        const reason = reasonOf(scene);
        expect(reason).toContain('probe a: runProperties.probeTimeout got "5"');
        expect(reason).toContain('probe b: type got "sloProbe"');
        expect(reason).toContain('RAMP_TIME');
        expect(probesOf(scene)).toEqual(['a N/A', 'b N/A']);
        expect(scene.lambda.requests).toEqual([]);
      });
    },

    'with stopOnFailure before the chaos ends as Stopped, and touches nothing': () => {
      const probes = [http('a', 'SOT', '/500', { stopOnFailure: true }), http('b', 'SOT', '/200')];
      return play({ mappings: 1, probes }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        expect(probesOf(scene)).toEqual(['a Failed', 'b N/A']);
        expect(statusOf(scene).history.stoppedRuns).toBe(1);
        expect(writesOf(scene)).toEqual([]);
        expect(engineState(scene)).toBe('active');
      });
    },

    'with stopOnFailure in the hold reverts at once, records Stopped, and then stops the engine': () => {
      const probes = [
        command('a', 'OnChaos', 'test -e $FLAG && echo no || echo yes', { stopOnFailure: true }),
        http('b', 'EOT', '/200'),
      ];
      return play({ mappings: 2, probes, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
        const flag = join(scene.folder, 'flag');
        const { product } = scene.startPod(undefined, { FLAG: flag });
        await product.logged('hold');
        const since = scene.lambda.now();
        writeFileSync(flag, '');
        expect((await ended(product)).code).toBe(0);
        expect(enabledAfter(scene, since)).toBeLessThan(5_000);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        expect(probesOf(scene)).toEqual(['a Failed', 'b N/A']);
        expect(percentage(scene)).toBe('0');
        expect(product.output).toMatch(
          /\[Abort\] No more chaos, reverting: Probe a failed and stops the run: the command printed \\"no\\"/,
        );
        expect(engineState(scene)).toBe('stop');
        const requests = scene.kube.requests
          .filter(({ verb }) => verb === 'patch')
          .map(({ resource }) => resource);
        // The verdict before the word to the operator, which deletes the pod on it.
        expect(requests.lastIndexOf('chaosengines')).toBeGreaterThan(requests.lastIndexOf('chaosresults'));
      });
    },

    'with stopOnFailure leaves the engine active while a mapping is off, for the next pod to bring back':
      () => {
        const probes = [command('a', 'OnChaos', 'echo no', { stopOnFailure: true })];
        const env = { TOTAL_CHAOS_DURATION: '60', REVERT_TIMEOUT: '2' };
        return play({ mappings: 1, probes, env }, async (scene) => {
          const match = { enabled: true };
          const effect = { kind: 'error', code: 'AccessDeniedException' } as const;
          const hook = scene.lambda.hook({ match, effect, times: 'forever' });
          const { product } = scene.startPod();
          expect((await ended(product)).code).toBe(70);
          expect(verdictOf(scene)).toBe('Error/Error');
          expect(engineState(scene)).toBe('active');
          expect(warningsOf(product).join('\n')).toMatch(/The engine is not set to stop/);
          scene.lambda.unhook(hook);
          expect(await runPod(scene)).toBe(0);
        });
      },

    'keeps what its probes found when the pod is killed, for the next pod to record': () => {
      const probes = [http('a', 'SOT', '/500'), http('b', 'SOT', '/200'), http('c', 'EOT', '/200')];
      return play({ mappings: 1, probes, env: { TOTAL_CHAOS_DURATION: '40' } }, async (scene) => {
        await killInHold(scene.startPod().product);
        expect(await runPod(scene)).toBe(0);
        expect(verdictOf(scene)).toBe('Error/Error');
        expect(probesOf(scene)).toEqual(['a Failed', 'b Passed', 'c N/A']);
      });
    },

    'shows how they stand while it goes on': () => {
      const probes = [http('a', 'SOT', '/200'), http('b', 'EOT', '/200')];
      return play({ mappings: 1, probes, env: { TOTAL_CHAOS_DURATION: '3' } }, async (scene) => {
        const { product } = scene.startPod();
        await product.logged('hold');
        expect(verdictOf(scene)).toBe('Running/Awaited');
        expect(probesOf(scene)).toEqual(['a Passed', 'b Awaited']);
        expect((await ended(product)).code).toBe(0);
        expect(probesOf(scene)).toEqual(['a Passed', 'b Passed']);
      });
    },

    'is aborted at once while one hangs, and records Stopped': () => {
      const probes = [http('a', 'SOT', '/hang', { probeTimeout: '5m' })];
      return play({ mappings: 1, probes }, async (scene) => {
        const { product } = scene.startPod();
        await until('the request', () => target.web.requests.some(({ path }) => path === '/hang'));
        const began = performance.now();
        product.kill('SIGTERM');
        expect((await ended(product)).code).toBe(0);
        expect(performance.now() - began).toBeLessThan(3_000);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        expect(probesOf(scene)).toEqual(['a N/A']);
      });
    },

    'that hang in the background do not hold up the revert, and count as failed': () => {
      const probes = [
        http('a', 'OnChaos', '/hang', { probeTimeout: '5m' }),
        command('b', 'Continuous', 'sleep 600', { probeTimeout: '5m' }),
      ];
      return play({ mappings: 2, probes, env: { TOTAL_CHAOS_DURATION: '2' } }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        const [id = ''] = scene.ids;
        const off = scene.lambda.mapping(id).transitions.find(({ state }) => state === 'Disabled')?.at ?? 0;
        expect(enabledAfter(scene, off)).toBeLessThan(5_000);
        expect(verdictOf(scene)).toBe('Completed_With_Probe_Failure/Fail');
        expect(probesOf(scene)).toEqual(['a Failed', 'b Failed']);
      });
    },

    'leaves no child process behind, whichever way it ends': () => {
      const probes = [command('a', 'Continuous', 'echo $$ > $PID_FILE; sleep 600', { probeTimeout: '5m' })];
      return play({ mappings: 1, probes, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
        const path = join(scene.folder, 'pid');
        const { product } = scene.startPod(undefined, { PID_FILE: path });
        await product.logged('hold');
        await until('the command', () => existsSync(path) && readFileSync(path, 'utf8').trim() !== '');
        product.kill('SIGTERM');
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        await until('its end', () => !existsSync(`/proc/${readFileSync(path, 'utf8').trim()}`), 2_000);
      });
    },

    'looks at Kubernetes, makes something there and takes it away': () => {
      const manifest = `apiVersion: v1\nkind: Pod\nmetadata: {name: marker, namespace: ${NAMESPACE}, labels: {a: b}}\nspec: {containers: []}\n`;
      const probes = [
        pods('absent', 'SOT', { labelSelector: 'a=b', operation: 'absent' }),
        pods('create', 'SOT', { operation: 'create' }, { data: manifest }),
        pods('present', 'SOT', { resourceNames: 'marker', operation: 'present' }),
        pods('still-absent', 'EOT', { labelSelector: 'a=b', operation: 'absent' }),
        pods('delete', 'EOT', { resourceNames: 'marker', operation: 'delete' }),
        pods('gone', 'EOT', { labelSelector: 'a=b', operation: 'absent' }),
        pods('none', 'EOT', { labelSelector: 'a=b', operation: 'present' }),
      ];
      return play({ mappings: 1, probes }, async (scene) => {
        expect(await runPod(scene)).toBe(0);
        expect(probesOf(scene)).toEqual([
          'absent Passed',
          'create Passed',
          'present Passed',
          'still-absent Failed',
          'delete Passed',
          'gone Passed',
          'none Failed',
        ]);
        expect(percentage(scene)).toBe('71');
      });
    },

    'of a name that is missing in Kubernetes ends as Error, as Litmus has it': () =>
      play(
        { mappings: 1, probes: [pods('a', 'SOT', { resourceNames: 'nobody', operation: 'present' })] },
        async (scene) => {
          expect(await runPod(scene)).toBe(0);
          expect(statusOf(scene).experimentStatus.errorOutput?.errorCode).toBe('K8S_PROBE_ERROR');
          expect(reasonOf(scene)).toMatch(/pods nobody not found in namespace litmus/);
        },
      ),

    'that may not be looked at ends as Error that names the missing verb': () =>
      play(
        { mappings: 1, probes: [pods('a', 'SOT', { labelSelector: 'x=y', operation: 'absent' })] },
        async (scene) => {
          scene.kube.faults.forbid('list', 'pods');
          expect(await runPod(scene)).toBe(0);
          expect(reasonOf(scene)).toMatch(/the verb "list" on pods/);
        },
      ),

    'and an engine that may not be stopped reverts and records Stopped all the same': () => {
      const probes = [http('a', 'Continuous', '/500', { stopOnFailure: true, initialDelay: '1s' })];
      return play({ mappings: 1, probes, env: { TOTAL_CHAOS_DURATION: '60' } }, async (scene) => {
        scene.kube.faults.forbid('patch', 'chaosengines');
        const { product } = scene.startPod();
        expect((await ended(product)).code).toBe(0);
        expect(verdictOf(scene)).toBe('Stopped/Stopped');
        expect(warningsOf(product).join('\n')).toMatch(
          /The engine could not be set to stop: .*"patch" on chaosengines/,
        );
      });
    },
  });
});
