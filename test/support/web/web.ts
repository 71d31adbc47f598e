import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void;

/** A web server of a test, which remembers what it was asked. */
export class Web {
  readonly url: string;
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** With `tls` over HTTPS. */
  static async open(handler: Handler, tls?: Certificate): Promise<Web> {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      text(request).then(
        (body) => {
          const { method = '', url: path = '', headers } = request;
          const seen = { method, path, headers, body };
          web.requests.push(seen);
          handler(seen, response);
        },
        () => response.destroy(),
      );
    };
    const server = tls === undefined ? http.createServer(serve) : https.createServer(tls, serve);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const web = new Web(server, tls === undefined ? 'http' : 'https');
    return web;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for 127.0.0.1 that nobody trusts. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
      {
        stdio: 'ignore',
      },
    );
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return { key: read('key.pem'), cert: read('cert.pem') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers with `status` and, where given, `body` as JSON or text. */
export function reply(response: ServerResponse, status: number, body: unknown = ''): void {
  response.statusCode = status;
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
