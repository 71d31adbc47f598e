import { describe, expect } from '@jest/globals';
import { helm } from '../support/cluster/programs.ts';
import { EXPERIMENT } from '../support/cluster/namespace-view.ts';
import { until } from '../support/cluster/until.ts';
import { inChain, LONG, runsCounted, SHORT, together } from './in-chain.ts';

/** Events about the engine or its result, in the order in which they first came. */
const REASONS = [
  'ChaosEngineInitialized',
  'ExperimentDependencyCheck',
  'ExperimentJobCreate',
  'Awaited',
  'PreChaosCheck',
  'ChaosInject',
  'PostChaosCheck',
  'Pass',
  'Summary',
  'ExperimentJobCleanUp',
  'ChaosEngineCompleted',
];

describe('a ChaosEngine that is applied', () => {
  together({
    'disables the mappings, brings them back, and ends as Pass with its engine completed and its Job retained':
      inChain({ mappings: 3 }, async (chain) => {
        const env = { TOTAL_CHAOS_DURATION: '8', CHAOS_INTERVAL: '4' };
        await chain.start('orders', { env, spec: { jobCleanUpPolicy: 'retain' } });
        await chain.held('orders');
        expect(await chain.verdict('orders')).toBe('Completed/Pass');
        expect(await chain.engineEnded('orders')).toBe('stop/completed');
        const engine = await chain.engine('orders');
        expect(engine?.status?.experiments).toMatchObject([{ status: 'Completed', verdict: 'Pass' }]);
        const history = (await chain.result('orders'))?.status.history;
        expect(history).toMatchObject({ passedRuns: 1, failedRuns: 0, stoppedRuns: 0 });
        const reverted = (name: string): object => ({
          name,
          kind: 'lambda-event-source-mapping',
          chaosStatus: 'reverted',
        });
        expect(history?.targets).toHaveLength(3);
        expect(history?.targets).toEqual(expect.arrayContaining(chain.ids.map(reverted)));
        expect(chain.writesThat(false)).toHaveLength(6);
        expect(chain.writesThat(true)).toHaveLength(6);
        expect(await chain.jobs()).toHaveLength(1);
        // The runner sees the container's end before the kubelet has told the phase.
        const pod = await until('the end of the pod', async () =>
          (await chain.pods()).find(({ status }) => status.phase === 'Succeeded'),
        );
        expect(pod.spec.terminationGracePeriodSeconds).toBe(660);
      }),

    'tells its story in events, in order': inChain({ mappings: 1 }, async (chain) => {
      await chain.start('orders', { env: SHORT });
      await chain.engineEnded('orders');
      const told = async (): Promise<string[]> => {
        const events = (await chain.events()).filter(({ involvedObject: { kind } }) => /^Chaos/.test(kind));
        const byTime = [...events].sort((a, b) => a.firstTimestamp.localeCompare(b.firstTimestamp));
        return byTime.map(({ reason }) => reason);
      };
      const reasons = await until('every event', async () => {
        const seen = await told();
        return REASONS.every((reason) => seen.includes(reason)) ? seen : false;
      });
      // Events have whole seconds: those of one second come in any order, so each pair is compared alone.
      const firstAt = async (): Promise<Map<string, string>> =>
        new Map((await chain.events()).map(({ reason, firstTimestamp }) => [reason, firstTimestamp]));
      const times = REASONS.map(
        (
          (at) => (reason: string) =>
            at.get(reason) ?? ''
        )(await firstAt()),
      );
      expect([...times].sort()).toEqual(times);
      expect(reasons.filter((reason) => REASONS.includes(reason))).toHaveLength(REASONS.length);
    }),

    'has its Job removed where the engine asks for that': inChain({ mappings: 1 }, async (chain) => {
      await chain.start('orders', { env: SHORT, spec: { jobCleanUpPolicy: 'delete' } });
      expect(await chain.engineEnded('orders')).toBe('stop/completed');
      expect(await chain.verdict('orders')).toBe('Completed/Pass');
      await until('the Job is gone', async () => (await chain.jobs()).length === 0);
    }),

    'runs again when its engine is set active again, and counts on': inChain(
      { mappings: 1 },
      async (chain) => {
        await chain.start('orders', { env: SHORT });
        await chain.engineEnded('orders');
        // While the old runner pod is there, the operator takes it for the new one and shows the engine as completed.
        await chain.kubectl('delete', 'pod', 'orders-runner');
        await chain.patchEngine('orders', 'active');
        await until('the second pass', async () => (await runsCounted(chain, 'orders')) === 2, 120_000);
        expect(await chain.engineEnded('orders')).toBe('stop/completed');
        expect((await chain.result('orders'))?.status.history).toMatchObject({ passedRuns: 2 });
        expect(chain.writesThat(false)).toHaveLength(2);
      },
    ),

    'on mappings that another engine has off refuses, says whose they are, and does not disturb it': inChain(
      { mappings: 2 },
      async (chain) => {
        await chain.start('first', { env: { TOTAL_CHAOS_DURATION: '45' } });
        await chain.held('first');
        await chain.start('second', { env: SHORT });
        expect(await chain.verdict('second')).toBe('Error/Error');
        const reason = (await chain.result('second'))?.status.experimentStatus.errorOutput?.reason ?? '';
        expect(reason).toContain(`is in the hands of the run of ChaosEngine ${chain.namespace}/first (pod `);
        expect(await chain.engineEnded('second')).toBe('stop/completed');
        expect(await chain.verdict('first', 120_000)).toBe('Completed/Pass');
        expect(chain.writesThat(false)).toHaveLength(2);
      },
    ),

    'together with another one on the same mappings: at most one of them disables anything': inChain(
      { mappings: 2 },
      async (chain) => {
        await Promise.all([chain.start('left', { env: SHORT }), chain.start('right', { env: SHORT })]);
        const verdicts = await Promise.all([chain.verdict('left'), chain.verdict('right')]);
        const passed = verdicts.filter((verdict) => verdict === 'Completed/Pass').length;
        expect(verdicts.filter((verdict) => verdict === 'Error/Error').length + passed).toBe(2);
        // One after the other may both pass, if the second pod is slow to start.
        expect(chain.writesThat(false)).toHaveLength(2 * passed);
      },
    ),

    'whose environment is wrong ends with a verdict that says all of it, and nothing was asked of AWS':
      inChain({ mappings: 1 }, async (chain) => {
        await chain.start('orders', { env: { TOTAL_CHAOS_DURATION: '30s', SEQUENCE: 'both' } });
        expect(await chain.verdict('orders')).toBe('Error/Error');
        expect(await chain.engineEnded('orders')).toBe('stop/completed');
        const reason = (await chain.result('orders'))?.status.experimentStatus.errorOutput?.reason ?? '';
        expect(reason).toMatch(/TOTAL_CHAOS_DURATION: got .*30s.*SEQUENCE: got .*both/);
        expect(chain.lambda.requests).toEqual([]);
        await until('the end of the pod', async () =>
          (await chain.pods()).every(({ status }) => status.phase === 'Succeeded'),
        );
        expect(await chain.pods()).toHaveLength(1);
      }),
  });
});

