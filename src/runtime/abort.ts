import type { Clock } from './clock.ts';
import { AbortedError, ChaosError, messageOf } from './errors.ts';
import type { Emit } from './events.ts';

/** Signals and crashes of this process, as one AbortSignal with a reason. */
export interface AbortSource {
  readonly signal: AbortSignal;
  /** Ends the run as a signal would. Only the first call counts. */
  readonly abort: (reason: ChaosError) => void;
  /** From now on events go here; what came before is replayed. */
  readonly attach: (emit: Emit) => void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Installs the handlers. Call it before the first await: a signal that comes earlier kills the
 * process by default, with a journal that nobody has read.
 *
 * However many signals come, the answer is the same: stop injecting, revert, record. A second
 * SIGINT does not skip the revert, because that is the one thing the operator can't take back.
 */
export function watchForAbort(process: NodeJS.Process): AbortSource {
  const controller = new AbortController();
  const early: string[] = [];
  let emit: Emit | undefined;
  const tell = (why: string): void => {
    if (emit === undefined) early.push(why);
    else emit({ type: 'abort', why });
  };
  const abort = (reason: ChaosError): void => {
    tell(
      controller.signal.aborted ? `${reason.message} (already ending; the revert goes on)` : reason.message,
    );
    controller.abort(reason);
  };
  for (const signal of SIGNALS) {
    // Safety: a handler that stays installed is what keeps a second signal from killing the revert.
    process.on(signal, () => abort(new AbortedError(`${signal} received`)));
  }
  // Safety: without these a bug outside the story's own try block would exit with mappings off.
  process.on('uncaughtException', (error) => abort(crashed('An uncaught exception', error)));
  process.on('unhandledRejection', (error) => abort(crashed('An unhandled rejection', error)));
  return {
    signal: controller.signal,
    abort,
    attach: (to) => {
      emit = to;
      for (const why of early.splice(0)) to({ type: 'abort', why });
    },
  };
}

const crashed = (what: string, error: unknown): ChaosError =>
  new ChaosError(`${what} ended the run: ${messageOf(error)}`, {
    code: 'GENERIC_ERROR',
    phase: 'Abort',
    cause: error,
  });

/**
 * Waits for `promise` only while `signal` lasts. The work itself goes on: use it where the work
 * can't be cancelled and nobody needs its result once the run is ending.
 * @throws the signal's reason.
 */
export async function whileActive<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // The abandoned work may fail later; that must not surface as an unhandled rejection.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const leave = (): void => left.reject(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([promise, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** How long a run that is asked to end before it has begun still tries to say so in its record. */
const LAST_WORD_MS = 10_000;

/** A signal that follows `signal` after a moment: for the opening of the record, whose verdict will be Stopped. */
export function momentAfter(signal: AbortSignal, clock: Clock): AbortSignal {
  const later = new AbortController();
  const follow = (): void => {
    const end = (): void => later.abort(signal.reason);
    clock.sleep(LAST_WORD_MS).then(end, end);
  };
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return later.signal;
}
