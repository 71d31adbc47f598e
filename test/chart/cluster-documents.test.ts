import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { openScratch, withLitmus, type Scratch } from '../support/chart/cluster.ts';
import { helm, mustSucceed, run } from '../support/chart/programs.ts';

const PAGES = ['docs/how-to/install.md', 'docs/how-to/sweeper.md'];
const HEADS = readdirSync('manifests/values').map((name) => `manifests/values/${name}`);
const text = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8');

/** The shell blocks of a page, those in lists too, or those in a manifest's head: what is indented, and the abort. */
function commands(path: string): string[] {
  if (path.endsWith('.md'))
    return [...text(path).matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(([, indent = '', block = '']) =>
      block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    );
  return [...text(path).matchAll(/^# Abort: .*|(?:^# {3}.*\n)+/gm)].map(([block]) =>
    block.replaceAll(/^#(?: {3}| Abort: )/gm, ''),
  );
}

/**
 * kubectl and helm as on any machine, except that they change nothing: every verb that would is a dry run on the
 * server, and a verb that is not in here fails. What only waits or reads is done.
 */
const SHELL = `set -euo pipefail
kubectl() {
  case " $* " in
    *' create namespace '*) command kubectl "$@" --dry-run=client ;;
    *' create '* | *' apply '* | *' patch '* | *' label '* | *' annotate '* | *' delete '*)
      command kubectl "$@" --dry-run=server ;;
    *' get '* | *' wait '*) command kubectl "$@" ;;
    *' logs '*) command kubectl "$@" || true ;;
    *) echo "the test knows no kubectl $*" >&2; return 1 ;;
  esac
}
helm() {
  local args=("$@") at
  for at in "\${!args[@]}"; do
    case "\${args[$at]}" in
      install) args[$at]=template; command helm "\${args[@]}" | command kubectl apply --dry-run=server -f -; return ;;
      upgrade) command helm "\${args[@]}" --dry-run=server; return ;;
      uninstall) command helm "\${args[@]}" --dry-run; return ;;
      test) args=("\${args[@]/test/get hooks}"); command helm \${args[*]/--logs/} | grep -q 'helm.sh/hook: test'; return ;;
    esac
  done
  echo "the test knows no helm $*" >&2; return 1
}
# Not here; what is right about it is looked at by a person.
aws() { case "$1 $2" in 'eks create-pod-identity-association') ;; *) echo "the test knows no aws $*" >&2; return 1 ;; esac; }
`;

/** What reads and waits says where nothing runs and nothing was made. */
const NOTHING_TO_SEE = /^(No resources found|error: error from server \(NotFound\): jobs\.batch).*\n/gm;

withLitmus((kubeconfig) => {
  describe('the commands that the documents tell', () => {
    let scratch: Scratch;
    let folder: string;

    beforeAll(async () => {
      scratch = await openScratch(kubeconfig);
      folder = join(process.cwd(), '.work', scratch.namespace);
      mkdirSync(folder, { recursive: true });
      cpSync('manifests', join(folder, 'manifests'), { recursive: true });
      for (const name of readdirSync(join(folder, 'manifests'), { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.yaml')) continue;
        const path = join(folder, 'manifests', name);
        writeFileSync(path, here(readFileSync(path, 'utf8')));
      }
      symlinkSync(join(process.cwd(), 'charts'), join(folder, 'charts'));
      writeFileSync(join(folder, 'cloud_config.yml'), '[default]\n');
      writeFileSync(join(folder, 'values.yaml'), pageValues());
      await setScene();
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await scratch.close();
    });

    const here = (script: string): string =>
      script.replaceAll(/(-n |--namespace |namespace:? )(?:chaos|shop)\b/g, `$1${scratch.namespace}`);

    /** What the page tells to put into values.yaml. */
    function pageValues(): string {
      const blocks = [...text('docs/how-to/install.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
        (match) => match[1],
      );
      const values = blocks.map((block = '') => parse(block) as object);
      return JSON.stringify(Object.assign({}, ...values));
    }

    /** An installation as the page describes it, for what looks at one: with a result, and with a suspended sweeper. */
    async function setScene(): Promise<void> {
      const args = ['install', 'lambda-chaos', 'charts/lambda-chaos', '-f', join(folder, 'values.yaml')];
      const at = ['--kubeconfig', kubeconfig, '-n', scratch.namespace];
      await mustSucceed(helm([...args, ...at, '--set', 'sweeper.suspend=true']));
      const status = { experimentStatus: { phase: 'Completed', verdict: 'Pass' } };
      const name = 'orders-lambda-toggle-event-mapping-state';
      await scratch.apply([
        { apiVersion: 'litmuschaos.io/v1alpha1', kind: 'ChaosResult', metadata: { name }, status },
      ]);
      const names = HEADS.flatMap((path) => [...text(path).matchAll(/patch chaosengine ([\w-]+)/g)]);
      const spec = { engineState: 'stop', experiments: [{ name: 'none', spec: {} }] };
      await scratch.apply(
        [...new Set(names.map((match) => match[1]))].map((engine) => ({
          ...{ apiVersion: 'litmuschaos.io/v1alpha1', kind: 'ChaosEngine', metadata: { name: engine }, spec },
        })),
      );
    }

    const blocks = [...PAGES, ...HEADS].flatMap((path) =>
      commands(path).map((block) => [path.replace(/^.*\//, ''), block.trim()] as const),
    );

    test('are found', () => {
      expect(blocks.length).toBeGreaterThan(25);
    });

    test.each(blocks)('%s: %s', async (_page, block) => {
      const path = `${join(process.cwd(), 'tools/bin')}:${process.env.PATH ?? ''}`;
      const script = `${SHELL}cd ${folder}\n${here(block)}`;
      const { code, stderr } = await run('bash', ['-c', script], {
        env: { KUBECONFIG: kubeconfig, PATH: path },
      });
      const said = stderr.replaceAll(NOTHING_TO_SEE, '');
      expect([code, said]).toEqual([0, expect.not.stringMatching(/error|unknown|invalid/i)]);
    });
  });
});
