import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { TimelineEvent } from '../../../src/runtime/events.ts';
import { logSink, stdoutTarget } from '../../../src/telemetry/log.ts';

function logged(
  events: readonly TimelineEvent[],
  change: { isTerminal?: boolean; level?: string } = {},
): string[] {
  const lines: string[] = [];
  const log = logSink({
    write: (text) => void lines.push(text),
    isTerminal: false,
    level: 'info',
    ...change,
  });
  for (const event of events) log(event);
  return lines;
}

const HOLD: TimelineEvent = { type: 'hold', targets: ['a'], seconds: 30 };
const WARNING: TimelineEvent = { type: 'warning', message: 'look out' };
const RETRY: TimelineEvent = { type: 'retry', what: 'it', attempt: 1, waitMs: 200, error: 'reset' };
const ERROR: TimelineEvent = { type: 'error', message: 'it broke' };

describe('the log for machines', () => {
  test('is one JSON object a line, with level, time, event, facts and message', () => {
    const [line = ''] = logged([HOLD]);
    expect(line.endsWith('\n')).toBe(true);
    const parsed = JSON.parse(line) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['level', 'time', 'event', 'targets', 'seconds', 'msg']);
    expect(parsed).toMatchObject({
      level: 'info',
      event: 'hold',
      targets: ['a'],
      seconds: 30,
      msg: '[Wait] Holding 1 event source mapping Disabled for 30 s.',
    });
    expect(parsed.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('keeps a message with quotes and line breaks on its line', () => {
    const [line = ''] = logged([{ type: 'note', message: 'a "b"\nc' }]);
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ msg: '[Info] a "b"\nc' });
  });

  test.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ])('shows at level %s what matters there', (level, lines) => {
    expect(logged([RETRY, HOLD, WARNING, ERROR], { level })).toHaveLength(lines);
  });

  test('keeps the facts of a retry out of the way of people', () => {
    const [line = ''] = logged([RETRY], { isTerminal: true, level: 'debug' });
    expect(line).toMatch(/^\d\d:\d\d:\d\dZ \[Wait\] it failed .*reset\n$/);
  });

  test('survives facts that point to themselves', () => {
    const detail: Record<string, unknown> = {};
    detail.self = detail;
    expect(logged([{ type: 'note', message: 'x', detail }])).toHaveLength(1);
  });
});

describe('the log for people', () => {
  test('is a time and a sentence, with a mark on what is not as it should be', () => {
    const lines = logged([HOLD, WARNING, ERROR], { isTerminal: true });
    expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\dZ/, 'TIME'))).toEqual([
      'TIME [Wait] Holding 1 event source mapping Disabled for 30 s.\n',
      'TIME WARN [Warning] look out\n',
      'TIME ERROR [Error] it broke\n',
    ]);
  });
});

describe('stdout', () => {
  const broken = (): Writable =>
    new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
  const asStdout = (stream: Writable, isTTY?: boolean): NodeJS.WriteStream =>
    Object.assign(stream, isTTY === undefined ? {} : { isTTY }) as unknown as NodeJS.WriteStream;

  test('may lose its reader: the run goes on', async () => {
    const log = logSink(stdoutTarget(asStdout(broken()), 'info'));
    log(HOLD);
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => log(HOLD)).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('is a terminal only when it says so', () => {
    const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
    expect(stdoutTarget(asStdout(sink(), true), 'info').isTerminal).toBe(true);
    expect(stdoutTarget(asStdout(sink()), 'info').isTerminal).toBeFalsy();
    expect(stdoutTarget(asStdout(sink()), 'warn').level).toBe('warn');
  });
});
