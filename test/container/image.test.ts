import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundledPackages, idOf } from '../../image/bundle/packages.ts';
import { writeSbom } from '../../image/bundle/sbom.ts';
import { docker } from '../../image/docker.ts';
import { BUDGET_BYTES } from '../../image/report/measure.ts';
import { baseLayers, inspectImage, type Inspected } from '../../image/report/inspect.ts';
import { layersOf, type Layer } from '../../image/report/saved.ts';
import type { TarEntry } from '../../image/report/tar.ts';
import { startContainer } from '../support/container/container.ts';
import { withEngine } from '../support/container/engine.ts';

const OCI = 'org.opencontainers.image.';

/** What looks like a key, a token or a password with a value. */
const SECRETS = [
  /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /_authToken|npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}/,
  /(?:password|secret|token|credential)[a-z_]*=\S/i,
];

const isFile = ({ type }: TarEntry): boolean => type === '0';

withEngine(({ image, shell }) => {
  let inspected: Inspected;
  let layers: readonly Layer[];
  let ours: readonly TarEntry[];
  let oursUnpacked: number;

  beforeAll(() => {
    inspected = inspectImage(image, '');
    layers = layersOf(image);
    const own = layers.slice(baseLayers(inspected));
    ours = own.flatMap(({ entries }) => entries);
    oursUnpacked = own.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
  });

  const content = (name: string): string => {
    const found = ours.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`the image has no ${name}`);
    return String(found.content);
  };

  describe('the image', () => {
    test('runs as a numeric user and group that are not root, so that runAsNonRoot can be checked', () => {
      expect(inspected.Config.User).toBe('65532:65532');
    });

    test('starts the program without a shell in between, and with it the command run', () => {
      expect(inspected.Config.Entrypoint).toEqual(['/nodejs/bin/node', '/app/main.cjs']);
      expect(inspected.Config.Cmd).toEqual(['run']);
      expect(inspected.Config.WorkingDir).toBe('/app');
    });

    test('opens no port, declares no volume and no health check, and gives Node no options', () => {
      const { ExposedPorts, Volumes, Healthcheck, Env } = inspected.Config;
      expect([ExposedPorts ?? {}, Volumes ?? {}, Healthcheck ?? {}]).toEqual([{}, {}, {}]);
      expect((Env ?? []).filter((each) => /^NODE_/.test(each))).toEqual([]);
    });

    test('says in its labels what it is, of which version and source, and on which base', () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
      expect(inspected.Config.Labels).toMatchObject({
        [`${OCI}title`]: 'lambda-chaos-runner',
        [`${OCI}description`]: expect.stringContaining('event source mappings'),
        [`${OCI}vendor`]: expect.stringMatching(/./),
        [`${OCI}licenses`]: 'Apache-2.0',
        [`${OCI}version`]: version,
        [`${OCI}revision`]: expect.stringMatching(/^([0-9a-f]{40}(-dirty)?)?$/),
        [`${OCI}created`]: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        [`${OCI}source`]: expect.any(String),
        [`${OCI}documentation`]: expect.any(String),
        [`${OCI}base.name`]: expect.stringMatching(/./),
        [`${OCI}base.digest`]: expect.stringMatching(/^(sha256:[0-9a-f]{64})?$/),
      });
    });

    test('adds to its base the program, its cache, the licences and the bill of materials, and nothing else', () => {
      const names = new Set(ours.map(({ name }) => name.replace(/[0-9a-f]+\.cache$/, '….cache')));
      expect([...names].sort()).toEqual([
        'app/',
        'app/main.cjs',
        'app/program.cjs',
        'app/program.cjs.….cache',
        'licenses/',
        'licenses/LICENSE',
        'licenses/THIRD-PARTY.txt',
        'licenses/sbom.cdx.json',
      ]);
    });

    test('lets every user read its files and only root write them', () => {
      for (const entry of ours) {
        const { name, uid, gid, mode } = entry;
        expect({ name, uid, gid, mode }).toEqual({
          name,
          uid: 0,
          gid: 0,
          mode: isFile(entry) ? 0o644 : 0o755,
        });
      }
    });

    test('holds the very program that this checkout builds', () => {
      // A difference means another source: `make image` once more.
      expect(content('app/program.cjs') === readFileSync('dist/main.cjs', 'utf8')).toBe(true);
    });

    test('has no source map', () => {
      for (const { content: bytes } of ours) expect(bytes.includes('sourceMappingURL=')).toBe(false);
    });

    test('has the licence of every package that is in the bundle, and the own one', () => {
      const metafile = JSON.parse(readFileSync('dist/meta.json', 'utf8')) as Metafile;
      const wanted = bundledPackages(metafile, 'dist/main.cjs').map(idOf);
      const listed = [...content('licenses/THIRD-PARTY.txt').matchAll(/^ {2}(\S+@\d\S*)$/gm)].map(
        ([, id]) => id,
      );
      expect(wanted.length).toBeGreaterThan(10);
      expect(listed.sort()).toEqual(wanted.sort());
      expect(content('licenses/LICENSE')).toBe(readFileSync('LICENSE', 'utf8'));
    });

    test('has the bill of materials of the very program that is in it', () => {
      const file = join(mkdtempSync(join(tmpdir(), 'sbom-')), 'sbom.cdx.json');
      writeSbom('dist/meta.json', file);
      expect(content('licenses/sbom.cdx.json')).toBe(readFileSync(file, 'utf8'));
      rmSync(dirname(file), { recursive: true });
    });

    test('stays within its budget on top of the base', () => {
      expect(oursUnpacked).toBeLessThan(BUDGET_BYTES);
    });

    test('has no secret in its history and configuration', () => {
      for (const name of [image, shell]) {
        const history = docker(['history', '--no-trunc', '--format', '{{.CreatedBy}} {{.Comment}}', name]);
        const said = `${history}\n${JSON.stringify(inspectImage(name, '').Config)}`;
        expect(SECRETS.filter((secret) => secret.test(said))).toEqual([]);
      }
    });

    test('has no shell and no package manager', () => {
      const names = layers.flatMap(({ entries }) => entries.map(({ name }) => name));
      expect(names.length).toBeGreaterThan(ours.length);
      expect(names.filter((name) => /(^|\/)bin\/(\w*sh|busybox|apt(-get)?|dpkg|npm)$/.test(name))).toEqual(
        [],
      );
    });
  });

  describe('the image with a shell', () => {
    test('is the same but for sh, bash, curl and its labels', () => {
      const { Config } = inspectImage(shell, '');
      const { User, Entrypoint, Cmd, WorkingDir } = inspected.Config;
      expect(Config).toMatchObject({ User, Entrypoint, Cmd, WorkingDir });
      expect(Config.Labels).toMatchObject({
        [`${OCI}title`]: expect.stringContaining('with a shell'),
        [`${OCI}version`]: inspected.Config.Labels?.[`${OCI}version`],
        [`${OCI}revision`]: inspected.Config.Labels?.[`${OCI}revision`],
      });
    });

    test('runs a command of sh, bash and curl, as the same user, with the same program and Node', async () => {
      const command =
        'id -u && id -g && curl --version && sh -c "echo from sh" && sha256sum /app/*.c* /nodejs/bin/node';
      const container = await startContainer(shell, { entrypoint: ['/bin/bash', '-c', command] });
      expect(await container.exited).toBe(0);
      expect(container.output).toMatch(/^65532\n65532\ncurl \d[^]*\nfrom sh\n/);
      const sums = (text: string): string[] => text.match(/^[0-9a-f]{64} .*$/gm) ?? [];
      const script = `for (const path of [...fs.readdirSync('/app').sort().map((name) => '/app/' + name), '/nodejs/bin/node'])
        console.log(crypto.createHash('sha256').update(fs.readFileSync(path)).digest('hex') + '  ' + path)`;
      const plain = await startContainer(image, { entrypoint: ['/nodejs/bin/node', '-e', script] });
      expect(await plain.exited).toBe(0);
      expect(sums(container.output)).toHaveLength(4);
      expect(sums(container.output)).toEqual(sums(plain.output));
      await Promise.all([container.remove(), plain.remove()]);
    });
  });
});
