import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readAwsConfig } from '../../src/aws/config.ts';
import { EXIT } from '../../src/commands/exit-code.ts';
import {
  GUARDS,
  readToggleConfig,
  TOGGLE_TUNABLES,
} from '../../src/faults/lambda-toggle-event-mapping-state/config.ts';
import { FAULTS } from '../../src/faults/index.ts';
import { JOURNAL_ANNOTATION } from '../../src/litmus/annotations.ts';
import { COMMON_TUNABLES, readSchedule } from '../../src/litmus/environment.ts';
import { readProbes } from '../../src/litmus/probes/read.ts';
import { PROBE_TUNABLES } from '../../src/litmus/probes/types/settings.ts';

const text = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8');

const filesUnder = (folder: string, ending: string): string[] =>
  readdirSync(join(process.cwd(), folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

/** The cells of all table rows, without their code marks; headings and rules included. */
const rows = (path: string): string[][] =>
  text(path)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')),
    );

const firstCells = (path: string, shape: RegExp): string[] =>
  rows(path).flatMap(([cell = '']) => (shape.test(cell) ? [cell] : []));

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** Every first group of `pattern` in the sources. */
const inSources = (pattern: RegExp): string[] =>
  filesUnder('src', '.ts').flatMap((file) =>
    [...text(file).matchAll(pattern)].map((match) => match[1] ?? ''),
  );

const TUNABLES = 'docs/reference/tunables.md';
const NAME = /^[A-Z][A-Z0-9_]{3,}$/;

/** Read by the SDK, by client-node and by Node's agents, not by our own code. */
const READ_BY_LIBRARIES = [
  ...['AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION', 'KUBECONFIG'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
];

const valid = { FUNCTION_NAME: 'orders', EVENT_UUIDS: '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11' };

describe('docs/reference/tunables.md', () => {
  const documented = rows(TUNABLES).filter(([name = '']) => NAME.test(name));

  test('names every variable that the code knows, once, and no other', () => {
    const known = [
      ...COMMON_TUNABLES,
      ...PROBE_TUNABLES,
      ...TOGGLE_TUNABLES,
      ...FAULTS.flatMap((fault) => fault.tunables),
      ...inSources(/\bread\((?:env, )?'([A-Z][A-Z0-9_]+)'/g),
      ...inSources(/\benv\.([A-Z][A-Z0-9_]+)/g),
      ...inSources(/'(AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY))'/g),
      ...READ_BY_LIBRARIES,
    ];
    const names = documented.map(([name = '']) => name);
    expect(sorted(names)).toEqual(sorted(known));
    expect(names).toHaveLength(new Set(names).size);
  });

  test('gives the defaults that the code has', () => {
    for (const [name = '', value = ''] of documented.filter((row) => row.length === 4)) {
      const env = /^(required|not set)$/.test(value) ? {} : { [name]: value };
      if (COMMON_TUNABLES.includes(name)) expect([name, readSchedule(env)]).toEqual([name, readSchedule({})]);
      if (TOGGLE_TUNABLES.includes(name)) {
        expect([name, readToggleConfig({ ...valid, ...env }, undefined)]).toEqual([
          name,
          readToggleConfig(valid, undefined),
        ]);
      }
    }
  });

  test('gives examples that the code takes', () => {
    for (const [name = '', , , example = ''] of documented.filter((row) => row.length === 4)) {
      if (/…|^from a Secret$/.test(example)) continue;
      const env = { ...valid, REGION: 'eu-west-1', ASSUME_ROLE_ARN: 'arn:aws:iam::123456789012:role/chaos' };
      const given = { ...env, [name]: example };
      const problems = [
        ...readSchedule(given).problems,
        ...readToggleConfig(given, 'eu-west-1').problems,
        ...readAwsConfig(given).problems.filter(({ subject }) => subject !== 'AWS_SECRET_ACCESS_KEY'),
      ];
      expect([name, problems]).toEqual([name, []]);
    }
  });

  test('says of a required variable that it is required', () => {
    const required = documented.flatMap(([name = '', value]) => (value === 'required' ? [name] : []));
    const missed = [...readToggleConfig({}, undefined).problems, ...readAwsConfig({}).problems];
    expect(sorted(required)).toEqual(sorted(missed.map(({ subject }) => subject)));
  });

  test('names every guard', () => {
    expect(firstCells(TUNABLES, /^[a-z]+-[a-z-]+$/)).toEqual(Object.keys(GUARDS));
  });
});

describe('the other reference pages', () => {
  test('exit-codes.md has the codes and names of the code', () => {
    const documented = rows('docs/reference/exit-codes.md').filter(
      ([code = '', name = '']) => /^\d+$/.test(code) && /^[a-zA-Z]+$/.test(name),
    );
    expect(documented.map(([code, name]) => [name, Number(code)])).toEqual(Object.entries(EXIT));
  });

  test('errors.md has the codes that are raised', () => {
    const raised = inSources(/(?:code|\w+Probe): '([A-Z][A-Z\d]*(?:_[A-Z]+)*)'/g);
    const codes = raised.filter((code) => code !== 'ETIMEDOUT');
    expect(sorted(firstCells('docs/reference/errors.md', /^[A-Z\d_]+$/))).toEqual(sorted(codes));
  });

  test('errors.md has the kinds of AWS errors', () => {
    const kinds = /export type AwsErrorKind =([^;]+);/.exec(text('src/aws/errors.ts'))?.[1] ?? '';
    const named = [...kinds.matchAll(/'([a-z-]+)'/g)].map((match) => match[1] ?? '');
    expect(sorted(firstCells('docs/reference/errors.md', /^[a-z][a-z-]+$/))).toEqual(sorted(named));
  });

  test('log.md has the events of the timeline', () => {
    const events = [...text('src/runtime/events.ts').matchAll(/readonly type: '([a-z-]+)'/g)];
    expect(sorted(firstCells('docs/reference/log.md', /^[a-z]+(-[a-z]+)*$/))).toEqual(
      sorted(events.map((match) => match[1] ?? '')),
    );
  });

  test('chaosresult.md has the annotation and the phases of the journal', () => {
    const phases = /export type TargetPhase = ([^;]+);/.exec(text('src/runtime/journal.ts'))?.[1] ?? '';
    const page = 'docs/reference/chaosresult.md';
    expect(firstCells(page, /^[a-z]+$/)).toEqual(
      [...phases.matchAll(/'([a-z]+)'/g)].map((match) => match[1]),
    );
    for (const file of [page, 'docs/how-to/stuck.md']) expect(text(file)).toContain(JOURNAL_ANNOTATION);
  });
});

describe('the pages on probes', () => {
  test.each(['docs/reference/probes.md', 'docs/reference/probe-types.md', 'docs/how-to/probes.md'])(
    '%s shows probes that can be used',
    (page) => {
      const blocks = [...text(page).matchAll(/^```yaml\n([\s\S]*?)^```/gm)];
      expect(blocks.length).toBeGreaterThan(0);
      for (const [, block = ''] of blocks) {
        const value = parse(block) as unknown[] | { probe: unknown[] };
        const list = Array.isArray(value) ? value : value.probe;
        const { probes, problems } = readProbes(list);
        expect(problems).toEqual([]);
        expect(probes).toHaveLength(list.length);
      }
    },
  );
});

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'demo/lambda/README.md'],
  ...['charts/lambda-chaos/README.md', 'manifests/hub/README.md'],
  ...filesUnder('docs', '.md'),
];

/** As GitHub makes them from headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] =>
  [...text(page).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));

describe.each(pages)('%s', (page) => {
  test('links to what is there', () => {
    for (const [, link = ''] of text(page).matchAll(/\]\(((?!https?:)[^)]+)\)/g)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      expect([link, existsSync(join(process.cwd(), target))]).toEqual([link, true]);
      if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
    }
  });

  test('names files and make targets that there are', () => {
    const targets = [...text('Makefile').matchAll(/^([a-z][a-z0-9 -]*):/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    for (const [, name = ''] of text(page).matchAll(/(?:^|`)make ([a-z0-9-]+)/gm))
      expect(targets).toContain(name);
    for (const [, path = ''] of text(page).matchAll(/`((?:src|test|demo|docs)\/[\w./-]+)`/g)) {
      expect([path, existsSync(join(process.cwd(), path))]).toEqual([path, true]);
    }
  });

  test('gives commands that work the second time, too', () => {
    // A Job's name that is there already; a wait that a failed Job never ends; values that a newer chart does not have.
    expect(text(page)).not.toMatch(/create job (?!"\$|--from`)|condition=complete|--reuse-values/);
    for (const [, block = ''] of text(page).matchAll(/```sh\n([\s\S]*?)```/g)) {
      // While the old runner's pod is there, chaos-operator takes it for the new one and starts nothing.
      if (block.includes('"engineState":"active"')) expect(block).toContain('-runner --ignore-not-found');
    }
  });

  test('shows JSON that parses', () => {
    for (const [, block = ''] of text(page).matchAll(/```json\n([\s\S]*?)```/g)) {
      expect(() => JSON.parse(block) as unknown).not.toThrow();
    }
  });
});
