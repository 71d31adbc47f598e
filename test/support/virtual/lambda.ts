import { AwsError, type AwsErrorKind } from '../../../src/aws/errors.ts';
import type {
  CallerIdentity,
  CallerInspector,
  CallOptions,
  FunctionInfo,
  MappingGateway,
  MappingInfo,
  WriteOptions,
} from '../../../src/aws/gateway.ts';
import type { VirtualClock } from './clock.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

export interface Write {
  readonly id: string;
  readonly enabled: boolean;
  readonly by: string;
  /** The state in which the write found the mapping. */
  readonly found: string;
  /** Delivered after its sender was told that it had failed. */
  readonly late: boolean;
  /** Somebody else changed the mapping after its sender had last looked. */
  readonly overtaken: boolean;
}

interface Model {
  state: string;
  initial: string;
  lastModifiedMs: number;
  /** When somebody else last changed it in the run. */
  touchedAtMs: number;
}

/** How one call goes wrong: `after` means that it took effect, `late` that it takes effect two seconds later. */
export type Mishap = 'busy' | 'throttled' | 'unavailable' | 'after' | 'late' | 'credentials';

/** Lambda as far as the fault sees it, on virtual time, with mishaps on cue. */
export class VirtualLambda {
  readonly clock: VirtualClock;
  readonly mappings = new Map<string, Model>();
  readonly writes: Write[] = [];
  readonly lagMs: number;
  /** What goes wrong at which call, counted over all processes. */
  mishaps: readonly (Mishap | undefined)[] = [];
  #calls = 0;

  constructor(clock: VirtualClock, lagMs: number) {
    this.clock = clock;
    this.lagMs = lagMs;
  }

  add(id: string, state = 'Enabled'): void {
    this.mappings.set(id, { state, initial: state, lastModifiedMs: 0, touchedAtMs: -1 });
  }

  /** Somebody else, at `atMs`. */
  meddle(id: string, enabled: boolean, atMs: number): void {
    const change = (): void => {
      const model = this.mappings.get(id);
      if (model === undefined || (model.state !== 'Enabled' && model.state !== 'Disabled')) return;
      if (enabled === (model.state === 'Enabled')) return;
      model.touchedAtMs = this.clock.monotonicMs();
      this.#switch(model, enabled);
    };
    this.clock.sleep(atMs).then(change, change);
  }

  /** The gateway of one process. */
  gateway(by: string): MappingGateway & CallerInspector {
    const lookedAtMs = new Map<string, number>();
    const look = (id: string): MappingInfo => {
      lookedAtMs.set(id, this.clock.monotonicMs());
      return this.#read(id);
    };
    return {
      callerIdentity: () => this.#call('read', 'GetCallerIdentity', () => CALLER),
      getFunction: () =>
        this.#call('read', 'GetFunction', (): FunctionInfo => ({ arn: FUNCTION_ARN, state: 'Active' })),
      getMapping: (id: string, options: CallOptions) => {
        options.signal?.throwIfAborted();
        return this.#call('read', 'GetEventSourceMapping', () => look(id));
      },
      listMappings: () =>
        this.#call('read', 'ListEventSourceMappings', () => ({
          mappings: [...this.mappings.keys()].map(look),
        })),
      setEnabled: async (id: string, enabled: boolean, options: WriteOptions) => {
        options.waitSignal?.throwIfAborted();
        await options.beforeSend?.();
        return this.#call('write', 'UpdateEventSourceMapping', (late) => {
          const overtaken = (this.mappings.get(id)?.touchedAtMs ?? -1) > (lookedAtMs.get(id) ?? -1);
          return this.#write({ id, enabled, by, late, overtaken });
        });
      },
    };
  }

  async #call<T>(kind: 'read' | 'write', operation: string, effect: (late: boolean) => T): Promise<T> {
    const mishap = this.mishaps[(this.#calls += 1) - 1];
    await this.clock.sleep(20);
    if (mishap === 'after') tolerate(() => effect(true));
    if (mishap === 'late' && kind === 'write')
      this.clock.sleep(2_000).then(
        () => tolerate(() => effect(true)),
        () => undefined,
      );
    if (mishap !== undefined) throw failure(operation, mishap);
    const result = effect(false);
    await this.clock.sleep(20);
    return result;
  }

  #read(id: string): MappingInfo {
    const model = this.#model(id, 'GetEventSourceMapping');
    return {
      uuid: id,
      functionArn: FUNCTION_ARN,
      state: model.state,
      lastModifiedMs: model.lastModifiedMs,
      sourceType: 'sqs',
      sourceName: 'orders',
    };
  }

  #write(write: Omit<Write, 'found'>): MappingInfo {
    const { id, enabled } = write;
    const model = this.#model(id, 'UpdateEventSourceMapping');
    if (model.state !== 'Enabled' && model.state !== 'Disabled')
      throw failure('UpdateEventSourceMapping', 'busy');
    this.writes.push({ ...write, found: model.state });
    this.#switch(model, enabled);
    return this.#read(id);
  }

  #switch(model: Model, enabled: boolean): void {
    const final = enabled ? 'Enabled' : 'Disabled';
    model.state = enabled ? 'Enabling' : 'Disabling';
    model.lastModifiedMs = this.clock.monotonicMs();
    const arrive = (): void => {
      model.state = final;
    };
    this.clock.sleep(this.lagMs).then(arrive, arrive);
  }

  #model(id: string, operation: string): Model {
    const model = this.mappings.get(id);
    if (model === undefined)
      throw new AwsError('no such mapping', { kind: 'not-found', operation, mayHaveHappened: false });
    return model;
  }
}

const CALLER: CallerIdentity = {
  arn: 'arn:aws:iam::123456789012:user/test',
  account: '123456789012',
  source: 'test',
  renewable: true,
  warnings: [],
};

const KINDS: Readonly<Record<Mishap, AwsErrorKind>> = {
  busy: 'busy',
  throttled: 'throttled',
  unavailable: 'unavailable',
  after: 'unavailable',
  late: 'unavailable',
  credentials: 'credentials',
};

const failure = (operation: string, mishap: Mishap): AwsError =>
  new AwsError(`${operation}: ${mishap}`, {
    kind: KINDS[mishap],
    operation,
    mayHaveHappened: mishap === 'after' || mishap === 'late' || mishap === 'unavailable',
  });

function tolerate(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // The mishap's own error is what the caller sees.
  }
}
