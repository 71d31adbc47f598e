/** One request as it was received and answered; also what an external writer did. */
export interface RequestRecord {
  /** Milliseconds since the epoch, at arrival. */
  readonly at: number;
  readonly operation: string;
  /** UUID or function name. */
  readonly label: string | undefined;
  readonly by: 'request' | 'duplicate' | 'external';
  /** Of a write. */
  readonly body: unknown;
  readonly accessKey: string | undefined;
  readonly region: string | undefined;
  readonly invocationId: string | undefined;
  readonly attempt: string | undefined;
  readonly requestId: string;
  /** What was answered; 0 while, and if, nothing is. */
  status: number;
  /** It took effect, whatever was answered. */
  applied: boolean;
}

/** Older requests are forgotten, so that a stand-in can run for days; writes and totals are kept. */
const KEPT_REQUESTS = 20_000;

const WRITES: readonly string[] = [
  'UpdateEventSourceMapping',
  'CreateEventSourceMapping',
  'DeleteEventSourceMapping',
];

/** What was asked of the stand-in. No secret key and no token is ever kept. */
export class RequestLog {
  readonly writes: RequestRecord[] = [];
  readonly totals: Record<string, number> = {};
  #requests: RequestRecord[] = [];

  get requests(): readonly RequestRecord[] {
    return this.#requests;
  }

  add(record: RequestRecord): void {
    this.totals[record.operation] = (this.totals[record.operation] ?? 0) + 1;
    if (WRITES.includes(record.operation)) this.writes.push(record);
    this.#requests.push(record);
    if (this.#requests.length > 2 * KEPT_REQUESTS) this.#requests = this.#requests.slice(-KEPT_REQUESTS);
  }

  external(uuid: string, body: Readonly<Record<string, unknown>>, at: number): void {
    this.writes.push({
      at,
      operation: 'UpdateEventSourceMapping',
      label: uuid,
      by: 'external',
      body,
      accessKey: undefined,
      region: undefined,
      invocationId: undefined,
      attempt: undefined,
      requestId: '',
      status: 202,
      applied: true,
    });
  }
}
