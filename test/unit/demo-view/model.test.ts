import { describe, expect, test } from '@jest/globals';
import type { StateView } from '../../../demo/lambda/view.ts';
import { readLogLine } from '../../../demo/log-line.ts';
import { Model } from '../../../demo/model.ts';
import { currentPhase } from '../../../demo/picture.ts';
import { TARGETS } from '../../../demo/world.ts';
import { START, stateOf, toggled } from './fixture.ts';

const UUID = TARGETS[0] ?? '';
const model = (): Model => new Model({ startedAtMs: START, crash: false, holdSeconds: 10, leftAlone: {} });
const said = (event: string, msg = event): string =>
  JSON.stringify({ level: 'info', time: new Date(START).toISOString(), event, msg });

function hearing(...events: string[]): Model {
  const one = model();
  for (const event of events) one.hear(readLogLine(said(event), START));
  return one;
}

function at(ms: number, produced: number, processed: number): StateView {
  const ledger = { produced, processed, dropped: 0, backlog: produced - processed };
  return { ...stateOf([{ ...toggled(0), ledger }]), now: START + ms };
}

describe('what the demo makes of the log', () => {
  test('the phases follow the product', () => {
    const heard = hearing('started', 'planned', 'ramp', 'cycle', 'injected', 'hold', 'reverting');
    const names = heard.picture.phases.map(({ phase }) => phase);
    expect(names).toEqual(['traffic', 'checks', 'ramp', 'disabling', 'hold', 'enabling']);
  });

  test('the ramp after the chaos belongs to the drain', () => {
    const heard = hearing('started', 'ramp', 'cycle', 'hold', 'reverting', 'ramp', 'post-chaos');
    expect(currentPhase(heard.picture).phase).toBe('draining');
  });

  test('the next pod does not begin the story again', () => {
    const heard = hearing('started', 'cycle', 'hold');
    heard.enter('nobody', START);
    heard.hear(readLogLine(said('started'), START));
    expect(currentPhase(heard.picture).phase).toBe('nobody');
    heard.hear(readLogLine(said('reverting'), START));
    expect(currentPhase(heard.picture).phase).toBe('enabling');
  });

  test('a UUID becomes a name, but not in a command that somebody may have to copy', () => {
    const one = model();
    one.see(at(0, 0, 0));
    one.say(
      `${UUID} is Disabled; undo: aws lambda update-event-source-mapping --uuid ${UUID} --enabled`,
      START,
    );
    const undo = `aws lambda update-event-source-mapping --uuid ${UUID} --enabled`;
    expect(one.picture.sentences.at(-1)?.text).toBe(`sqs orders is Disabled; undo: ${undo}`);
  });

  test('a line that is no log line is shown as an error', () => {
    expect(readLogLine('Segmentation fault', START)).toMatchObject({
      level: 'error',
      message: 'Segmentation fault',
    });
  });

  test('Ctrl-C twice is said once', () => {
    const one = model();
    one.stop(START);
    one.stop(START);
    expect(one.picture.sentences).toHaveLength(1);
  });
});

describe('what the demo makes of the ledgers', () => {
  test('the rate is that of the last second, the peak that of all time', () => {
    const one = model();
    one.see(at(0, 0, 0));
    one.see(at(1_000, 50, 0));
    one.see(at(1_500, 60, 30));
    one.see(at(2_000, 70, 70));
    expect(one.picture.sights[0]).toMatchObject({
      processedPerSecond: 70,
      arrivalPerSecond: 35,
      peak: 50,
      backlog: 0,
    });
  });
});
