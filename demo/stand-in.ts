import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.ts';
import type { StateView } from './lambda/view.ts';

const START_MS = 15_000;
const ANSWER_MS = 5_000;
const STOP_MS = 2_000;

/** The Lambda stand-in as a process of its own, seen through its admin side. */
export class StandIn {
  readonly url: string;
  readonly #child: Child;

  private constructor(child: Child, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** @throws Error with what it printed when it does not listen within 15 s. */
  static async open(): Promise<StandIn> {
    const printed: string[] = [];
    const listening = Promise.withResolvers<string>();
    const onLine = (line: string): void => {
      printed.push(line);
      const url = /^\{"url":"([^"]+)"/.exec(line)?.[1];
      if (url !== undefined) listening.resolve(url);
    };
    const args = ['--import', './demo/leash.ts', 'demo/lambda/main.ts', '--world', 'demo'];
    const child = new Child({ args, env: { PATH: process.env.PATH ?? '' }, onLine });
    const patience = new AbortController();
    const tooLate = sleep(START_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    const url = await Promise.race([listening.promise, child.exited, tooLate]);
    patience.abort();
    if (typeof url === 'string') return new StandIn(child, url);
    await child.stop(0);
    throw new Error(`the Lambda stand-in did not start:\n${printed.join('\n')}`);
  }

  /** @throws Error when there is no answer within 5 s. */
  async state(): Promise<StateView> {
    try {
      const answer = await fetch(`${this.url}/_standin/state`, { signal: AbortSignal.timeout(ANSWER_MS) });
      return (await answer.json()) as StateView;
    } catch (cause) {
      throw new Error('the Lambda stand-in does not answer, so nothing can be shown or proven', { cause });
    }
  }

  /** @throws Error with the stand-in's reason when it refuses. */
  async post(path: string, body: object): Promise<void> {
    const answer = await fetch(`${this.url}/_standin/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the stand-in refused ${path}: ${text}`);
  }

  async close(): Promise<void> {
    await this.#child.stop(STOP_MS);
  }
}

const POLL_MS = 250;

/**
 * Looks four times a second and hands on what it sees, until `signal` ends it.
 * @throws Error when the stand-in does not answer.
 */
export async function watchStandIn(
  standIn: StandIn,
  see: (state: StateView) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    see(await standIn.state());
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
