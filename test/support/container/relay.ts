import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** By this name a container reaches the machine of its engine. */
export const HOST = 'host.docker.internal';

/** Makes a server of 127.0.0.1 reachable for containers. */
export interface Relay {
  /** As a container sees it. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function relayTo(target: string): Promise<Relay> {
  const { port } = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // A container that is killed resets its connections.
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    const outgoing = keep(connect(Number(port), '127.0.0.1'));
    keep(incoming).on('close', () => outgoing.destroy());
    outgoing.on('close', () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  }).listen(0, '0.0.0.0');
  await once(server, 'listening');
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return { url, close: () => end(server, sockets) };
}

async function end(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
