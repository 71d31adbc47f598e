import type { Problem } from '../runtime/errors.ts';
import { readCredentialSettings, type CredentialSettings } from './credentials/settings.ts';
import { read, type Environment, type Report } from './environment.ts';
import { present } from './present.ts';
import { quote } from './redact.ts';

/** Everything about AWS that the environment decides. It holds names, paths and ARNs, and no key or token. */
export interface AwsConfig {
  readonly region: string;
  /** Where requests go instead of AWS' own endpoints. */
  readonly endpoints: { readonly lambda?: string; readonly sts?: string };
  readonly credentials: CredentialSettings;
}

/** Reads and checks what concerns AWS; reports everything that is wrong at once. With problems, `config` is not usable. */
export function readAwsConfig(env: Environment): {
  readonly config: AwsConfig;
  readonly problems: Problem[];
} {
  const problems: Problem[] = [];
  const report = (subject: string, message: string): void => void problems.push({ subject, message });
  const config = {
    region: readRegion(env, report),
    endpoints: readEndpoints(env, report),
    credentials: readCredentialSettings(env, report),
  };
  return { config, problems };
}

const REGION = /^[a-z]{2,5}(-[a-z]+){1,3}-\d{1,2}$/;

function readRegion(env: Environment, report: Report): string {
  const region = read(env, 'REGION');
  if (region === undefined) {
    // Without it the SDK would ask the node's metadata service and act on the cluster's own Region.
    report(
      'REGION',
      'is required and not set; wanted is the AWS Region that the function lives in, e.g. eu-west-1',
    );
    return '';
  }
  if (REGION.test(region)) return region;
  const zone = REGION.test(region.slice(0, -1))
    ? ` (that is an Availability Zone, its Region is ${region.slice(0, -1)})`
    : '';
  report('REGION', `got ${quote(region)}${zone}; wanted is the code of an AWS Region, e.g. eu-west-1`);
  return region;
}

/** AWS_ENDPOINT_URL_<SERVICE> before AWS_ENDPOINT_URL, both off with AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, as in every SDK. */
function readEndpoints(env: Environment, report: Report): AwsConfig['endpoints'] {
  if (read(env, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS')?.toLowerCase() === 'true') return {};
  const endpoint = (service: string): string | undefined => {
    const names = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'];
    const name = names.find((candidate) => read(env, candidate) !== undefined);
    const value = name === undefined ? undefined : read(env, name);
    if (name === undefined || value === undefined) return undefined;
    if (holdsPassword(value)) {
      report(
        name,
        'holds a user name or a password, which every log would show; wanted is a plain URL, e.g. http://localhost:4566',
      );
      return undefined;
    }
    if (isHttpUrl(value)) return value;
    const message = `got ${quote(value)}; wanted is an http or https URL, e.g. http://localhost:4566`;
    if (name !== 'AWS_ENDPOINT_URL' || service === 'LAMBDA') report(name, message);
    return undefined;
  };
  return present({ lambda: endpoint('LAMBDA'), sts: endpoint('STS') });
}

const holdsPassword = (value: string): boolean => {
  const url = URL.parse(value);
  return url !== null && url.username + url.password !== '';
};

const isHttpUrl = (value: string): boolean => ['http:', 'https:'].includes(URL.parse(value)?.protocol ?? '');
