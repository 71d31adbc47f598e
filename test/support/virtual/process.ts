import { NO_PROBES } from '../../../src/runtime/probes.ts';
import { AbortedError } from '../../../src/runtime/errors.ts';
import type { TimelineEvent } from '../../../src/runtime/events.ts';
import { runExperiment } from '../../../src/runtime/experiment.ts';
import type { RunResult } from '../../../src/runtime/outcome.ts';
import type { Schedule } from '../../../src/runtime/schedule.ts';
import type { MemoryRunStore } from '../../../src/runtime/stores/memory.ts';
import { createToggleFault } from '../../../src/faults/lambda-toggle-event-mapping-state/fault.ts';
import { toggleConfig } from '../../unit/faults/pieces.ts';
import type { VirtualLambda } from './lambda.ts';
import { Life } from './mortal.ts';

export interface Death {
  /** At which of this process' calls; undefined: it lives. */
  readonly atCall?: number;
  readonly kind: 'kill-before' | 'kill-after' | 'abort';
}

export interface ProcessParts {
  readonly lambda: VirtualLambda;
  readonly store: MemoryRunStore;
  readonly ids: readonly string[];
  readonly schedule: Schedule;
  readonly death: Death;
  readonly pod: string;
  readonly jobId: string;
}

export interface ProcessReport {
  readonly result: RunResult | 'dead';
  readonly events: readonly TimelineEvent[];
  readonly calls: number;
}

/** One pod of the Job: the real story and the real fault, on virtual ports. */
export async function runProcess(parts: ProcessParts): Promise<ProcessReport> {
  const { lambda, store, death, pod, jobId, schedule } = parts;
  const abort = new AbortController();
  const events: TimelineEvent[] = [];
  const killAt = death.kind === 'abort' ? undefined : death.atCall;
  const life = new Life(killAt, death.kind === 'kill-after', (step) => {
    if (death.kind === 'abort' && step === death.atCall) abort.abort(new AbortedError('SIGTERM received'));
  });
  const clock = life.clock(lambda.clock);
  const emit = (event: TimelineEvent): void => void events.push(event);
  const gateway = life.bind(lambda.gateway(pod));
  const config = toggleConfig(parts.ids);
  const fault = () => createToggleFault(config, { gateway, clock, emit, region: 'eu-west-1', schedule });
  const story = runExperiment({
    identity: {
      experiment: 'lambda-toggle-event-mapping-state',
      engine: 'engine',
      engineUid: 'uid',
      jobId,
      pod,
      attempt: pod,
    },
    configure: () => Promise.resolve({ schedule, fault: fault(), probes: NO_PROBES }),
    reopen: () => Promise.resolve(fault()),
    store: life.bind<MemoryRunStore>(store),
    surroundings: {
      admit: () => Promise.resolve([]),
      otherLivePods: () => Promise.resolve([]),
      othersHolding: () => Promise.resolve([]),
      tidy: () => Promise.resolve(),
      stopRequested: () => Promise.resolve(undefined),
    },
    clock,
    emit,
    signal: abort.signal,
    revertTimeoutMs: 600_000,
  });
  const result = await Promise.race([story, life.death]);
  return { result, events, calls: life.steps };
}
