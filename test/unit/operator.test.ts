import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/** Writes down what it is called with; answers the question for Deployments with DEPLOYMENTS, and anything else with nothing. */
const KUBECTL = `#!/bin/sh
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in *'get deployments'*) printf '%b' "$DEPLOYMENTS" ;; *) cat >/dev/null ;; esac
`;

describe('test/e2e/operator.sh', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'operator-'));
    writeFileSync(join(folder, 'kubectl'), KUBECTL);
    chmodSync(join(folder, 'kubectl'), 0o755);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs it on a cluster with these Deployments: lines of Deployment, container and image. */
  function install(deployments: readonly string[]) {
    const calls = join(folder, 'calls');
    writeFileSync(calls, '');
    const { status, stderr } = spawnSync('test/e2e/operator.sh', ['3.18.0', 'host/runner:1'], {
      encoding: 'utf8',
      input: '',
      env: {
        PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`,
        CALLS: calls,
        DEPLOYMENTS: deployments.map((line) => `${line}\\n`).join(''),
      },
    });
    return { status, stderr, calls: readFileSync(calls, 'utf8').trim().split('\n') };
  }

  test.each(['litmus', 'chaos-operator', 'chaos-operator-ce'])(
    'sets the version and the runner of the operator whose Deployment is called %s, and waits for it',
    (name) => {
      const { status, stderr, calls } = install([
        `${name} operator litmuschaos/chaos-operator:ci`,
        'chaos-exporter exporter litmuschaos/chaos-exporter:ci',
      ]);
      expect([status, stderr]).toEqual([0, '']);
      expect(calls.slice(-3)).toEqual([
        `-n litmus set image deployment/${name} operator=docker.io/litmuschaos/chaos-operator:3.18.0`,
        expect.stringContaining(`set env deployment/${name} CHAOS_RUNNER_IMAGE=host/runner:1 `),
        expect.stringContaining(`rollout status deployment/${name} `),
      ]);
    },
  );

  test.each([
    ['no Deployment', [], 'none'],
    ['no operator', ['litmus server litmuschaos/litmusportal-server:3.18.0'], 'none'],
    ['two', ['a a chaos-operator:1', 'b b chaos-operator:2'], 'a a chaos-operator:1\nb b chaos-operator:2'],
  ])('changes nothing and says so where it finds %s', (_what, deployments, found) => {
    const { status, stderr, calls } = install(deployments);
    expect(status).not.toBe(0);
    expect(stderr).toBe(
      `wanted: one Deployment in namespace litmus whose image is chaos-operator; found: ${found}\n`,
    );
    expect(calls.filter((call) => / set | rollout /.test(call))).toEqual([]);
  });
});
