import { expect, test } from '@jest/globals';
import type { Picture } from '../../../demo/picture.ts';
import { PlainView } from '../../../demo/view/plain.ts';
import { canRedraw, isUtf8, wantsColour } from '../../../demo/view/look.ts';
import { holdPicture, START } from './fixture.ts';

const MAPPING_BACK: Picture = {
  ...holdPicture(),
  sights: holdPicture().sights.map((sight) => ({ ...sight, state: 'Enabled' })),
};

function shown(unicode: boolean, looks: readonly [Picture, number][]): string {
  let text = '';
  const view = new PlainView((line) => (text += line), unicode);
  for (const [picture, ms] of looks) view.refresh(picture, START + ms);
  view.close();
  return text;
}

test('plain lines tell each phase, sentence and change once, in the order of time', () => {
  const looks: [Picture, number][] = [
    [holdPicture(), 7_000],
    [holdPicture(), 7_200],
    [MAPPING_BACK, 9_000],
    [MAPPING_BACK, 10_100],
  ];
  expect(`\n${shown(false, looks)}`).toMatchInlineSnapshot(`
    "
       0.0s  phase    traffic
       2.0s  phase    checks
       4.0s  phase    disabling
       4.0s  log      [Chaos] sqs orders is Disabled after 1.5 s.
       6.0s  phase    hold
       6.0s  log      [Warning] Something is odd.
       7.0s  backlog  sqs orders 57, kinesis clickstream 57 and kafka payments 1
       9.0s  state    sqs orders: Disabled -> Enabled
       9.0s  state    kinesis clickstream: Disabled -> Enabled
       9.0s  state    kafka payments: Disabling -> Enabled
       9.0s  state    dynamodb returns: Disabled -> Enabled
      10.1s  backlog  sqs orders 57, kinesis clickstream 57 and kafka payments 1
    "
  `);
});

test('plain lines are pure ASCII where the locale is not UTF-8, and never have control codes', () => {
  const odd: Picture = {
    ...holdPicture(),
    sentences: [{ atMs: START, level: 'info', text: 'déjà \u001b[31mvu' }],
  };
  expect(shown(false, [[odd, 0]])).toMatch(/^[ -~\n]*$/);
  expect(shown(true, [[odd, 0]])).not.toContain('\u001b');
});

test.each([
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, false],
  [{ LC_ALL: '', LC_CTYPE: 'en_GB.utf8' }, true],
  [{}, false],
])('the locale %j is UTF-8: %s', (env, expected) => {
  expect(isUtf8(env)).toBe(expected);
});

test('NO_COLOR counts unless it is empty; a dumb terminal or a pipe is not drawn over', () => {
  expect([wantsColour({}), wantsColour({ NO_COLOR: '' }), wantsColour({ NO_COLOR: '1' })]).toEqual([
    true,
    true,
    false,
  ]);
  expect(canRedraw({ isTTY: true }, { TERM: 'xterm' })).toBe(true);
  expect(canRedraw({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(canRedraw({}, { TERM: 'xterm' })).toBe(false);
});
