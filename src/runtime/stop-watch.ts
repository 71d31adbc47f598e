import { whileActive } from './abort.ts';
import type { Clock } from './clock.ts';
import { AbortedError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';
import type { Surroundings } from './ports.ts';

/** The operator stops a run by deleting its pod; this is for when that signal does not arrive. */
const ASK_EVERY_MS = 15_000;

export interface StopWatch {
  /** The run's own signal, or the wish to stop, whichever comes first. */
  readonly signal: AbortSignal;
  /** Ends the watch. Never throws. */
  readonly end: () => Promise<void>;
}

interface Deps {
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Asks now and then, in every phase of the run, whether it should stop. */
export function watchForStop(deps: Deps): StopWatch {
  const stop = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const watching = ask(stop, { ...deps, signal: AbortSignal.any([signal, over.signal]) });
  return {
    signal,
    end: () => {
      over.abort();
      return watching;
    },
  };
}

async function ask(stop: AbortController, { surroundings, clock, emit, signal }: Deps): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(ASK_EVERY_MS, signal);
      const why = await whileActive(surroundings.stopRequested(), signal);
      if (why === undefined) continue;
      emit({ type: 'abort', why });
      stop.abort(new AbortedError(why));
    }
  } catch (error) {
    // Safety: a bug in the watch must not end the run by itself.
    if (!signal.aborted)
      emit({ type: 'warning', message: `The watch for a stop ended: ${messageOf(error)}` });
  }
}
