import type { Emit } from '../runtime/events.ts';

/**
 * A sink that never throws.
 * Safety: a bug in the rendering of one line must not end the revert that it tells of.
 */
export const safely =
  (emit: Emit): Emit =>
  (event) => {
    try {
      emit(event);
    } catch {
      // There is nowhere left to tell it.
    }
  };
