import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly defaults?: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly 'timeout-minutes'?: number }>
  >;
}

const FOLDER = join('.github', 'workflows');
const names = readdirSync(FOLDER);
const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const stepsOf = (name: string): Step[] =>
  Object.values((parse(text(name)) as Workflow).jobs).flatMap(({ steps }) => [...steps]);
const isBuild = ({ uses }: Step): boolean => uses?.startsWith('docker/build-push-action@') ?? false;

describe.each(names)('the workflow %s', (name) => {
  test('pins each action by commit, with the version beside it', () => {
    const uses = text(name).match(/uses: .*/g) ?? [];
    expect(uses.filter((line) => !/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    expect(uses).not.toEqual([]);
  });

  test('may read and nothing else, unless a job says why', () => {
    expect((parse(text(name)) as Workflow).permissions).toEqual({ contents: 'read' });
  });

  test('runs its commands under pipefail, so that nothing fails in front of a pipe unseen', () => {
    expect((parse(text(name)) as Workflow).defaults).toEqual({ run: { shell: 'bash' } });
  });

  test('leaves no credentials in the checkout, where every later step could read them', () => {
    const checkouts = stepsOf(name).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts).not.toEqual([]);
    for (const { with: options } of checkouts)
      expect(options).toMatchObject({ 'persist-credentials': false });
  });

  test('ends by itself', () => {
    for (const job of Object.values((parse(text(name)) as Workflow).jobs))
      expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('calls make targets that there are', () => {
    const targets = [...readFileSync('Makefile', 'utf8').matchAll(/^([a-z][a-z0-9 -]*):/gm)].flatMap(
      (match) => (match[1] ?? '').split(' '),
    );
    const called = stepsOf(name).flatMap(({ run = '' }) =>
      [...run.matchAll(/\bmake ([a-z0-9-]+)/g)].map((match) => match[1] ?? ''),
    );
    expect(called.filter((target) => !targets.includes(target))).toEqual([]);
    expect(called).not.toEqual([]);
  });

  test('runs on the Node that the project is for', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    const major = Number(/\d+/.exec(engines.node)?.[0]);
    const versions = stepsOf(name).flatMap((step) => step.with?.['node-version'] ?? []);
    expect(new Set(versions)).toEqual(new Set([major]));
  });
});

describe('the workflows', () => {
  test('judge every commit on main, and of a pull request the newest', () => {
    expect((parse(text('ci.yml')) as Workflow).concurrency).toEqual({
      group: 'ci-${{ github.event.pull_request.number || github.run_id }}',
      'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
    });
  });

  test('test image and chart before anything is published, and start what was pushed before it is signed', () => {
    const steps = stepsOf('release.yml');
    const firstThat = (pattern: RegExp): number => steps.findIndex(({ run = '' }) => pattern.test(run));
    const first = Math.min(
      steps.findIndex((step) => isBuild(step)),
      firstThat(/helm push|gh release/),
    );
    for (const target of ['test', 'chart', 'image', 'container']) {
      const at = firstThat(new RegExp(`make ${target}(?![\\w-])`));
      expect([target, at >= 0 && at < first]).toEqual([target, true]);
    }
    const started = firstThat(/docker run .*--platform/);
    expect(started).toBeGreaterThan(first);
    expect(firstThat(/cosign sign/)).toBeGreaterThan(started);
  });

  test('build for a release with every argument that the Dockerfile takes, on bases that are pinned', () => {
    const args = [...readFileSync('Dockerfile', 'utf8').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
    for (const { with: options, env } of stepsOf('release.yml').filter(isBuild)) {
      const given = String(options?.['build-args']).trim().split('\n');
      const names = [...given.map((line) => line.replace(/=.*/, '')), ...Object.keys(env ?? {})];
      expect(names.sort()).toEqual([...new Set(args)].sort());
      const base = options?.['target'] === 'shell' ? 'SHELL' : 'BASE';
      const pinned = ['BUILD', 'BASE', 'SHELL'].map((name) => `${name}_IMAGE=\${{ env.${name}_IMAGE }}`);
      expect(given).toEqual(expect.arrayContaining([...pinned, `BASE_DIGEST=\${{ env.${base}_DIGEST }}`]));
    }
  });

  test('run every tier', () => {
    const run = stepsOf('ci.yml')
      .map((step) => step.run ?? '')
      .join('\n');
    for (const tier of [
      'test',
      'ministack',
      'prometheus',
      'crash',
      'image',
      'container',
      'kube',
      'chart',
      'test-e2e',
    ])
      expect(run).toMatch(new RegExp(`make ${tier}(?![\\w-])`));
  });

  test('build for two architectures, with a bill of materials and provenance, and sign what they publish', () => {
    const builds = stepsOf('release.yml').filter(isBuild);
    expect(builds).toHaveLength(2);
    for (const { with: options } of builds)
      expect(options).toMatchObject({
        platforms: 'linux/amd64,linux/arm64',
        sbom: true,
        provenance: 'mode=max',
      });
    const signed = text('release.yml').match(/cosign sign --yes .*/g);
    expect(signed).toHaveLength(builds.length + 1);
    const attested = text('release.yml').match(/cosign attest --yes --type cyclonedx .*/g);
    expect(attested).toHaveLength(builds.length);
  });
});
