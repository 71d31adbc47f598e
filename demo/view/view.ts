import type { Picture } from '../picture.ts';

/** How the demo is shown while it runs. */
export interface View {
  /** Shows what is new; called a few times a second. */
  refresh(picture: Picture, nowMs: number): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}
