import { accessKeyOf } from '../../../demo/product.ts';
import type { Ending, PodEnding } from '../../../demo/ending.ts';
import type { Hypothesis } from '../../../demo/hypotheses.ts';
import type { MappingView, StateView } from '../../../demo/lambda/view.ts';
import type { RequestRecord } from '../../../demo/lambda/model/request-log.ts';
import type { Picture, Sight } from '../../../demo/picture.ts';
import { BYSTANDERS, TARGETS } from '../../../demo/world.ts';

/** 2026-01-01T00:00:00Z; the demo starts then. */
export const START = Date.UTC(2026, 0, 1);
const HOLD_SECONDS = 10;
const OFF_AT = START + 5_000;
const ON_AT = OFF_AT + 2_000 + HOLD_SECONDS * 1000;

const SOURCES = [
  ['sqs', 'orders'],
  ['kinesis', 'clickstream'],
  ['kafka', 'payments'],
] as const;

export function write(uuid: string, enabled: boolean, at: number, pod = 'pod-1'): RequestRecord {
  return {
    at,
    operation: 'UpdateEventSourceMapping',
    label: uuid,
    by: 'request',
    body: { Enabled: enabled },
    accessKey: accessKeyOf(pod),
    region: 'us-east-1',
    invocationId: 'i',
    attempt: '1',
    requestId: 'r',
    status: 202,
    applied: true,
  };
}

function mapping(
  uuid: string,
  [type, name]: readonly [string, string],
  given: Partial<MappingView>,
): MappingView {
  return {
    uuid,
    arn: `arn:aws:lambda:us-east-1:123456789012:event-source-mapping:${uuid}`,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:order-processor',
    source: { type, name, arn: undefined } as MappingView['source'],
    state: 'Enabled',
    reason: '',
    polling: true,
    attributes: {},
    transitions: [{ state: 'Enabled', at: START, by: 'start' }],
    ledger: { produced: 100, processed: 100, dropped: 0, backlog: 0 },
    writes: [],
    ...given,
  };
}

/** A target that was switched off and on, asked for by the pods named. */
export function toggled(index: number, offPod = 'pod-1', onPod = 'pod-1'): MappingView {
  const uuid = TARGETS[index] ?? '';
  return mapping(uuid, SOURCES[index] ?? ['sqs', 'more'], {
    transitions: [
      { state: 'Enabled', at: START, by: 'start' },
      { state: 'Disabling', at: OFF_AT, by: 'request' },
      { state: 'Disabled', at: OFF_AT + 2_000, by: 'request' },
      { state: 'Enabling', at: ON_AT, by: 'request' },
      { state: 'Enabled', at: ON_AT + 1_500, by: 'request' },
    ],
    writes: [write(uuid, false, OFF_AT, offPod), write(uuid, true, ON_AT, onPod)],
  });
}

export function bystander(index: number, given: Partial<MappingView> = {}): MappingView {
  const spec = BYSTANDERS[index]?.spec;
  const state = spec?.state ?? 'Enabled';
  const source = [spec?.source ?? '', spec?.sourceName ?? ''] as const;
  const start = { state, transitions: [{ state, at: START, by: 'start' }] } as const;
  return mapping(spec?.uuid ?? '', source, { ...start, ...given });
}

export function stateOf(mappings: readonly MappingView[], totals: Record<string, number> = {}): StateView {
  const writes = mappings.reduce((sum, one) => sum + one.writes.length, 0);
  return {
    now: ON_AT + 5_000,
    mappings,
    functions: [],
    totals: { UpdateEventSourceMapping: writes, ...totals },
    hooks: [],
  };
}

export function podEnding(
  name: string,
  given: Partial<PodEnding> & { verdict?: string; phase?: string },
): PodEnding {
  const { verdict = 'Pass', phase = 'Completed', ...rest } = given;
  return {
    name,
    startedAtMs: START + 3_000,
    exit: { code: 0, signal: null },
    lines: [
      { atMs: ON_AT - 100, level: 'info', event: 'reverting', message: 'Reverting' },
      { atMs: ON_AT + 2_000, level: 'info', event: 'outcome', message: 'The End', verdict, phase },
    ],
    ...rest,
  };
}

