import { pino, type DestinationStream, type LoggerOptions } from 'pino';
import type { Emit, TimelineEvent } from '../runtime/events.ts';
import { linesOf } from './sentences.ts';

/** Where lines go, and whether a person reads them on a terminal. */
export interface LogTarget {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly level: string;
}

/**
 * The log as a sink of the timeline: pino's JSON lines where a machine collects them, plain
 * sentences on a terminal. Lines are written synchronously: a process that is about to be killed
 * has said what it did.
 */
export function logSink(target: LogTarget): Emit {
  const options: LoggerOptions = {
    level: target.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    messageKey: 'msg',
  };
  const destination: DestinationStream = {
    write: target.isTerminal ? (text) => target.write(forPeople(text)) : target.write,
  };
  const logger = pino(options, destination);
  return (event: TimelineEvent) => {
    for (const { level, message, fields } of linesOf(event))
      logger[level]({ event: event.type, ...fields }, message);
  };
}

function forPeople(json: string): string {
  const { time, level, msg } = JSON.parse(json) as { time: string; level: string; msg: string };
  const mark = level === 'info' || level === 'debug' ? '' : `${level.toUpperCase()} `;
  return `${time.slice(11, 19)}Z ${mark}${msg}\n`;
}

/**
 * Writes to stdout and survives its reader: a closed pipe must not end a run that has mappings off.
 */
export function stdoutTarget(stdout: NodeJS.WriteStream, level: string): LogTarget {
  // Safety: without a listener an EPIPE is an uncaught exception.
  stdout.on('error', () => undefined);
  return { write: (text) => void stdout.write(text), isTerminal: stdout.isTTY, level };
}
