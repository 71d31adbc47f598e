import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, litmus, type Api } from '../cluster/api.ts';
import type { ChaosEngine, ExperimentStatus } from './objects.ts';

const ATTEMPTS = 180;

/** The engine's line about one experiment, written as chaos-runner does: the whole object, with PUT. */
export class EngineStatus {
  readonly #api: Api;
  readonly #path: string;
  readonly #experiment: string;
  readonly #runner: string;

  constructor(api: Api, engine: { readonly namespace: string; readonly name: string }, experiment: string) {
    this.#api = api;
    this.#path = litmus(engine.namespace, 'chaosengines', engine.name);
    this.#experiment = experiment;
    this.#runner = `${engine.name}-runner`;
  }

  /** The engine as it is, waited for. */
  async engine(): Promise<ChaosEngine> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#api.call<ChaosEngine>('GET', this.#path);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await delay(1_000);
      }
    }
  }

  /** Adds the line, or changes the one of this experiment. */
  async show(change: Partial<ExperimentStatus>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const engine = await this.engine();
      try {
        await this.#api.call('PUT', this.#path, this.#with(engine, change));
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409 || attempt === ATTEMPTS) throw error;
      }
    }
  }

  #with(engine: ChaosEngine, change: Partial<ExperimentStatus>): object {
    const lines = engine.status?.experiments ?? [];
    const mine = lines.find(({ name }) => name === this.#experiment) ?? this.#first();
    const line = { ...mine, ...change, lastUpdateTime: new Date().toISOString() };
    const experiments = [...lines.filter(({ name }) => name !== this.#experiment), line];
    return { ...engine, status: { ...engine.status, experiments } };
  }

  #first(): ExperimentStatus {
    return {
      name: this.#experiment,
      runner: this.#runner,
      experimentPod: 'Yet to be launched',
      status: 'Waiting for Job Creation',
      verdict: 'N/A',
      lastUpdateTime: '',
    };
  }
}