const HYPOTHESES: readonly Hypothesis[] = [
  {
    ...{ name: 'service-answers', type: 'httpProbe', mode: 'Continuous', verdict: 'Passed' },
    description: 'GET http://127.0.0.1:1/_standin/backlog answered 200; expected is == 200',
  },
  {
    ...{ name: 'backlog-stays-small', type: 'cmdProbe', mode: 'OnChaos', verdict: 'Failed' },
    description: 'the command printed "131"; expected is < 100',
  },
  { name: 'backlog-drains', type: 'httpProbe', mode: 'EOT', verdict: 'Passed', description: 'it does' },
];

/** An undisturbed run, with or without hypotheses, or the undisturbed story of a SIGKILL. */
export function goodEnding(crash = false, probes = false): Ending {
  const onPod = crash ? 'pod-2' : 'pod-1';
  const targets = TARGETS.map((_, index) => toggled(index, 'pod-1', onPod));
  const mappings = [...targets, ...BYSTANDERS.map((_, index) => bystander(index))];
  const off = (backlog: number): StateView =>
    stateOf(
      targets.map((target) => ({
        ...target,
        state: 'Disabled',
        ledger: { produced: 100, processed: 100 - backlog, dropped: 0, backlog },
      })),
      { UpdateEventSourceMapping: 3 },
    );
  const killed = podEnding('pod-1', { exit: { code: null, signal: 'SIGKILL' }, lines: [] });
  const next = podEnding('pod-2', { exit: { code: 2, signal: null }, verdict: 'Error', phase: 'Error' });
  const failing = podEnding('pod-1', {
    exit: { code: 1, signal: null },
    verdict: 'Fail',
    phase: 'Completed_With_Probe_Failure',
  });
  return {
    options: { crash, probes, plain: true, holdSeconds: HOLD_SECONDS },
    interrupted: false,
    pods: crash ? [killed, next] : [probes ? failing : podEnding('pod-1', {})],
    kill: crash
      ? { atMs: OFF_AT + 6_000, nextPodAtMs: ON_AT - 500, alone: off(20), stillAlone: off(60) }
      : undefined,
    hypotheses: probes ? HYPOTHESES : [],
    answer: {
      atMs: ON_AT + 3_000,
      states: Object.fromEntries(mappings.map(({ uuid, state }) => [uuid, state])),
    },
    final: stateOf(mappings),
    sights: mappings.map((one) => sightOf(one)),
  };
}

/** The same ending with some mappings replaced, in Lambda's record and in its answer. */
export function withMappings(ending: Ending, changed: readonly MappingView[]): Ending {
  const mappings = ending.final.mappings.map((old) => changed.find(({ uuid }) => uuid === old.uuid) ?? old);
  const states = Object.fromEntries(mappings.map(({ uuid, state }) => [uuid, state]));
  return { ...ending, final: stateOf(mappings), answer: { ...ending.answer, states } };
}

function sightOf({ uuid, source, state, ledger }: MappingView): Sight {
  return {
    uuid,
    sourceType: source.type,
    sourceName: source.name,
    leftAlone: BYSTANDERS.find(({ spec }) => spec.uuid === uuid)?.why,
    state,
    backlog: ledger.backlog,
    peak: 120,
    arrivalPerSecond: 10,
    processedPerSecond: 10,
    samples: [
      { atMs: ON_AT + 1_000, backlog: 120, produced: 220, processed: 100 },
      { atMs: ON_AT + 4_500, backlog: 0, produced: 250, processed: 250 },
    ],
  };
}

/** In the middle of the hold: two mappings off, one on its way. */
export function holdPicture(): Picture {
  const off = { state: 'Disabled', backlog: 57, processedPerSecond: 0 };
  const samples = [0, 0, 19, 38, 57].map((backlog, index) => ({
    atMs: START + index * 3_000,
    backlog,
    produced: backlog,
    processed: 0,
  }));
  const sights = goodEnding().sights.map((sight, index) => ({
    ...sight,
    ...(index < 2 ? off : {}),
    ...(index === 2 ? { state: 'Disabling', backlog: 1 } : {}),
    samples,
  }));
  return {
    startedAtMs: START,
    crash: false,
    stopping: false,
    holdSeconds: HOLD_SECONDS,
    phases: (['traffic', 'checks', 'disabling', 'hold'] as const).map((phase, index) => ({
      phase,
      atMs: START + index * 2_000,
    })),
    sights,
    sentences: [
      { atMs: START + 4_000, level: 'info', text: '[Chaos] sqs orders is Disabled after 1.5 s.' },
      { atMs: START + 6_000, level: 'warn', text: '[Warning] Something is odd.' },
    ],
  };
}
