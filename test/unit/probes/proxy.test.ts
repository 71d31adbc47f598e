import { describe, expect, test } from '@jest/globals';
import { proxyFor } from '../../../src/litmus/probes/types/proxy.ts';

const BOTH = { HTTP_PROXY: 'http://proxy:3128', HTTPS_PROXY: 'http://secure:3129' };

describe('the proxy for a request', () => {
  test.each([
    ['http://shop.default/', BOTH, { HTTP_PROXY: 'http://proxy:3128' }],
    ['https://shop.default/', BOTH, { HTTPS_PROXY: 'http://secure:3129' }],
    ['http://shop/', { HTTP_PROXY: 'proxy:3128' }, { HTTP_PROXY: 'http://proxy:3128' }],
    [
      'http://shop/',
      { http_proxy: 'http://low:1', HTTP_PROXY: 'http://up:1' },
      { HTTP_PROXY: 'http://low:1' },
    ],
    ['http://shop/', {}, {}],
    ['https://shop/', { HTTP_PROXY: 'http://proxy:3128' }, {}],
    ['http://localhost:9090/', BOTH, {}],
    ['http://127.0.0.1/', BOTH, {}],
    ['http://[::1]/', BOTH, {}],
  ])('%s with %j is %j', (url, env, proxy) => {
    expect(proxyFor(url, env)).toEqual(proxy);
  });

  test.each([
    ['10.96.0.10', '10.96.0.0/12'],
    ['10.96.0.10', '10.96.0.10'],
    ['[fd00::1]', 'fd00::/8'],
    ['prometheus.monitoring.svc', '.svc'],
    ['prometheus.monitoring.svc', 'svc'],
    ['svc', 'svc'],
    ['shop.example.com', '*.example.com'],
    ['shop.example.com', ' a, Shop.Example.com '],
    ['shop.example.com:8080', 'shop.example.com:8080'],
    ['anything', '*'],
  ])('is none for %s with NO_PROXY %j', (host, exempt) => {
    expect(proxyFor(`http://${host}/`, { ...BOTH, NO_PROXY: exempt })).toEqual({});
  });

  test.each([
    ['10.112.0.10', '10.96.0.0/12'],
    ['10.96.0.10', 'fd00::/8'],
    ['10.96.0.10', '10.96.0.0/99'],
    ['mysvc', 'svc'],
    ['shop.example.com:8080', 'shop.example.com:80'],
    ['shop', ''],
  ])('is there for %s with NO_PROXY %j', (host, exempt) => {
    expect(proxyFor(`http://${host}/`, { ...BOTH, NO_PROXY: exempt })).not.toEqual({});
  });
});
