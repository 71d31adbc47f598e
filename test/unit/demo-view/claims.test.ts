import { describe, expect, test } from '@jest/globals';
import { claimsOf } from '../../../demo/claims.ts';
import type { Ending } from '../../../demo/ending.ts';
import type { StateView } from '../../../demo/lambda/view.ts';
import { bystander, goodEnding, podEnding, stateOf, toggled, withMappings, write } from './fixture.ts';

const falseClaims = (ending: Ending): string[] =>
  claimsOf(ending).flatMap(({ ok, text }) => (ok ? [] : [text]));

describe('the claims of the last block', () => {
  test.each([false, true])('are all true of a good run (crash: %s)', (crash) => {
    expect(falseClaims(goodEnding(crash))).toEqual([]);
  });

  const first = toggled(0);
  const lossy = { produced: 100, processed: 90, dropped: 10, backlog: 0 };
  const waiting = { produced: 100, processed: 60, dropped: 0, backlog: 40 };
  const lies: [string, Ending, RegExp][] = [
    [
      'a mapping is still off',
      withMappings(goodEnding(), [{ ...first, state: 'Disabled' }]),
      /sqs orders is Disabled/,
    ],
    [
      'the verdict is another',
      { ...goodEnding(), pods: [podEnding('pod-1', { verdict: 'Error' })] },
      /expected was Pass/,
    ],
    [
      'the exit code is another',
      { ...goodEnding(), pods: [podEnding('pod-1', { exit: { code: 1, signal: null } })] },
      /exit code 1/,
    ],
    [
      'the product dies',
      { ...goodEnding(), pods: [podEnding('pod-1', { exit: { code: null, signal: 'SIGSEGV' } })] },
      /SIGSEGV/,
    ],
    [
      'the hold is shorter than asked',
      { ...goodEnding(), options: { crash: false, probes: false, plain: true, holdSeconds: 11 } },
      /held Disabled for the 11.0 s asked: 10.0 s/,
    ],
    [
      'the hold is far too long',
      { ...goodEnding(), options: { crash: false, probes: false, plain: true, holdSeconds: 2 } },
      /held Disabled for the 2.0 s asked/,
    ],
    ['an event is lost', withMappings(goodEnding(), [{ ...first, ledger: lossy }]), /lost 10/],
    [
      'a backlog stays',
      withMappings(goodEnding(), [{ ...first, ledger: waiting }]),
      /wait in sqs orders \(40\)/,
    ],
    [
      'a mapping is enabled twice',
      withMappings(goodEnding(), [{ ...first, writes: [...first.writes, write(first.uuid, true, 1)] }]),
      /7 writes, not those expected/,
    ],
    [
      'another attribute is written',
      withMappings(goodEnding(), [
        { ...first, writes: first.writes.map((one) => ({ ...one, body: { Enabled: true, BatchSize: 1 } })) },
      ]),
      /not those expected/,
    ],
    [
      'a write goes elsewhere',
      { ...goodEnding(), final: stateOf(goodEnding().final.mappings, { UpdateEventSourceMapping: 7 }) },
      /7 writes, not those expected/,
    ],
    [
      "its owner's mapping is enabled",
      withMappings(goodEnding(), [bystander(0, { state: 'Enabled' })]),
      /dynamodb returns, which was off before/,
    ],
    [
      "another function's mapping is written to",
      withMappings(goodEnding(), [bystander(1, { writes: [write('x', false, 1)] })]),
      /sqs invoices, which is another function's/,
    ],
  ];
  test.each(lies)('show it when %s', (_, ending, complaint) => {
    expect(falseClaims(ending)).toContainEqual(expect.stringMatching(complaint));
  });
});

