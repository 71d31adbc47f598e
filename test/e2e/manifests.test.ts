import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect } from '@jest/globals';
import type { Chain } from '../support/cluster/chain.ts';
import { killContainer } from '../support/cluster/kill.ts';
import { shell } from '../support/cluster/programs.ts';
import { until } from '../support/cluster/until.ts';
import { inChain, runsCounted, together } from './in-chain.ts';

const NAME = 'orders-file-secret';
const ENGINE = 'manifests/engines/file-secret.yaml';
const REVERT = 'manifests/revert-file-secret.yaml';

/** A checkout's manifests, edited as a reader would: namespace, image and target, and the stand-in in place of AWS. */
function checkout(chain: Chain, seconds: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  const image = process.env.IMAGE_UNDER_TEST ?? '';
  for (const path of ['manifests/rbac.yaml', 'manifests/experiment.yaml', ENGINE, REVERT]) {
    const text = readFileSync(path, 'utf8')
      .replaceAll(/namespace: chaos$/gm, `namespace: ${chain.namespace}`)
      .replace(/image: lambda-chaos-runner:.*/, (line) => (image === '' ? line : `image: ${image}`))
      .replace(/(name: EVENT_UUIDS\n +value:).*/, `$1 '${chain.ids.join(',')}'`)
      .replace(/(name: TOTAL_CHAOS_DURATION\n +value:).*/, `$1 '${seconds}'`)
      .replace(
        /^( +)(?=- name: (FUNCTION_NAME|LOG_LEVEL))/m,
        `$1- name: AWS_ENDPOINT_URL\n$1  value: ${chain.url}\n$1`,
      );
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Plays `tell` with a shell in such a checkout, where `kubectl -n chaos` means the chain's namespace. */
const withManifests = (
  seconds: number,
  tell: (chain: Chain, type: (script: string) => Promise<string>) => Promise<void>,
): (() => Promise<void>) =>
  inChain({ mappings: 2, chart: false }, async (chain) => {
    const folder = checkout(chain, seconds);
    try {
      await tell(chain, (script) => shell(script.replaceAll('-n chaos ', `-n ${chain.namespace} `), folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

const INSTALL = `kubectl apply -f manifests/rbac.yaml -f manifests/experiment.yaml\nkubectl apply -f ${ENGINE}`;

describe('the manifests, with kubectl alone', () => {
  together({
    'run to Pass, and once more when the runner pod is deleted and the engine applied again': withManifests(
      5,
      async (chain, type) => {
        await type(INSTALL);
        expect(await chain.verdict(NAME)).toBe('Completed/Pass');
        expect(await chain.engineEnded(NAME)).toBe('stop/completed');
        await type(
          `kubectl -n chaos delete pod ${NAME}-runner --ignore-not-found\nkubectl apply -f ${ENGINE}`,
        );
        await until('the second pass', async () => (await runsCounted(chain, NAME)) === 2, 120_000);
        expect(chain.writesThat(false)).toHaveLength(4);
      },
    ),

    'finish a run whose Job and pod are gone, by the commands at the head of the Job': withManifests(
      300,
      async (chain, type) => {
        await type(INSTALL);
        await chain.held(NAME);
        const [pod] = await chain.pods();
        await chain.kubectl('delete', 'jobs', '-l', 'chaosUID', '--cascade=orphan');
        killContainer(pod?.metadata.name ?? '');
        await until('its death', async () =>
          (await chain.pods()).every(({ status }) => status.phase !== 'Running'),
        );
        await chain.all('Disabled');
        const commands = [...readFileSync(REVERT, 'utf8').matchAll(/^# {3}(.+)$/gm)].map(([, line]) => line);
        expect(commands).toHaveLength(2);
        expect(await type(commands.join('\n'))).not.toBe('');
        await chain.all('Enabled', 0);
        expect(await chain.verdict(NAME)).toBe('Error/Error');
      },
    ),
  });
});
