import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  FORECAST,
  PROBES_FILE,
  probesFor,
  readHypotheses,
  TOO_MANY_EVENTS,
  WRITTEN_URL,
} from '../../../demo/hypotheses.ts';
import { readOptions } from '../../../demo/options.ts';
import { readProbes } from '../../../src/litmus/probes/read.ts';

const { named, probes, problems } = readProbes(parse(readFileSync(PROBES_FILE, 'utf8')) as unknown[]);

describe('demo/probes.yaml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-probes-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is what the product takes, and what the forecast is about', () => {
    expect(problems).toEqual([]);
    expect(named.map(({ name }) => name)).toEqual(Object.keys(FORECAST));
  });

  test('calls as many events too many as the demo does', () => {
    const failing = probes.find(({ name }) => FORECAST[name] === 'Failed');
    expect(failing?.type === 'cmdProbe' && failing.inputs.expected).toEqual({
      type: 'int',
      criteria: '<',
      value: String(TOO_MANY_EVENTS),
    });
  });

  test('is given the address of the stand-in, in each probe', () => {
    const text = readFileSync(probesFor('http://127.0.0.1:9', folder), 'utf8');
    expect(text).not.toContain(WRITTEN_URL);
    const given = parse(text) as object[];
    for (const probe of given) expect(JSON.stringify(probe)).toContain('http://127.0.0.1:9/');
  });

  test('leaves no hypotheses where there is no journal', () => {
    expect(readHypotheses(join(folder, 'journal.json'))).toEqual([]);
  });
});

describe('the flags of the demo', () => {
  test.each([
    [['--probes', '--crash'], /two stories/],
    [['--probes', '--hold', '4'], /from 5 to 60/],
    [['--probes', '--hold', '61'], /from 5 to 60/],
    [['--hold', '1'], /from 2 to 3600/],
  ])('%j are refused', (flags, complaint) => {
    expect(() => readOptions(flags)).toThrow(complaint);
  });
});
