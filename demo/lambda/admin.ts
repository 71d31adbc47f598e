import type { MappingEvent } from './model/agenda.ts';
import type { Cloud } from './model/cloud.ts';
import type { RequestFault } from './model/faults.ts';
import type { FunctionSpec } from './model/functions.ts';
import { parseFunctionRef } from './model/naming.ts';
import type { Lags } from './model/transitions.ts';
import type { MappingSpec } from './model/world.ts';
import { viewMapping, viewState } from './view.ts';
import { jsonReply, type Reply } from './wire/replies.ts';
import { answerPodIdentity } from './wire/sts.ts';

/** How a running mapping can be steered. */
export interface Steering extends Partial<Lags> {
  readonly arrivalPerSecond?: number;
  readonly drainPerSecond?: number;
  /** Events that arrive now, all at once. */
  readonly produce?: number;
}

export interface AdminRequest {
  readonly method: string;
  /** Below `/_standin/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** The side door for tests and live views, under `/_standin/`. A mistake in a request answers 400 with the reason. */
export function answerAdmin(cloud: Cloud, request: AdminRequest): Reply {
  const [resource = '', id, ...rest] = request.path.split('/').filter((part) => part !== '');
  const route = ROUTES[`${request.method} ${resource}${id === undefined ? '' : '/:id'}`];
  if (route === undefined || rest.length > 0) {
    return jsonReply(404, { problem: `no such route; there are: ${Object.keys(ROUTES).join(', ')}` });
  }
  try {
    return route({ cloud, request, id: id ?? '' });
  } catch (error) {
    return jsonReply(400, { problem: error instanceof Error ? error.message : String(error) });
  }
}

interface Visit {
  readonly cloud: Cloud;
  readonly request: AdminRequest;
  readonly id: string;
}

const ROUTES: Readonly<Record<string, (visit: Visit) => Reply>> = {
  'GET state': ({ cloud }) => jsonReply(200, viewState(cloud)),
  'GET writes': ({ cloud }) => jsonReply(200, cloud.log.writes),
  'GET requests': ({ cloud }) => jsonReply(200, cloud.log.requests),
  'GET credential-calls': ({ cloud }) => jsonReply(200, cloud.credentials.calls),
  'GET secrets': ({ cloud }) => jsonReply(200, cloud.secrets),
  'GET backlog': ({ cloud, request }) => answerBacklog(cloud, request.query),
  'GET credentials': ({ cloud, request }) => answerPodIdentity(cloud, request.authorization),
  'POST reset': ({ cloud, request }) => {
    cloud.reset(request.body === '' ? undefined : parse(request.body));
    return jsonReply(200, viewState(cloud));
  },
  'GET hooks': ({ cloud }) => jsonReply(200, cloud.hooks),
  'POST hooks': ({ cloud, request }) => {
    const hook = parse(request.body) as RequestFault | MappingEvent;
    if (!('effect' in hook) && !('action' in hook)) throw new Error('a hook has an effect or an action');
    return jsonReply(200, { id: cloud.hook(hook) });
  },
  'DELETE hooks': ({ cloud }) => jsonReply(200, { removed: cloud.unhook() }),
  'DELETE hooks/:id': ({ cloud, id }) => jsonReply(200, { removed: cloud.unhook(id) }),
  'POST functions': ({ cloud, request }) =>
    jsonReply(200, { arn: cloud.addFunction(parse(request.body) as FunctionSpec).arn }),
  'POST mappings': ({ cloud, request }) =>
    jsonReply(200, viewMapping(cloud, cloud.addMapping(parse(request.body) as MappingSpec))),
  'GET mappings/:id': ({ cloud, id }) => jsonReply(200, viewMapping(cloud, cloud.mapping(id))),
  'POST mappings/:id': ({ cloud, request, id }) => {
    steer(cloud, id, parse(request.body));
    return jsonReply(200, viewMapping(cloud, cloud.mapping(id)));
  },
};

/**
 * The events that wait in all sources of a function, or of all functions. With `below=N` the status is 503 where as
 * many wait, or more, for those who look at nothing else.
 */
function answerBacklog(cloud: Cloud, query: URLSearchParams): Reply {
  const wanted = query.get('function');
  const limit = query.get('below') ?? 'Infinity';
  if (Number.isNaN(Number(limit)) || limit === '') throw new Error(`below=${limit} is not a number`);
  const counted = cloud.mappings.filter(
    ({ functionArn, gone }) => !gone && (wanted === null || parseFunctionRef(functionArn)?.name === wanted),
  );
  const backlog = counted.reduce((sum, { ledger }) => sum + ledger.backlog, 0);
  return jsonReply(backlog < Number(limit) ? 200 : 503, { backlog });
}

export function steer(cloud: Cloud, uuid: string, steering: Steering): void {
  const mapping = cloud.mapping(uuid);
  const { arrivalPerSecond, drainPerSecond, produce = 0, ...lags } = steering;
  mapping.setRates({
    ...(arrivalPerSecond === undefined ? {} : { arrivalPerSecond }),
    ...(drainPerSecond === undefined ? {} : { drainPerSecond }),
  });
  mapping.produce(produce);
  mapping.lags = { ...mapping.lags, ...lags };
}

function parse(text: string): object {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('a JSON object is wanted');
  return value;
}