describe('the claims about a SIGKILL', () => {
  const good = goodEnding(true);
  const withKill = (change: Partial<NonNullable<Ending['kill']>>): Ending => {
    if (good.kill === undefined) throw new Error('the fixture has a kill');
    return { ...good, kill: { ...good.kill, ...change } };
  };
  const asked: StateView = stateOf(good.kill?.stillAlone.mappings ?? [], {
    UpdateEventSourceMapping: 3,
    GetFunction: 1,
  });
  const lies: [string, Ending, RegExp][] = [
    ['the product was not killed at all', { ...good, kill: undefined }, /ended before it could be killed/],
    ['somebody asked Lambda meanwhile', withKill({ stillAlone: asked }), /1 request reached Lambda/],
    ['the backlog did not grow', withKill({ stillAlone: good.kill?.alone ?? asked }), /grew from 60 to 60/],
    ['a mapping came back by itself', withKill({ stillAlone: good.final }), /0 mappings were Disabled/],
    [
      'somebody else enabled a mapping',
      withMappings(good, [toggled(0, 'pod-1', 'pod-1')]),
      /did not bring them all back/,
    ],
    [
      'the next pod injects again',
      withMappings(good, [
        {
          ...toggled(0),
          writes: [...toggled(0).writes, write('x', false, good.kill?.nextPodAtMs ?? 0, 'pod-2')],
        },
      ]),
      /4 disable calls in all, 1 after/,
    ],
    [
      'a run that was cut off is called a Pass',
      { ...good, pods: [podEnding('pod-1', {}), podEnding('pod-2', {})] },
      /expected was Error/,
    ],
  ];
  test.each(lies)('show it when %s', (_, ending, complaint) => {
    expect(falseClaims(ending)).toContainEqual(expect.stringMatching(complaint));
  });
});

describe('the claims about hypotheses', () => {
  const good = goodEnding(false, true);
  const few = good.sights.map((sight) => ({
    ...sight,
    samples: [{ atMs: 1, backlog: 20, produced: 20, processed: 0 }],
  }));
  const turned = good.hypotheses.map((one) => ({ ...one, verdict: 'Passed' }));

  test('are true of a run in which one fails, as it has to', () => {
    expect(falseClaims(good)).toEqual([]);
    expect(claimsOf(good).map(({ text }) => text)).toContain(
      'The hypotheses end as foreseen: service-answers and backlog-drains hold, backlog-stays-small fails',
    );
  });

  const lies: [string, Ending, RegExp][] = [
    [
      'the one that is to fail holds',
      { ...good, hypotheses: turned },
      /backlog-stays-small is Passed and not Failed$/,
    ],
    ['one was not recorded', { ...good, hypotheses: good.hypotheses.slice(1) }, /service-answers is not rec/],
    ['the run is called a Pass', { ...good, pods: [podEnding('pod-1', {})] }, /expected was Fail/],
    ['too few events waited for a failure', { ...good, sights: few }, /up to 60 events .* should hold$/],
  ];
  test.each(lies)('show it when %s', (_, ending, complaint) => {
    expect(falseClaims(ending)).toEqual([expect.stringMatching(complaint)]);
  });

  test('are not made when nobody asked for hypotheses', () => {
    expect(falseClaims({ ...goodEnding(), hypotheses: turned })).toEqual([]);
  });
});

describe('after Ctrl-C', () => {
  const stopped = podEnding('pod-1', {
    exit: { code: 3, signal: null },
    verdict: 'Stopped',
    phase: 'Stopped',
  });
  const interrupted: Ending = { ...goodEnding(), interrupted: true, pods: [stopped] };

  test('a stopped run that brought everything back is in order, also with refused attempts', () => {
    const first = toggled(0);
    const [off, on] = first.writes;
    if (off === undefined || on === undefined) throw new Error('the fixture has two writes');
    const refused = { ...on, applied: false, status: 400 };
    expect(falseClaims(withMappings(interrupted, [{ ...first, writes: [off, refused, on] }]))).toEqual([]);
  });

  test('a run that never began has touched nothing', () => {
    const nothing = interrupted.final.mappings.map((one) => ({
      ...one,
      writes: [],
      transitions: one.transitions.slice(0, 1),
    }));
    expect(falseClaims({ ...withMappings(interrupted, nothing), pods: [] })).toEqual([]);
  });

  test('a mapping that stays off is no less a failure', () => {
    const off = { ...toggled(1), state: 'Disabled' };
    expect(falseClaims(withMappings(interrupted, [off]))).toHaveLength(1);
  });
});
