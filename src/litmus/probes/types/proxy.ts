import { BlockList, isIP } from 'node:net';
import type { Environment } from '../../../runtime/environment.ts';

/**
 * The proxy for `url`, in the form that node:http takes, with the meaning that Go's clients give to HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY: no proxy for loopback, a host without a scheme, networks in CIDR form.
 */
export function proxyFor(url: string, env: Environment): Record<string, string> {
  const { protocol, hostname, port } = new URL(url);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = valueOf(env, name);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (proxy === '' || isLoopback(host) || isExempt(host, port, valueOf(env, 'NO_PROXY'))) return {};
  return { [name]: proxy.includes('://') ? proxy : `http://${proxy}` };
}

const valueOf = (env: Environment, name: string): string =>
  (env[name.toLowerCase()] ?? '').trim() || (env[name] ?? '').trim();

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const isExempt = (host: string, port: string, exempt: string): boolean =>
  exempt
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matches(host.toLowerCase(), port, entry));

function matches(host: string, port: string, entry: string): boolean {
  if (entry === '*') return true;
  if (isIP(host) !== 0) return host === entry || isIn(host, entry);
  const [, name = '', itsPort] = /^\*?(\.?[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (itsPort !== undefined && itsPort !== port) return false;
  const domain = name.startsWith('.') ? name : `.${name}`;
  return name !== '' && (host === name || host.endsWith(domain));
}

function isIn(address: string, network: string): boolean {
  const [base = '', prefix] = network.split('/');
  if (prefix === undefined || isIP(base) !== isIP(address) || !/^\d{1,3}$/.test(prefix)) return false;
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
  if (Number(prefix) > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(prefix), family);
  return list.check(address, family);
}
