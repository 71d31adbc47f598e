import { readFile } from 'node:fs/promises';
import type { Environment } from '../../../runtime/environment.ts';
import { compare, wanted } from '../comparator.ts';
import type { ProbeOf, PrometheusInputs } from '../definition.ts';
import { failed, passed, unclear, type Finding } from '../judgement.ts';
import { NoAnswer, send, type HttpAnswer } from './http-client.ts';
import { promAuthentication, promSettings } from './settings.ts';

/** One instant query of a promProbe, compared as a float. Anything but one single value is an error. */
export async function attemptPrometheus(
  { inputs }: ProbeOf<'promProbe'>,
  env: Environment,
  signal: AbortSignal,
): Promise<Finding> {
  const query = await queryOf(inputs);
  let answer: HttpAnswer;
  try {
    const request = {
      url: queryUrl(inputs.endpoint, query),
      method: 'GET',
      wantsText: true,
      headers: await authorization(env),
    } as const;
    answer = await send(request, promSettings(env), env, signal);
  } catch (error) {
    if (error instanceof NoAnswer) return unclear(`Prometheus gave no answer: ${error.message}`);
    throw error;
  }
  const value = valueIn(answer);
  if (typeof value === 'object') return unclear(`${value.unclear} (query ${query})`);
  const comparison = compare(value, inputs.expected);
  if (typeof comparison === 'object') return unclear(comparison.unclear);
  const told = `${query} is ${value}; expected is ${wanted(inputs.expected)}`;
  return comparison === 'met' ? passed(told) : failed(told);
}

async function queryOf({ query, queryPath }: PrometheusInputs): Promise<string> {
  if (query !== undefined) return unescaped(query.trim());
  return (await readFile(queryPath ?? '', 'utf8')).trim();
}

/**
 * litmus-go puts the query between the double quotes of a shell, so that manifests which work there have their quotes
 * escaped. A query with a quote that is not escaped was never written for that.
 */
export function unescaped(query: string): string {
  const isForShell = /\\"/.test(query) && !/(^|[^\\])"/.test(query);
  return isForShell ? query.replaceAll(/\\(["\\$`])/g, '$1') : query;
}

function queryUrl(endpoint: string, query: string): string {
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/api/v1/query`);
  url.searchParams.set('query', query);
  return url.href;
}

async function authorization(env: Environment): Promise<Record<string, string>> {
  const found = promAuthentication(env);
  if (found === undefined) return {};
  const { scheme, credentials, credentialsFile } = found;
  const text = credentials ?? (await readFile(credentialsFile ?? '', 'utf8')).trim();
  return { authorization: `${scheme} ${text}` };
}

/** The one value in Prometheus' answer, as the text that it wrote. */
function valueIn({ status, text }: HttpAnswer): string | { readonly unclear: string } {
  const body = parse(text);
  if (body?.status !== 'success' || body.data === undefined) {
    const said = body?.error ?? text.replaceAll(/\s+/g, ' ').slice(0, 200);
    return { unclear: `Prometheus answered ${status}: ${said}` };
  }
  const { resultType, result } = body.data;
  if (resultType === 'scalar') return String((result as unknown[])[1]);
  if (resultType !== 'vector')
    return { unclear: `the query gives a ${resultType}; wanted is an instant vector or a scalar` };
  const series = result as { readonly value?: readonly unknown[] }[];
  if (series.length === 1) return String(series[0]?.value?.[1]);
  return { unclear: `the query gives ${series.length} series; wanted is one, e.g. with sum(…)` };
}

interface QueryAnswer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: unknown };
}

function parse(text: string): QueryAnswer | undefined {
  try {
    return JSON.parse(text) as QueryAnswer;
  } catch {
    return undefined;
  }
}
