import { readFile } from 'node:fs/promises';
import type { Environment } from '../../../runtime/environment.ts';
import { compare, wanted } from '../comparator.ts';
import type { HttpInputs, ProbeOf } from '../definition.ts';
import { failed, passed, unclear, type Finding } from '../judgement.ts';
import { NoAnswer, send, type HttpAnswer, type HttpRequest } from './http-client.ts';
import { httpSettings } from './settings.ts';
import { shownUrl } from './shown-url.ts';

/** One request of an httpProbe, and whether its status is as expected. No answer at all is a failed hypothesis. */
export async function attemptHttp(
  { name, inputs }: ProbeOf<'httpProbe'>,
  env: Environment,
  signal: AbortSignal,
): Promise<Finding> {
  if (URL.parse(inputs.url) === null)
    return unclear('the URL, with the registers of other probes in it, is none');
  const where = `${inputs.method} ${shownUrl(inputs.url)}`;
  let answer: HttpAnswer;
  try {
    const settings = httpSettings(env, name, inputs.insecureSkipVerify);
    answer = await send(await requestOf(inputs), settings, env, signal);
  } catch (error) {
    if (error instanceof NoAnswer) return failed(`${where} got no answer: ${error.message}`);
    throw error;
  }
  const comparison = compare(String(answer.status), inputs.expected);
  if (typeof comparison === 'object') return unclear(comparison.unclear);
  const told = `${where} answered ${answer.status}; expected is ${wanted(inputs.expected)}`;
  return comparison === 'met' ? passed(told) : failed(told);
}

async function requestOf({ url, method, contentType, body, bodyPath }: HttpInputs): Promise<HttpRequest> {
  if (method === 'GET') return { url, method };
  const text = body ?? (bodyPath === undefined ? '' : await readFile(bodyPath, 'utf8'));
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  return { url, method, body: text, headers };
}
