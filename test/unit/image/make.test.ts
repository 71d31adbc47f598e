import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageVersion } from '../../../image/names.ts';

/** Writes down what it is called with; a `docker version` answers as DOCKER_ANSWERS says. */
const CLIENT = `#!/bin/sh
if [ "$1" = version ]; then
  [ "$DOCKER_ANSWERS" = yes ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
  exit 0
fi
printf '%s\\n' "$*" >> "$CALLS"
exit "\${BUILD_CODE:-0}"
`;

describe('make image', () => {
  let folder: string;
  let client: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'make-image-'));
    client = join(folder, 'bin');
    mkdirSync(client);
    writeFileSync(join(client, 'docker'), CLIENT);
    chmodSync(join(client, 'docker'), 0o755);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** `make image` with this client, or none. */
  function build(
    env: Readonly<Record<string, string>>,
    path = `${client}${delimiter}${process.env.PATH ?? ''}`,
  ) {
    const calls = join(folder, 'calls');
    rmSync(calls, { force: true });
    writeFileSync(calls, '');
    const { status, stderr } = spawnSync(process.execPath, ['image/make.ts'], {
      encoding: 'utf8',
      env: { PATH: path, CALLS: calls, DOCKER_ANSWERS: 'yes', ...env },
    });
    return { status, stderr, calls: readFileSync(calls, 'utf8').trim().split('\n') };
  }

  const version = packageVersion();

  test('builds and tags both targets, with the version, the commit and its time', () => {
    const { status, calls } = build({});
    expect(status).toBe(0);
    expect(calls).toEqual([
      expect.stringContaining(`build --target shell --tag lambda-chaos-runner:${version}-shell `),
      expect.stringContaining(`build --target default --tag lambda-chaos-runner:${version} `),
    ]);
    for (const call of calls) {
      expect(call).toContain(`--build-arg VERSION=${version} `);
      expect(call).toMatch(/--build-arg REVISION=[0-9a-f]{40}(-dirty)? /);
      expect(call).toMatch(/--build-arg CREATED=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /);
      expect(call).not.toMatch(/(BUILD|BASE|SHELL)_IMAGE|BASE_DIGEST/);
    }
  });

  test('passes on which images to use, and the digest of a base that is pinned', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const { calls } = build({
      IMAGE: 'host/team/runner',
      BASE_IMAGE: `host/base@${digest}`,
      SHELL_IMAGE: 'host/shell',
    });
    const [shell, plain] = calls;
    expect(plain).toContain(`--tag host/team/runner:${version} `);
    expect(plain).toContain(`--build-arg BASE_IMAGE=host/base@${digest} --build-arg SHELL_IMAGE=host/shell `);
    expect(plain).toContain(`--build-arg BASE_DIGEST=${digest} `);
    expect(shell).not.toContain('BASE_DIGEST');
  });

  test('takes the time from SOURCE_DATE_EPOCH', () => {
    const { calls } = build({ SOURCE_DATE_EPOCH: '1767225600' });
    expect(calls[1]).toContain('CREATED=2026-01-01T00:00:00Z --build-arg SOURCE_DATE_EPOCH=1767225600');
    const { status, stderr } = build({ SOURCE_DATE_EPOCH: 'today' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/SOURCE_DATE_EPOCH: got "today"; wanted .*1767225600/),
    ]);
  });

  test('says where there is no client, or no engine, and builds nothing', () => {
    const none = build({}, join(folder, 'empty'));
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('There is no docker client')]);
    const silent = build({ DOCKER_ANSWERS: 'no', DOCKER_HOST: 'unix:///nowhere.sock' });
    expect([silent.status, silent.calls]).toEqual([1, ['']]);
    expect(silent.stderr).toMatch(
      /No container engine answers .*unix:\/\/\/nowhere\.sock.*Cannot connect[^]*for example DOCKER_HOST=/,
    );
  });

  test('fails where a build fails', () => {
    const { status, stderr, calls } = build({ BUILD_CODE: '5' });
    expect([status, calls.length]).toEqual([1, 1]);
    expect(stderr).toContain('docker build failed');
  });
});
