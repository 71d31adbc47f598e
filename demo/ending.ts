import type { Answer } from './ask-lambda.ts';
import type { Exit } from './child.ts';
import type { StateView } from './lambda/view.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { LogLine } from './log-line.ts';
import type { Sight } from './picture.ts';
import type { DemoOptions } from './options.ts';

export interface PodEnding {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly exit: Exit;
  readonly lines: readonly LogLine[];
}

/** The SIGKILL and the time in which nobody was there. */
export interface Kill {
  readonly atMs: number;
  readonly nextPodAtMs: number;
  /** Right after the death and right before the next pod. */
  readonly alone: StateView;
  readonly stillAlone: StateView;
}

/** All that the demo knows at its end. */
export interface Ending {
  readonly options: DemoOptions;
  readonly interrupted: boolean;
  readonly pods: readonly PodEnding[];
  readonly kill: Kill | undefined;
  /** As the product recorded them; none without `options.probes`. */
  readonly hypotheses: readonly Hypothesis[];
  /** Lambda's own word, asked when the last pod had ended. */
  readonly answer: Answer;
  /** The stand-in's record: transitions, writes, ledgers. */
  readonly final: StateView;
  readonly sights: readonly Sight[];
}
