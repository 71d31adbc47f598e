import { afterAll, describe, expect } from '@jest/globals';
import { EXPERIMENT, type Scene } from '../support/product/scene.ts';
import type { Product } from '../support/product/product.ts';
import { disablesOf, enablesOf, ended, pause, play, until, type PlayOptions } from './play.ts';
import { eventsOf, linesOf, statusOf, verdictOf } from './records.ts';
import { together } from '../support/product/together.ts';

/** How soon after the signal the first enable must be on the wire, on a machine that is busy with other tests. */
const FIRST_ENABLE_MS = 2_000;

const ON_THE_WIRE_MS = 100;

const measured: string[] = [];

afterAll(() => {
  process.stdout.write(`${measured.sort().join('\n')}\n`);
});

interface Phase {
  readonly options: PlayOptions;
  /** Resolves when the run is in this phase. */
  readonly reached: (scene: Scene, product: Product) => Promise<void>;
  /** One signal is enough here: a neighbouring phase has the others. */
  readonly onceOnly?: boolean;
  /** Whether a mapping may be off by then. */
  readonly touched: boolean;
}

const ramps = (product: Product): number => product.events.filter((event) => event === 'ramp').length;

const PHASES: Readonly<Record<string, Phase>> = {
  'the checks': {
    options: { mappings: 2 },
    reached: async (scene) => {
      scene.lambda.hook({ match: { operation: 'GetFunction' }, effect: { kind: 'delay', ms: 3000 } });
      await until('GetFunction', () =>
        scene.lambda.requests.some(({ operation }) => operation === 'GetFunction'),
      );
    },
    touched: false,
  },
  'the ramp': {
    options: { mappings: 2, env: { RAMP_TIME: '40' } },
    reached: (_scene, product) => product.logged('ramp'),
    touched: false,
  },
  'the first disable': {
    options: { mappings: 4, lagMs: 600 },
    reached: (scene) => until('a disable', () => disablesOf(scene).length > 0),
    touched: true,
  },
  'the wait for Disabled': {
    onceOnly: true,
    options: { mappings: 4, lagMs: 1200 },
    reached: (scene) => until('four disables', () => disablesOf(scene).length === 4),
    touched: true,
  },
  'the hold': {
    options: { mappings: 4, env: { TOTAL_CHAOS_DURATION: '40' } },
    reached: (_scene, product) => product.logged('hold'),
    touched: true,
  },
  'the settling': {
    onceOnly: true,
    options: { mappings: 1, env: { SETTLE_TIME: '40' } },
    reached: (_scene, product) => product.logged('injected'),
    touched: true,
  },
  'the second mapping of a serial run': {
    onceOnly: true,
    options: { mappings: 3, env: { SEQUENCE: 'serial' } },
    reached: (scene) => until('the second disable', () => disablesOf(scene).length === 2),
    touched: true,
  },
  'the enabling between two cycles': {
    onceOnly: true,
    options: { mappings: 2, lagMs: 1000, env: { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '1' } },
    reached: (scene) => until('the enables', () => enablesOf(scene).length === 2),
    touched: true,
  },
  'the last enabling': {
    options: { mappings: 2, lagMs: 1000 },
    reached: (scene) => until('the enables', () => enablesOf(scene).length === 2),
    touched: true,
  },
  'the last ramp': {
    options: { mappings: 2, env: { RAMP_TIME: '3' } },
    reached: (_scene, product) => until('the last ramp', () => ramps(product) === 2),
    touched: true,
  },
};

const SIGNALS: Readonly<Record<string, readonly NodeJS.Signals[]>> = {
  SIGTERM: ['SIGTERM'],
  'SIGINT and twice SIGTERM': ['SIGINT', 'SIGTERM', 'SIGTERM'],
};

const asked = (
  { options, reached, touched }: Phase,
  signals: readonly NodeJS.Signals[],
  name: string,
): Promise<void> =>
  play(options, async (scene) => {
    const { product, name: pod } = scene.startPod();
    await reached(scene, product);
    const signalledAt = scene.lambda.now();
    for (const signal of signals) {
      product.kill(signal);
      await pause(20);
    }
    expect((await ended(product)).code).toBe(0);
    expect(verdictOf(scene)).toBe('Stopped/Stopped');
    expect(statusOf(scene).history).toMatchObject({ passedRuns: 0, failedRuns: 0, stoppedRuns: 1 });
    expect(statusOf(scene).experimentStatus.errorOutput).toBeUndefined();
    expectStopEvents(scene, pod);
    if (!touched) expect(scene.lambda.writes).toEqual([]);
    const heard = Date.parse(linesOf(product).find(({ event }) => event === 'abort')?.time ?? '');
    // One disable may be on the wire already; nothing else follows the signal.
    expect(disablesOf(scene).filter(({ at }) => at > heard + ON_THE_WIRE_MS)).toEqual([]);
    expectEnablesBeforePolls(scene, signalledAt);
    note(name, scene, signalledAt);
  });

describe('asked to end, it brings everything back and is Stopped', () => {
  together(
    Object.fromEntries(
      Object.entries(PHASES).flatMap(([phase, what]) =>
        Object.entries(SIGNALS)
          .slice(0, what.onceOnly === true ? 1 : 2)
          .map(([name, signals]) => [
            `by ${name} in ${phase}`,
            () => asked(what, signals, `${phase}, ${name}`),
          ]),
      ),
    ),
  );
});

function expectStopEvents(scene: Scene, pod: string): void {
  const [summary, abort] = ['Summary', 'Abort'].map((reason) =>
    eventsOf(scene).find((event) => event.reason === reason),
  );
  const message = `${EXPERIMENT} experiment has been aborted`;
  expect(summary).toMatchObject({ name: `Summary${EXPERIMENT}${scene.engineUid}`, type: 'Warning', message });
  expect(abort).toMatchObject({
    name: `Abort${pod}`,
    type: 'Warning',
    message,
    involvedObject: { kind: 'ChaosResult' },
  });
}

/** Every mapping has been asked to be enabled before any is looked at again. */
function expectEnablesBeforePolls(scene: Scene, since: number): void {
  const first = scene.ids.flatMap((id) => enablesOf(scene, id).find(({ at }) => at >= since) ?? []);
  const last = Math.max(-Infinity, ...first.map(({ at }) => at));
  const polls = first.flatMap(({ label, at }) =>
    scene.lambda.requests.filter(
      (r) => r.label === label && r.operation === 'GetEventSourceMapping' && r.at > at,
    ),
  );
  expect(Math.min(Infinity, ...polls.map(({ at }) => at))).toBeGreaterThan(last);
}

function note(what: string, scene: Scene, since: number): void {
  const times = enablesOf(scene)
    .map(({ at }) => at - since)
    .filter((ms) => ms >= 0);
  if (times.length === 0) return;
  expect(Math.min(...times)).toBeLessThan(FIRST_ENABLE_MS);
  measured.push(`signal to first enable: ${Math.min(...times).toFixed(0)} ms (${what})`);
}
