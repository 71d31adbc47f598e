import { describe, expect, test } from '@jest/globals';
import { logLevel } from '../../../src/commands/io.ts';
import {
  configure,
  faultNamed,
  reopen,
  revertTimeoutMs,
  targetKindOf,
} from '../../../src/commands/services.ts';
import { columns } from '../../../src/commands/table.ts';
import { ConfigError } from '../../../src/runtime/errors.ts';
import { VirtualClock } from '../../support/virtual/clock.ts';
import { identity, recordWith, rejection, timeline } from '../runtime/pieces.ts';

const FAULT = 'lambda-toggle-event-mapping-state';
const GOOD = {
  REGION: 'eu-west-1',
  FUNCTION_NAME: 'orders',
  EVENT_UUIDS: '14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11',
};

async function configureWith(env: Record<string, string>) {
  const { emit, messages } = timeline();
  const services = {
    env: { ...GOOD, ...env },
    clock: new VirtualClock(),
    emit,
    experiment: FAULT,
    runUid: 'uid',
  };
  const outcome = await configure(services).then(
    (settings) => ({ settings, problems: [] }),
    (error: unknown) => ({
      settings: undefined,
      problems: error instanceof ConfigError ? error.problems : [],
    }),
  );
  return { ...outcome, warnings: messages('warning') };
}

describe('the whole environment', () => {
  test('becomes a schedule and a fault', async () => {
    const { settings, warnings } = await configureWith({ TOTAL_CHAOS_DURATION: '60' });
    expect(settings?.schedule.totalSeconds).toBe(60);
    expect(settings?.fault.name).toBe(FAULT);
    expect(settings?.fault.undoCommand('a')).toContain('--region eu-west-1 --uuid a --enabled');
    expect(warnings).toEqual([]);
  });

  test('is refused with every problem at once: of AWS, of the fault and of the schedule', async () => {
    const { problems } = await configureWith({
      REGION: '',
      FUNCTION_NAME: '',
      EVENT_UUIDS: ',',
      TOTAL_CHAOS_DURATION: '90s',
      SEQUENCE: 'random',
      FORCE: 'true',
    });
    expect(problems.map(({ subject }) => subject).sort()).toEqual([
      'EVENT_UUIDS',
      'EVENT_UUIDS',
      'FORCE',
      'FUNCTION_NAME',
      'REGION',
      'SEQUENCE',
      'TOTAL_CHAOS_DURATION',
    ]);
  });

  test('is refused in one message that counts and names them', async () => {
    const { emit } = timeline();
    const services = { env: { ...GOOD, REGION: '', SEQUENCE: 'x' }, clock: new VirtualClock(), emit };
    const error = await rejection(configure({ ...services, experiment: FAULT, runUid: 'uid' }));
    expect(error).toMatchObject({ code: 'TARGET_SELECTION_ERROR', phase: 'PreChaos' });
    expect((error as Error).message).toMatch(
      /^The environment is not usable \(2 problems\): .*REGION: .* \| .*SEQUENCE: /,
    );
  });

  test.each([
    ['EVENT_UUID', 'EVENT_UUIDS'],
    ['TOTAL_CHAOS_DURATOIN', 'TOTAL_CHAOS_DURATION'],
    ['FUNCTIONNAME', 'FUNCTION_NAME'],
    ['ASSUME_ROLE_ANR', 'ASSUME_ROLE_ARN'],
  ])('may hold a typo: %s brings a warning that names %s', async (name, meant) => {
    const { warnings, settings } = await configureWith({ [name]: '1' });
    expect(warnings).toEqual([
      `${name} is not a tunable of this fault and is ignored; ${meant} was probably meant.`,
    ]);
    expect(settings).toBeDefined();
  });

  test('that gives the pod less time than a revert may take brings a warning', async () => {
    const { warnings } = await configureWith({ TERMINATION_GRACE_PERIOD_SECONDS: '0', REVERT_TIMEOUT: '90' });
    expect(warnings).toEqual([expect.stringContaining('terminationGracePeriodSeconds: 150')]);
  });

  test('brings no warning for what chaos-runner, Kubernetes and a shell put there', async () => {
    const env = {
      ...{ CHAOSENGINE: 'e', CHAOS_NAMESPACE: 'n', CHAOS_UID: 'u', EXPERIMENT_NAME: FAULT, INSTANCE_ID: 'i' },
      ...{ POD_NAME: 'p', TARGETS: '', DEFAULT_HEALTH_CHECK: 'false', STATUS_CHECK_DELAY: '2' },
      ...{
        KUBERNETES_SERVICE_HOST: 'h',
        KUBERNETES_PORT: '1',
        PATH: '/',
        HOME: '/',
        HOSTNAME: 'x',
        LOG_LEVEL: 'debug',
      },
      ...{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
    };
    expect((await configureWith(env)).warnings).toEqual([]);
  });
});

describe('the faults', () => {
  test('are found by the name of the experiment', () => {
    expect(faultNamed(FAULT).name).toBe(FAULT);
    expect(targetKindOf(FAULT)).toBe('lambda-event-source-mapping');
    expect(targetKindOf('something-else')).toBe('lambda-event-source-mapping');
  });

  test('are listed for somebody who asks for another', () => {
    expect(() => faultNamed('pod-delete')).toThrow(`got "pod-delete"; wanted is one of ${FAULT}`);
  });

  test('of a journal that this version does not know are refused by name', () => {
    const services = {
      env: GOOD,
      clock: new VirtualClock(),
      emit: timeline().emit,
      experiment: FAULT,
      runUid: 'u',
    };
    const record = recordWith({}, { run: identity({ experiment: 'ec2-stop' }) });
    expect(() => reopen(record, services)).toThrow('The journal belongs to ec2-stop');
  });

  test('are opened again in the Region of the journal, not of today', async () => {
    const env = { ...GOOD, REGION: 'us-east-1' };
    const services = {
      env,
      clock: new VirtualClock(),
      emit: timeline().emit,
      experiment: FAULT,
      runUid: 'u',
    };
    const fault = await reopen(recordWith({}, { context: { region: 'eu-central-1' } }), services);
    expect(fault.undoCommand('a')).toContain('--region eu-central-1');
  });
});

describe('the bound of a takeover', () => {
  test.each([
    [{}, 600_000],
    [{ REVERT_TIMEOUT: '45' }, 45_000],
    [{ REVERT_TIMEOUT: 'soon' }, 600_000],
    [{ REVERT_TIMEOUT: '45', SEQUENCE: 'random' }, 600_000],
  ])('with %j is %p ms', (env, ms) => {
    expect(revertTimeoutMs(env)).toBe(ms);
  });
});

describe('LOG_LEVEL', () => {
  test.each([
    [undefined, 'info'],
    ['', 'info'],
    ['debug', 'debug'],
    [' WARN ', 'warn'],
    ['verbose', 'info'],
    ['silent', 'info'],
  ])('%j is %s', (value, level) => {
    expect(logLevel({ LOG_LEVEL: value })).toBe(level);
  });
});

describe('a table', () => {
  test('has aligned columns, two spaces in, and no blanks at the ends', () => {
    const rows = [
      { mapping: 'a', state: 'Enabled', note: '' },
      { mapping: 'a-longer-one', state: 'Off', note: 'x' },
    ];
    expect(columns(rows).split('\n')).toEqual([
      '  mapping       state    note',
      '  a             Enabled',
      '  a-longer-one  Off      x',
    ]);
  });

  test('of nothing is empty', () => {
    expect(columns([])).toBe('');
  });
});