describe('the chart', () => {
  together({
    'passes its own test where a run would start, and fails it where a run would refuse': inChain(
      { mappings: 1 },
      async (chain) => {
        const test = (): Promise<string> => helm('test', 'lambda-chaos', '-n', chain.namespace, '--logs');
        expect(await test()).toContain('A run would start');
        expect(chain.writes).toEqual([]);
        await chain.start('orders', { env: LONG });
        await chain.held('orders');
        await expect(test()).rejects.toThrow(/in the hands of the run of ChaosEngine/);
        await chain.patchEngine('orders', 'stop');
        expect(await chain.verdict('orders')).toBe('Stopped/Stopped');
      },
    ),

    'can be taken away in a run, which ends as it should': inChain({ mappings: 1 }, async (chain) => {
      await chain.start('orders', { env: { TOTAL_CHAOS_DURATION: '20' } });
      await chain.held('orders');
      await chain.kubectl('delete', 'chaosexperiment', EXPERIMENT);
      expect(await chain.verdict('orders')).toBe('Completed/Pass');
    }),

    'puts its pods into a namespace that refuses what is not restricted': inChain(
      { mappings: 1 },
      async (chain) => {
        // The namespace of every story here; this shows that it does refuse.
        const bad = chain.kubectl('run', 'bad', '--image=none.invalid/none', '--privileged');
        await expect(bad).rejects.toThrow(/violates PodSecurity "restricted/);
      },
    ),
  });
});
