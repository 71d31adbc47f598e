import { readFileSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { OFF_BEFORE, type Scene } from '../support/product/scene.ts';
import { enablesOf, ended, killInHold, play, writesOf } from './play.ts';
import { verdictOf } from './records.ts';
import { story, storyForEach } from '../support/product/together.ts';

const LONG = { TOTAL_CHAOS_DURATION: '40' };

describe('plan', () => {
  story('prints mappings, schedule, calls, permissions and undo, and writes nothing anywhere', () =>
    play(
      {
        mappings: 4,
        env: { TOTAL_CHAOS_DURATION: '90', CHAOS_INTERVAL: '60', RAMP_TIME: '5', SEQUENCE: 'serial' },
      },
      async (scene) => {
        const product = scene.start(['plan']);
        expect((await ended(product)).code).toBe(0);
        const { output } = product;
        for (const id of scene.ids) {
          expect(output).toMatch(new RegExp(`${id} .*(sqs|kinesis|dynamodb|kafka).*orders.*Enabled.*\\d+`));
          expect(output).toContain(
            `aws lambda update-event-source-mapping --region us-east-1 --uuid ${id} --enabled`,
          );
        }
        expect(output).toMatch(/serial, 2 cycle\(s\) of 60 s \+ 30 s Disabled, ramp 5 s before and after/);
        for (const action of ['GetFunction', 'GetEventSourceMapping', 'UpdateEventSourceMapping']) {
          expect(output).toMatch(new RegExp(`lambda:${action}\\s.*lambda:${action} on`));
        }
        expect(output).toMatch(/lambda:UpdateEventSourceMapping +16 /);
        expect(output).toContain('Nothing was changed. A run would start.');
        expect(writesOf(scene)).toEqual([]);
        const asked = scene.kube.requests.filter(({ verb }) => verb !== 'get' && verb !== 'list');
        // A question about one's own rights has the form of an object, and leaves none.
        expect(new Set(asked.map(({ resource }) => resource))).toEqual(new Set(['selfsubjectaccessreviews']));
      },
    ),
  );

  story('says what a run would refuse, with exit code 2', () =>
    play({ mappings: 1 }, async (scene) => {
      const product = scene.start(['plan'], { EVENT_UUIDS: OFF_BEFORE });
      expect((await ended(product)).code).toBe(2);
      expect(product.output).toMatch(
        new RegExp(`A run would refuse to start:\\n +${OFF_BEFORE}: is Disabled`),
      );
      expect(product.output).toContain('Nothing was changed.');
      expect(product.output).not.toContain('A run would start');
    }),
  );

  story('says what it waits for while AWS does not answer', () =>
    play({ mappings: 1 }, async (scene) => {
      scene.lambda.hook({
        match: { operation: 'GetFunction' },
        times: 6,
        effect: { kind: 'status', status: 503 },
      });
      const product = scene.start(['plan']);
      expect((await ended(product)).code).toBe(0);
      expect(product.output.match(/GetFunction failed 3 times and is tried on: .*503/g)).toHaveLength(1);
    }),
  );

  story('says what is wrong with the environment, with exit code 2 and no call', () =>
    play({ mappings: 1 }, async (scene) => {
      const product = scene.start(['plan'], { REGION: '', TOTAL_CHAOS_DURATION: '1m', RAMP_TIM: '3' });
      expect((await ended(product)).code).toBe(2);
      expect(product.output).toMatch(/2 problems.*REGION.*TOTAL_CHAOS_DURATION: got "1m"/);
      expect(product.output).toMatch(/RAMP_TIM is not a tunable/);
      expect(scene.lambda.requests).toEqual([]);
    }),
  );
});

describe('revert', () => {
  story('--engine finishes what a killed pod left, with nothing but names and credentials', () =>
    play({ mappings: 3, env: LONG }, async (scene) => {
      await killInHold(scene.startPod().product);
      const none = {
        CHAOSENGINE: '',
        CHAOS_UID: '',
        CHAOS_NAMESPACE: '',
        POD_NAME: '',
        FUNCTION_NAME: '',
        EVENT_UUIDS: '',
        REGION: '',
        EXPERIMENT_NAME: '',
      };
      const args = ['revert', '--engine', 'esm-chaos', '--namespace', 'litmus'];
      const revert = scene.start(args, none);
      expect((await ended(revert)).code).toBe(0);
      expect(enablesOf(scene)).toHaveLength(3);
      expect(verdictOf(scene)).toBe('Error/Error');
      // Once is enough: again there is nothing to do, and nothing is written.
      const again = scene.start(args, none);
      expect((await ended(again)).code).toBe(0);
      expect(again.output).toContain('Nothing to revert');
      expect(enablesOf(scene)).toHaveLength(3);
    }),
  );

  story('--engine of an engine that never ran here does not read as success', () =>
    play({ mappings: 1 }, async (scene) => {
      const product = scene.start(['revert', '--engine', 'nobody']);
      expect((await ended(product)).code).toBe(70);
      expect(product.output).toContain('there is no journal in ChaosResult litmus/nobody-');
      expect(scene.lambda.requests).toEqual([]);
    }),
  );

  story('--journal finishes what a killed standalone run left', () =>
    play({ mappings: 2, env: LONG }, async (scene) => {
      await killInHold(scene.startStandalone(['run']));
      const revert = scene.startStandalone(['revert'], { FUNCTION_NAME: '', EVENT_UUIDS: '', REGION: '' });
      expect((await ended(revert)).code).toBe(0);
      expect(enablesOf(scene)).toHaveLength(2);
      const again = scene.startStandalone(['revert']);
      expect((await ended(again)).code).toBe(0);
      expect(enablesOf(scene)).toHaveLength(2);
    }),
  );

  story('that can not read the journal says so and exits non-zero', () =>
    play({ mappings: 1 }, async (scene) => {
      const product = scene.start(['revert', '--engine', 'esm-chaos'], { KUBECONFIG: '/nowhere' });
      expect((await ended(product)).code).not.toBe(0);
      expect(product.output).toMatch(/The revert could not begin/);
    }),
  );
});

describe('the command line', () => {
  const run = async (
    args: readonly string[],
  ): Promise<{ code: number | null; output: string; requests: number }> => {
    let result = { code: null as number | null, output: '', requests: 0 };
    await play({ mappings: 1 }, async (scene: Scene) => {
      const product = scene.start(args);
      const { code } = await ended(product);
      result = {
        code,
        output: product.output,
        requests: scene.lambda.requests.length + scene.kube.requests.length,
      };
    });
    return result;
  };

  story('version prints the version alone', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await run(['version'])).toEqual({ code: 0, output: `${version}\n`, requests: 0 });
  });

  story('--help prints the commands', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of ['run', 'plan', 'revert', 'version']) expect(output).toContain(`  ${command}`);
  });

  storyForEach([['injct'], ['run', 'twice'], ['--nonsense']])(
    '%j is an error that does nothing',
    async (args) => {
      const { code, output, requests } = await run(args);
      expect(code).toBe(2);
      expect(output).toMatch(/Unknown command "injct"|run the experiment|--nonsense/);
      expect(requests).toBe(0);
    },
  );
});
