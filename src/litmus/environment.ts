import { oneOf, readVariables, wholeSeconds, type Environment } from '../runtime/environment.ts';
import type { Problem } from '../runtime/errors.ts';
import type { Schedule } from '../runtime/schedule.ts';

const SPECS = {
  TOTAL_CHAOS_DURATION: wholeSeconds(1)({
    default: 30,
    desc: 'the seconds that each mapping spends disabled',
    example: '30',
  }),
  CHAOS_INTERVAL: wholeSeconds(1)({
    // Empty or absent: one cycle of the whole duration.
    default: 0,
    desc: 'the seconds of hold in one cycle',
    example: '30',
  }),
  RAMP_TIME: wholeSeconds(0)({
    default: 0,
    desc: 'the seconds to wait before the first and after the last cycle',
    example: '10',
  }),
  SEQUENCE: oneOf(['parallel', 'serial'])({
    default: 'parallel',
    desc: 'parallel or serial',
    example: 'parallel',
  }),
  SETTLE_TIME: wholeSeconds(0)({
    default: 0,
    desc: 'the seconds after Disabled before the hold counts',
    example: '60',
  }),
  STATUS_CHECK_TIMEOUT: wholeSeconds(1)({
    default: 180,
    desc: 'the seconds a state may take',
    example: '300',
  }),
  STATUS_CHECK_DELAY: wholeSeconds(0)({
    default: 2,
    desc: 'the longest pause between two looks',
    example: '2',
  }),
  REVERT_TIMEOUT: wholeSeconds(1)({
    default: 600,
    desc: 'the seconds for which a revert keeps trying',
    example: '600',
  }),
};

/** The tunables that every fault of ours shares, plus the names that Litmus itself injects. */
export const COMMON_TUNABLES: readonly string[] = [
  ...Object.keys(SPECS),
  ...[
    'CHAOSENGINE',
    'CHAOS_NAMESPACE',
    'CHAOS_UID',
    'EXPERIMENT_NAME',
    'CHAOS_SERVICE_ACCOUNT',
    'INSTANCE_ID',
    'POD_NAME',
  ],
  ...[
    'TARGETS',
    'AUXILIARY_APPINFO',
    'LIB_IMAGE_PULL_POLICY',
    'TERMINATION_GRACE_PERIOD_SECONDS',
    'DEFAULT_HEALTH_CHECK',
  ],
  ...['JOB_CLEANUP_POLICY', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'TRACE_PARENT', 'RANDOMNESS', 'LOG_LEVEL'],
];

/** Each cycle is two writes a mapping in the account's control plane. */
const MOST_CYCLES = 1_000;

/** Reads the schedule; every problem at once, the rest of the environment untouched. */
export function readSchedule(env: Environment): { schedule?: Schedule; problems: Problem[] } {
  const { values, problems } = readVariables(env, SPECS);
  if (values === undefined) return { problems };
  const cycles =
    values.CHAOS_INTERVAL === 0 ? 1 : Math.ceil(values.TOTAL_CHAOS_DURATION / values.CHAOS_INTERVAL);
  if (cycles > MOST_CYCLES) {
    const message = `got "${values.CHAOS_INTERVAL}", which makes ${cycles} cycles of ${values.TOTAL_CHAOS_DURATION} s; wanted is an interval that makes at most ${MOST_CYCLES}, e.g. 30`;
    return { problems: [{ subject: 'CHAOS_INTERVAL', message }] };
  }
  const schedule: Schedule = {
    totalSeconds: values.TOTAL_CHAOS_DURATION,
    ...(values.CHAOS_INTERVAL === 0 ? {} : { intervalSeconds: values.CHAOS_INTERVAL }),
    rampSeconds: values.RAMP_TIME,
    settleSeconds: values.SETTLE_TIME,
    sequence: values.SEQUENCE,
    statusTimeoutSeconds: values.STATUS_CHECK_TIMEOUT,
    // The runner allows 0, which would be a busy loop.
    statusDelaySeconds: Math.max(1, values.STATUS_CHECK_DELAY),
    revertTimeoutSeconds: values.REVERT_TIMEOUT,
  };
  return { schedule, problems };
}
