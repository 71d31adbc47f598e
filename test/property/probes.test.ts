import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PROBE_MODES, PROBE_TYPES } from '../../src/litmus/probes/definition.ts';
import { parseDuration } from '../../src/litmus/probes/duration.ts';
import { readProbes } from '../../src/litmus/probes/read.ts';
import { expand } from '../../src/litmus/probes/template.ts';
import { entry } from '../unit/probes/pieces.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 700) };

/** Texts of these characters alone. */
const textOf = (characters: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)) });

describe('a list of probes', () => {
  /** Mostly what belongs there, now and then anything that JSON has. */
  const spoiled = (...right: readonly unknown[]): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.jsonValue() });
  const comparator = { type: 'string', criteria: 'oneOf', value: 'a,{{b}}' };
  const template = '{{ .a.ProbeArtifacts.Register }}';
  const inputs = (...keys: readonly string[]): fc.Arbitrary<unknown> =>
    fc.record(Object.fromEntries(keys.map((key) => [key, spoiled('x', '5', template, comparator, {})])), {
      requiredKeys: [],
    });
  const probe = fc.record(
    {
      name: spoiled('a', 'b', 'c', 'd', 'e'),
      type: spoiled(...PROBE_TYPES),
      mode: spoiled(...PROBE_MODES),
      data: spoiled('', 'kind: Pod'),
      runProperties: fc.record(
        Object.fromEntries(
          ['probeTimeout', 'interval', 'attempt', 'retry', 'probePollingInterval', 'stopOnFailure'].map(
            (key) => [key, key === 'attempt' || key === 'retry' ? spoiled(0, 3) : spoiled('1s', '', true)],
          ),
        ),
        { requiredKeys: [] },
      ),
      'httpProbe/inputs': inputs('url', 'method', 'insecureSkipVerify'),
      'cmdProbe/inputs': inputs('command', 'comparator', 'source'),
      'k8sProbe/inputs': inputs('version', 'resource', 'operation', 'resourceNames'),
      'promProbe/inputs': inputs('endpoint', 'query', 'comparator'),
    },
    { requiredKeys: [] },
  );
  const right = fc.constantFrom('SOT', 'OnChaos').map((mode) => entry('right', mode as 'SOT'));

  test('is usable or says what is wrong with it, and never throws', () => {
    const lists = fc.array(fc.oneof(probe, right, fc.jsonValue()), { maxLength: 4 });
    fc.assert(
      fc.property(lists, (list) => {
        const { named, probes, problems } = readProbes(list);
        expect(named).toHaveLength(list.length);
        if (problems.length === 0) expect(probes).toHaveLength(list.length);
        for (const { subject, message } of problems) expect(subject.trim() && message.trim()).not.toBe('');
        for (const { run } of problems.length === 0 ? probes : []) {
          expect(run.attempts).toBeGreaterThanOrEqual(1);
          for (const ms of [run.timeoutMs, run.intervalMs, run.pollingMs, run.initialDelayMs])
            expect(ms).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });
});

describe('a duration', () => {
  const UNITS = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 } as const;
  const amount = fc.oneof(
    fc.nat(100_000).map(String),
    fc.tuple(fc.nat(999), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`),
    fc.nat(999).map((part) => `.${part}`),
    fc.nat(999).map((whole) => `${whole}.`),
  );
  const parts = fc.array(
    fc.tuple(amount, fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[]))),
    {
      minLength: 1,
      maxLength: 5,
    },
  );

  test('is the sum of its parts', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom('', '+'), (list, sign) => {
        const text = sign + list.map(([value, unit]) => value + unit).join('');
        const sum = list.reduce((total, [value, unit]) => total + Number(value) * UNITS[unit], 0);
        expect(Math.abs((parseDuration(text) ?? NaN) - sum)).toBeLessThanOrEqual(sum * 1e-12);
        expect(parseDuration(`-${text}`)).toBeUndefined();
        expect(parseDuration(`${text}5`)).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('is none, or no less than nothing, whatever the text', () => {
    fc.assert(
      fc.property(textOf('0123456789.+- nµmsh'), (text) => {
        const ms = parseDuration(text);
        if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});

describe('a template', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '{{',
      '}}',
      '{{-',
      '-}}',
      ' ',
      '.a.ProbeArtifacts.Register',
      'index . "a"',
      '(',
      ')',
      '"',
    ),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

  test('is filled in or refused, and never throws', () => {
    fc.assert(
      fc.property(text, fc.option(fc.string(), { nil: undefined }), (template, register) => {
        const { kind } = expand(template, () => register);
        expect(['text', 'error']).toContain(kind);
      }),
      RUNS,
    );
  });

  test('that refers to nothing stays as it is', () => {
    const plain = text.map((any) => any.replaceAll(/\{\{|\}\}/g, ''));
    fc.assert(
      fc.property(plain, (template) => {
        fc.pre(!/\{\{|\}\}/.test(template));
        expect(expand(template, () => 'x')).toEqual({ kind: 'text', text: template });
      }),
      RUNS,
    );
  });

  // A command with JSON in it: Go takes what closes nothing for text.
  test('that only closes refers to nothing, and stays as it is', () => {
    const template = `curl -d '{"a": {"b": 1}}' http://shop`;
    expect(expand(template, () => 'x')).toEqual({ kind: 'text', text: template });
  });

  test('holds the register, whatever is in it and around it', () => {
    const around = fc.string().filter((any) => !/[{}]/.test(any));
    fc.assert(
      fc.property(around, fc.string({ minLength: 1 }), around, (before, register, after) => {
        const template = `${before}{{ .a.ProbeArtifacts.Register }}${after}`;
        expect(expand(template, () => register)).toEqual({ kind: 'text', text: before + register + after });
      }),
      RUNS,
    );
  });
});
