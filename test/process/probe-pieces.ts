import { afterAll, beforeAll } from '@jest/globals';
import { NAMESPACE } from '../support/product/scene.ts';
import { reply, Web } from '../support/web/web.ts';

export const PROPERTIES = { probeTimeout: '2s', interval: '100ms', probePollingInterval: '1s' };

/** An httpProbe that expects 200 of `url`. */
const httpProbe = (name: string, mode: string, url: string, run: object = {}): object => ({
  name,
  mode,
  type: 'httpProbe',
  runProperties: { ...PROPERTIES, ...run },
  'httpProbe/inputs': {
    url,
    method: { get: { criteria: '==', responseCode: '200' } },
  },
});

/** A cmdProbe that expects `yes` of a command. */
export const command = (name: string, mode: string, text: string, run: object = {}): object => ({
  name,
  mode,
  type: 'cmdProbe',
  runProperties: { ...PROPERTIES, ...run },
  'cmdProbe/inputs': { command: text, comparator: { type: 'string', criteria: 'equal', value: 'yes' } },
});

/** A k8sProbe on the pods of the scene's namespace. */
export const pods = (name: string, mode: string, inputs: object, more: object = {}): object => ({
  name,
  mode,
  type: 'k8sProbe',
  runProperties: PROPERTIES,
  'k8sProbe/inputs': { version: 'v1', resource: 'pods', namespace: NAMESPACE, ...inputs },
  ...more,
});

/** A promProbe that expects 10 or more of a query. */
export const prometheus = (name: string, mode: string, endpoint: string, query: string): object => ({
  name,
  mode,
  type: 'promProbe',
  runProperties: PROPERTIES,
  'promProbe/inputs': { endpoint, query, comparator: { criteria: '>=', value: '10' } },
});

/**
 * A server that answers with the status in the path, and never to `/hang`. As Prometheus it takes a query for its own
 * value.
 */
const openTarget = (): Promise<Web> =>
  Web.open(({ path }, response) => {
    const query = new URL(path, 'http://x').searchParams.get('query');
    if (query !== null) {
      const result = [{ metric: {}, value: [0, query] }];
      reply(response, 200, { status: 'success', data: { resultType: 'vector', result } });
    } else if (path !== '/hang') reply(response, Number(path.slice(1)) || 200);
  });

/** The server for all stories of the calling file, and httpProbes at its paths. */
export function useTarget(): Target {
  let web: Web;
  beforeAll(async () => {
    web = await openTarget();
  });
  afterAll(() => web.close());
  return {
    get web() {
      return web;
    },
    http: (name, mode, path, run) => httpProbe(name, mode, `${web.url}${path}`, run),
  };
}

export interface Target {
  readonly web: Web;
  readonly http: (name: string, mode: string, path: string, run?: object) => object;
}
