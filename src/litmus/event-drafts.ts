import type { ProbesSoFar, TimelineEvent } from '../runtime/events.ts';
import type { Outcome } from '../runtime/verdict.ts';
import type { LitmusIdentity } from './identity.ts';

/** A Kubernetes Event before it is addressed. */
export interface EventDraft {
  readonly about: 'engine' | 'result';
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly message: string;
}

export interface DraftContext {
  readonly experiment: string;
  /** The fault's `targetKind`; its words name the target in messages. */
  readonly targetKind: string;
  /** The run was asked to end. */
  readonly aborted: boolean;
}

/** What Litmus' readers expect to be told of a moment of the run (litmus-go pkg/events, chaos-exporter). */
export function draftsOf(event: TimelineEvent, context: DraftContext): readonly EventDraft[] {
  if (event.type === 'pre-chaos') return [check('PreChaosCheck', event)];
  if (event.type === 'cycle') return [injectDraft(context)];
  if (event.type === 'post-chaos') return [check('PostChaosCheck', event)];
  if (event.type === 'outcome') return endDrafts(event.outcome, context);
  return [];
}

const injectDraft = ({ experiment, targetKind }: DraftContext): EventDraft => ({
  about: 'engine',
  reason: 'ChaosInject',
  type: 'Normal',
  message: `Injecting ${experiment} chaos on ${targetKind.replaceAll('-', ' ')}`,
});

export const awaitedDraft = (experiment: string): EventDraft => ({
  about: 'result',
  reason: 'Awaited',
  type: 'Normal',
  message: `experiment: ${experiment}, Result: Awaited`,
});

/** `<Reason><experiment><engine UID>` and `<Reason><pod>`: the names under which readers count repeats. */
export const eventName = (draft: Pick<EventDraft, 'about' | 'reason'>, identity: LitmusIdentity): string =>
  draft.about === 'engine'
    ? `${draft.reason}${identity.experiment}${identity.engineUid}`
    : `${draft.reason}${identity.podName}`;

interface Checked {
  readonly ok: boolean;
  readonly probes?: ProbesSoFar;
}

/** In the words of litmus-go, which readers may look for. */
function check(reason: string, { ok, probes }: Checked): EventDraft {
  const health = ok ? 'AUT: Running' : 'AUT: Not Running';
  const judged =
    probes === undefined ? '' : `, Probes: ${probes === 'successful' ? 'Successful' : 'Unsuccessful'}`;
  const type = ok && probes !== 'unsuccessful' ? 'Normal' : 'Warning';
  return { about: 'engine', reason, type, message: `${health}${judged}` };
}

function endDrafts(outcome: Outcome, { experiment, aborted }: DraftContext): readonly EventDraft[] {
  const { verdict } = outcome;
  if (aborted && verdict === 'Stopped') {
    const message = `${experiment} experiment has been aborted`;
    return [
      { about: 'engine', reason: 'Summary', type: 'Warning', message },
      { about: 'result', reason: 'Abort', type: 'Warning', message },
    ];
  }
  const result = `experiment: ${experiment}, Result: ${verdict}`;
  const judged = verdict === 'Pass' || verdict === 'Fail';
  return [
    { about: 'result', reason: verdict, type: verdict === 'Pass' ? 'Normal' : 'Warning', message: result },
    judged
      ? {
          about: 'engine',
          reason: 'Summary',
          type: 'Normal',
          message: `${experiment} experiment has been ${verdict}ed`,
        }
      : { about: 'engine', reason: 'Summary', type: 'Warning', message: result },
  ];
}
