import { describe, expect, test } from '@jest/globals';
import type { Picture } from '../../../demo/picture.ts';
import { block } from '../../../demo/view/block.ts';
import { frame, type Screen } from '../../../demo/view/frame.ts';
import { goodEnding, holdPicture, START } from './fixture.ts';

const NOW = START + 12_000;
const ESCAPE = '\u001b';
const plainly = (text: string): string => text.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '');
const screen = (given: Partial<Screen>): Screen => ({
  width: 99,
  height: 40,
  colour: false,
  unicode: true,
  ...given,
});

describe('the live picture', () => {
  test('shows at 100 columns the hold, every mapping and what was said', () => {
    expect(`\n${frame(holdPicture(), screen({}), NOW).join('\n')}\n`).toMatchInlineSnapshot(`
      "
        lambda-chaos-runner · demo                                          Ctrl-C ends and reverts  0:12
        ✓ traffic  ✓ checks  ✓ disabling  ▸ hold  · enabling  · draining

        Hold  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━────────────────────────  4.0 s left of 10 s

          state     source              backlog  growth and drain                             processed
        ○ Disabled  sqs      orders          57  ▁▁▁▁▁▁▁▂▂▂▂▃▃▃▃▄                                   0/s
        ○ Disabled  kinesis  clickstream     57  ▁▁▁▁▁▁▁▂▂▂▂▃▃▃▃▄                                   0/s
        ◐ Disabling kafka    payments         1  ▁▁▁▁▁▁▁▂▂▂▂▃▃▃▃▄                                  10/s
        ○ Disabled  dynamodb returns      was off before, by its owner
        ● Enabled   sqs      invoices     is another function's

        00:00:04 [Chaos] sqs orders is Disabled after 1.5 s.
        00:00:06 [Warning] Something is odd.




      "
    `);
  });

  test('fits into 60 columns', () => {
    const lines = frame(holdPicture(), screen({ width: 59 }), NOW);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(59);
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
        lambda-chaos-runner · demo   0:12
        ✓ checks  ✓ disabling  ▸ hold  · enabling  · draining

        Hold  ━━━━━━━━━━━━━━━━━━━────────────  4.0 s left of 10 s

          state     source              backlog  growth processed
        ○ Disabled  sqs      orders          57  ▁▃▄          0/s
        ○ Disabled  kinesis  clickstream     57  ▁▃▄          0/s
        ◐ Disabling kafka    payments         1  ▁▃▄         10/s
        ○ Disabled  dynamodb returns      was off before, by its…
        ● Enabled   sqs      invoices     is another function's

        00:00:04 [Chaos] sqs orders is Disabled after 1.5 s.
        00:00:06 [Warning] Something is odd.




      "
    `);
  });

  test('is pure ASCII where the locale is not UTF-8', () => {
    const text = frame(holdPicture(), screen({ unicode: false }), NOW).join('\n');
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).toContain('o Disabled  sqs      orders');
  });

  test('has colours on request alone, and they change no column', () => {
    const bare = frame(holdPicture(), screen({}), NOW);
    const coloured = frame(holdPicture(), screen({ colour: true }), NOW);
    expect(bare.join('')).not.toContain(ESCAPE);
    expect(coloured.join('')).toContain(`${ESCAPE}[31m`);
    expect(coloured.map((line) => plainly(line).trimEnd())).toEqual(bare);
  });

  test('has as many lines before the first sentence as after the last', () => {
    const silent: Picture = { ...holdPicture(), sentences: [] };
    expect(frame(silent, screen({}), NOW)).toHaveLength(frame(holdPicture(), screen({}), NOW).length);
  });

  test.each([1, 8, 14, 24])('never has more lines than a terminal of %d can keep', (height) => {
    expect(frame(holdPicture(), screen({ height }), NOW).length).toBeLessThan(Math.max(2, height));
  });

  test('does not call a mapping back that is off', () => {
    const picture: Picture = { ...holdPicture(), phases: [{ phase: 'draining', atMs: START }] };
    const back = { ...picture, sights: picture.sights.map((sight) => ({ ...sight, state: 'Enabled' })) };
    expect(frame(picture, screen({}), NOW).join('\n')).toContain('not Enabled are: 3');
    expect(frame(back, screen({}), NOW).join('\n')).toContain('Everything is on again');
  });

  test('lets nobody else move the cursor', () => {
    const rude = { atMs: START, level: 'info', text: `[Info] ${ESCAPE}[2Jgone\r\n` };
    expect(frame({ ...holdPicture(), sentences: [rude] }, screen({}), NOW).join('')).not.toContain(ESCAPE);
  });
});

describe('the last block', () => {
  test('shows at 100 columns every claim and the numbers of each mapping', () => {
    expect(`\n${block(goodEnding(true), screen({})).join('\n')}\n`).toMatchInlineSnapshot(`
      "
        ✓ Verdict Error, phase Error, exit code 2; a run that was cut off is never called a Pass
        ✓ Every mapping is Enabled again: verified against Lambda itself at 00:00:20Z, Enabled 1.6 s
          after the revert began
        ✓ SIGKILL at 00:00:11Z, in the hold. For 5.5 s nobody was there: no request reached Lambda, every
          mapping stayed Disabled, the backlog grew from 60 to 180
        ✓ The next pod brought them back: the first enable call came 0.5 s after its start, every mapping
          was Enabled 2.0 s after its start
        ✓ Nothing was injected a second time: 3 disable calls in all, none after the SIGKILL
        ✓ 300 events produced = 300 processed + 0 in the backlog, lost 0
        ✓ Every backlog has drained
        ✓ Lambda received 6 writes, exactly those expected: {"Enabled":false}, then {"Enabled":true} for
          each mapping
        ✓ dynamodb returns, which was off before, by its owner, is still Disabled: no write, no change
        ✓ sqs invoices, which is another function's, is still Enabled: no write, no change

        mapping                to Disabled   held of 10 s   to Enabled   backlog peak   drained in
        sqs orders                   2.0 s         10.0 s        1.5 s            120        3.0 s
        kinesis clickstream          2.0 s         10.0 s        1.5 s            120        3.0 s
        kafka payments               2.0 s         10.0 s        1.5 s            120        3.0 s

        All 10 claims are true.
      "
    `);
  });

  test('shows each hypothesis with its verdict and evidence', () => {
    const lines = block(goodEnding(false, true), screen({ width: 79 }));
    expect(`\n${lines.slice(lines.findIndex((line) => line.includes('hypotheses of'))).join('\n')}\n`)
      .toMatchInlineSnapshot(`
      "
        hypotheses of demo/probes.yaml
        ✓ service-answers holds · httpProbe, Continuous
          GET http://127.0.0.1:1/_standin/backlog answered 200; expected is == 200
        ✗ backlog-stays-small FAILS · cmdProbe, OnChaos
          the command printed "131"; expected is < 100
        ✓ backlog-drains holds · httpProbe, EOT
          it does

        All 10 claims are true.
      "
    `);
  });

  test.each([40, 59, 79, 200])('fits into %d columns without losing a word', (width) => {
    const lines = block(goodEnding(true), screen({ width }));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(
      'Nothing was injected a second time: 3 disable calls in all',
    );
  });

  test('says how many claims are false', () => {
    const lost = { ...goodEnding(), pods: [] };
    const wrong = { ...lost, answer: { ...lost.answer, states: {} } };
    expect(block(wrong, screen({ unicode: false })).join('\n')).toMatch(
      /NO Every mapping[^]*3 of 8 claims are FALSE/,
    );
  });
});
