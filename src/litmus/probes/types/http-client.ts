import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Environment } from '../../../runtime/environment.ts';
import { proxyFor } from './proxy.ts';
import { readHeaders, readTls, type HttpSettings } from './http-settings.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The answer's text is worth reading, and not its status alone. */
  readonly wantsText?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** As many as Go's default client follows. */
const MOST_REDIRECTS = 10;
/** What a metric or an error page needs; an endless answer must not fill the memory. */
const LONGEST_ANSWER = 1_000_000;

/** The answer could not be had: refused, reset, not trusted. */
export class NoAnswer extends Error {}

/**
 * One request with its redirects, over the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY of `env` name.
 * @throws NoAnswer; Error when a file of `settings` can't be read; the reason of `signal`.
 */
export async function send(
  request: HttpRequest,
  settings: HttpSettings,
  env: Environment,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const own = await readHeaders(settings.headersFile);
  const tls = await readTls(settings);
  let next = request;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const headers = headersFor(next, request, own);
    const agent = agentFor(next.url, { proxyEnv: proxyFor(next.url, env), ...tls });
    try {
      const answer = await once({ ...next, headers }, agent, signal);
      const target = redirectOf(answer, next);
      if (target === undefined)
        return {
          status: answer.statusCode ?? 0,
          text: request.wantsText === true ? await readText(answer) : '',
        };
      next = target;
    } finally {
      agent.destroy();
    }
  }
  throw new NoAnswer(`more than ${MOST_REDIRECTS} redirects`);
}

const isSecure = (url: string): boolean => new URL(url).protocol === 'https:';

const agentFor = (url: string, options: https.AgentOptions): http.Agent =>
  isSecure(url) ? new https.Agent(options) : new http.Agent(options);

async function once(
  { url, method, headers, body }: HttpRequest,
  agent: http.Agent,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const all = { 'user-agent': 'lambda-chaos-runner', ...headers };
  const request = (isSecure(url) ? https : http).request(url, { method, headers: all, signal, agent });
  request.on('response', resolve).on('error', reject).end(body);
  try {
    return await promise;
  } catch (error) {
    signal.throwIfAborted();
    throw new NoAnswer(reasonOf(error), { cause: error });
  }
}

/** A header with a secret is for the host that it was configured for, and not for where that one redirects to. */
function headersFor(
  next: HttpRequest,
  first: HttpRequest,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const { 'content-type': type, ...others } = first.headers ?? {};
  const content = next.body === undefined || type === undefined ? {} : { 'content-type': type };
  return isSameOrigin(first.url, next.url) ? { ...content, ...others, ...own } : content;
}

const isSameOrigin = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin;

const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

function redirectOf(
  { statusCode = 0, headers }: IncomingMessage,
  from: HttpRequest,
): HttpRequest | undefined {
  const target = headers.location === undefined ? null : URL.parse(headers.location, from.url);
  if (target === null || !REDIRECTS.has(statusCode) || !/^https?:$/.test(target.protocol)) return undefined;
  return statusCode < 307 ? { url: target.href, method: 'GET' } : { ...from, url: target.href };
}

async function readText(answer: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > LONGEST_ANSWER) break;
    }
  } catch (error) {
    throw new NoAnswer(`the answer broke off: ${reasonOf(error)}`, { cause: error });
  }
  return text;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node tries each address of a name and reports all failures as one error without a text.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return error.message !== '' || first === undefined ? error.message : reasonOf(first);
}
