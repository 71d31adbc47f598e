import { StringDecoder } from 'node:string_decoder';
import { WebSocket } from 'ws';
import { whileActive } from '../runtime/abort.ts';
import { messageOf } from '../runtime/errors.ts';
import type { KubeClient } from './client.ts';
import { LONGEST_OUTPUT, type Execution } from './execution.ts';

/** A container of a pod. */
export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Each message begins with the number of its channel (k8s.io/apimachinery pkg/util/remotecommand). */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const [STDOUT, STDERR, STATUS] = [1, 2, 3];

/**
 * Runs `command` in a container that runs, and waits for its end.
 * Needs `get` and, from Kubernetes 1.35 on, `create` of `pods/exec`.
 * @throws Error when the API server refuses, or the connection ends first; the reason of `signal`.
 */
export async function execute(
  client: KubeClient,
  { namespace, pod, container }: Place,
  command: readonly string[],
  signal: AbortSignal,
): Promise<Execution> {
  signal.throwIfAborted();
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  for (const part of command) query.append('command', part);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query.toString()}`;
  const { url, options } = await whileActive(client.socket(path), signal);
  signal.throwIfAborted();
  const socket = new WebSocket(url, PROTOCOLS, options);
  const stop = (): void => socket.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await outcome(socket);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.terminate();
  }
}

async function outcome(socket: WebSocket): Promise<Execution> {
  const { promise, resolve, reject } = Promise.withResolvers<Execution>();
  const settle = (read: () => Execution): void => {
    try {
      resolve(read());
    } catch (error) {
      // Safety: thrown in a listener it would end the whole run.
      reject(new Error(`exec ended with a status that can't be read: ${messageOf(error)}`));
    }
  };
  const output = { [STDOUT]: '', [STDERR]: '' };
  // A character may begin in one message and end in the next.
  const decoders = { [STDOUT]: new StringDecoder('utf8'), [STDERR]: new StringDecoder('utf8') };
  socket.on('message', (data: Buffer) => {
    const [channel] = data;
    const rest = data.subarray(1);
    if (channel === STATUS)
      settle(() => executionOf(rest.toString('utf8'), output[STDOUT] ?? '', output[STDERR] ?? ''));
    else if (channel === STDOUT || channel === STDERR)
      output[channel] = ((output[channel] ?? '') + (decoders[channel]?.write(rest) ?? '')).slice(
        0,
        LONGEST_OUTPUT,
      );
  });
  socket.on('unexpected-response', (_request, response) => {
    reject(new Error(refusalOf(response.statusCode ?? 0)));
  });
  socket.on('error', (error) => reject(new Error(`exec failed: ${error.message}`, { cause: error })));
  socket.on('close', () => reject(new Error('the connection of exec ended before the command did')));
  return promise;
}

const refusalOf = (status: number): string =>
  status === 403
    ? 'exec was refused (403): the service account needs the verbs "get" and "create" on pods/exec'
    : `exec was refused: the API server answered ${status}`;

interface Status {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** From a metav1.Status: Success, the exit code among its causes, or why the command could not be begun. */
function executionOf(text: string, stdout: string, stderr: string): Execution {
  const { status, message = '', details } = JSON.parse(text) as Status;
  if (status === 'Success') return { exitCode: 0, stdout, stderr };
  const code = details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code === undefined) return { exitCode: undefined, stdout, stderr: `${stderr} ${message}` };
  return { exitCode: Number(code), stdout, stderr };
}
