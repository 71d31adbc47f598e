import type { Environment } from '../../../runtime/environment.ts';
import type { HttpSettings } from './http-settings.ts';

/** What a CRD has no field for comes from the environment: the API server would prune it from the engine. */
export const PROBE_TUNABLES: readonly string[] = [
  'HTTP_PROBE_HEADERS_FILE',
  'HTTP_PROBE_CA_FILE',
  'HTTP_PROBE_CERT_FILE',
  'HTTP_PROBE_KEY_FILE',
  'PROMQL_AUTH_TYPE',
  'PROMQL_AUTH_CREDENTIALS',
  'PROMQL_AUTH_CREDENTIALS_FILE',
  'PROMQL_CA_FILE',
  'PROMQL_CERT_FILE',
  'PROMQL_KEY_FILE',
  'PROMQL_INSECURE_SKIP_VERIFY',
];

const valueOf = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
};

/** `orders-api` is `ORDERS_API` at the end of a variable's name. */
export const suffixOf = (probe: string): string => probe.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/** Of the httpProbe called `name`: a variable with its name at the end wins over the one for all. */
export function httpSettings(env: Environment, name: string, insecureSkipVerify: boolean): HttpSettings {
  const own = (variable: string): string | undefined =>
    valueOf(env, `${variable}_${suffixOf(name)}`) ?? valueOf(env, variable);
  return present({
    headersFile: own('HTTP_PROBE_HEADERS_FILE'),
    caFile: own('HTTP_PROBE_CA_FILE'),
    certFile: own('HTTP_PROBE_CERT_FILE'),
    keyFile: own('HTTP_PROBE_KEY_FILE'),
    insecureSkipVerify,
  });
}

/** Of all promProbes. */
export const promSettings = (env: Environment): HttpSettings =>
  present({
    caFile: valueOf(env, 'PROMQL_CA_FILE'),
    certFile: valueOf(env, 'PROMQL_CERT_FILE'),
    keyFile: valueOf(env, 'PROMQL_KEY_FILE'),
    insecureSkipVerify: valueOf(env, 'PROMQL_INSECURE_SKIP_VERIFY') === 'true',
  });

/** `PROMQL_AUTH_*` as promql-cli knows them, which litmus-go runs. */
export interface PromAuthentication {
  readonly scheme: string;
  readonly credentials?: string;
  readonly credentialsFile?: string;
}

export function promAuthentication(env: Environment): PromAuthentication | undefined {
  const credentials = valueOf(env, 'PROMQL_AUTH_CREDENTIALS');
  const credentialsFile = valueOf(env, 'PROMQL_AUTH_CREDENTIALS_FILE');
  if (credentials === undefined && credentialsFile === undefined) return undefined;
  const scheme = valueOf(env, 'PROMQL_AUTH_TYPE') ?? 'Bearer';
  return present({ scheme, credentials, credentialsFile });
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

const present = <T extends object>(value: T): Present<T> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Present<T>;
