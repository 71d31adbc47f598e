import type { JournalRecord, JournalTarget, TargetPhase } from '../../../src/runtime/journal.ts';
import type { Outcome } from '../../../src/runtime/verdict.ts';

/** A journal record of some run, for tests of what stores it. */
export function aRecord(rest: Partial<JournalRecord> & { readonly jobId?: string } = {}): JournalRecord {
  const { jobId = 'job-1', ...fields } = rest;
  const owner = fields.owner ?? 'attempt-1';
  // Whoever takes job-1 over keeps the run's identity; another Job's run is its owner's from the beginning.
  const attempt = jobId === 'job-1' ? 'attempt-1' : owner;
  return {
    version: 1,
    run: {
      experiment: 'lambda-toggle-event-mapping-state',
      engine: 'engine-1',
      engineUid: 'engine-uid-1',
      jobId,
      pod: `${jobId}-pod`,
      attempt,
    },
    owner,
    startedAt: '2026-01-01T00:00:00.000Z',
    finished: false,
    context: { region: 'eu-west-1' },
    targets: {},
    ...fields,
  };
}

export const aTarget = (phase: TargetPhase): JournalTarget => ({
  phase,
  before: 'Enabled',
  at: '2026-01-01T00:00:01.000Z',
});

export function anOutcome(rest: Partial<Outcome> = {}): Outcome {
  return {
    phase: 'Completed',
    verdict: 'Pass',
    probeSuccessPercentage: '100',
    counter: 'passedRuns',
    probes: [],
    targets: [],
    ...rest,
  };
}

export const anError = (): Outcome => ({
  phase: 'Error',
  verdict: 'Error',
  probeSuccessPercentage: '0',
  error: { code: 'CHAOS_INJECT_ERROR', phase: 'ChaosInject', message: 'it broke' },
  probes: [],
  targets: [],
});
