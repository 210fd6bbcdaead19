/** One HTTP scoring server: an endpoint with its keys, and one or several deployments behind it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MalachiteError } from '@malachite/core/errors';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestHookHandler,
} from 'fastify';
import { corsHook } from './http/cors.ts';
import { Endpoint, type EndpointState } from './http/endpoint.ts';
import { type Exchange, type Exchanges, exchanges } from './http/exchange.ts';
import { openFastLane } from './http/fast-lane.ts';
import { httpMetrics, METRICS_TYPE } from './http/metrics.ts';
import { openInferenceRoutes } from './http/open-inference-routes.ts';
import { gatewayIds, type RequestIds, requestIds } from './http/request-ids.ts';
import type { RequestRow } from './http/request-log.ts';
import { gate, NOT_JSON, scoreRoute } from './http/score-route.ts';
import { bareHeaders, HTML_TYPE, healthHeaders, JSON_TYPE, messageBody, respond, scoringHeaders } from './http/wire.ts';
import { docsFile } from './openapi/docs-page.ts';
import { openapiDocument, swaggerVersion } from './openapi/document.ts';
import type { DocumentedForm } from './openapi/schemas.ts';
import { jsonDumps } from './wire/python-json.ts';

export interface ConnectionlessOptions extends EndpointState {
  /** The title of the OpenAPI document; `ML service`. */
  readonly serviceName?: string;
  /** The body form that the document describes and that an empty body is told of; `v1`, the course's. Every form is taken. */
  readonly form?: DocumentedForm;
  /** Answers as a managed endpoint does, gateway included: its ids, 408, 424 and 429. False: as the inference server alone. */
  readonly gateway?: boolean;
  /** Origins whose pages may call, separated by commas, or `*`; none. `AML_CORS_ORIGINS` of the inference server. */
  readonly corsOrigins?: string;
  /** Receives rows about answered requests, in batches. `GET /` and the docs page are not logged. */
  readonly onRequests?: (rows: RequestRow[]) => void;
  /** Receives what belongs into the deployment's log: failures that the caller is not told. */
  readonly onLog?: (line: string) => void;
  /** Is told of each request before anything is done with it. */
  readonly onRequest?: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface ScoringServerOptions extends ConnectionlessOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** `127.0.0.1`. */
  readonly host?: string;
}

export interface ScoringServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`; score at `/score`. */
  readonly url: string;
  /** Takes effect for the next request. @returns when no request is with a replaced deployment any more, so that its model can be closed */
  update(state: EndpointState): Promise<void>;
  /** Finishes the requests in flight, then stops. */
  close(): Promise<void>;
}

/** A server that listens nowhere: whoever accepts connections gives them to it. */
export interface ConnectionlessServer extends Pick<ScoringServer, 'update' | 'close'> {
  accept(connection: Socket): void;
}

/** The real server's limit. */
const BODY_LIMIT = 100 * 1024 * 1024;

/** How often a server that closes looks for connections that have become idle. */
const CLOSING_MS = 20;

/** A body that takes longer to arrive than this is given up. */
const REQUEST_TIMEOUT_MS = 300_000;

/**
 * Starts a server.
 *
 * @throws Conflict when the port is taken
 * @example
 * const model = await loadModel(await readFile('best_model.onnx'));
 * const server = await startScoringServer({ port: 5001, keys: null, deployments: [{ name: 'default', model, traffic: 100 }] });
 */
export async function startScoringServer({ port, host = '127.0.0.1', ...options }: ScoringServerOptions): Promise<ScoringServer> {
  const { app, update, close } = buildServer(options);
  const bound = await listen(app, port, host);
  return {
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    update,
    close,
  };
}

export async function openConnectionlessServer(options: ConnectionlessOptions): Promise<ConnectionlessServer> {
  const { app, update, close } = buildServer(options);
  await app.ready();
  // Node's server watches over its connections, slow and idle ones, from this event on.
  app.server.emit('listening');
  const open = new Set<Socket>();
  return {
    accept(connection) {
      open.add(connection);
      connection.once('close', () => open.delete(connection));
      app.server.emit('connection', connection);
    },
    update,
    async close() {
      // A connection becomes idle when its last request is answered.
      for (; open.size > 0; await delay(CLOSING_MS)) app.server.closeIdleConnections();
      await close();
    },
  };
}

interface BuiltServer {
  readonly app: FastifyInstance;
  readonly update: ScoringServer['update'];
  close(): Promise<void>;
}

function buildServer(options: ConnectionlessOptions): BuiltServer {
  const { serviceName = 'ML service', form = 'v1', gateway = false, onRequest: onArrival } = options;
  const endpoint = new Endpoint(options);
  const metrics = httpMetrics();
  const all = exchanges({ gateway, metrics, onRequests: options.onRequests, onLog: options.onLog });
  const idsOf = gateway ? gatewayIds : requestIds;
  const noteArrival = (request: FastifyRequest): void => {
    request.arrived = performance.now();
    request.ids = idsOf(request.headers);
  };
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // A path that cannot be decoded never reaches a route, nor the hook that notes its arrival.
    frameworkErrors: (error, request, reply) => {
      noteArrival(request);
      all.fail({ request, reply }, fromFastify(error));
    },
    clientErrorHandler: refuseConnection,
  });
  app.decorateRequest('arrived', 0);
  app.decorateRequest('ids');
  app.addHook('onRequest', (request, _reply, done) => {
    noteArrival(request);
    done();
  });
  const cors = corsHook(options.corsOrigins);
  if (cors !== undefined) app.addHook('onRequest', cors);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const admit = gate(endpoint, all);
  const onRequest: onRequestHookHandler = (request, reply, done) => {
    if (admit(request, reply)) done();
  };
  const route = { endpoint, exchanges: all };
  const score = scoreRoute({ ...route, route: '/score', named: () => (form === 'v1' ? 'data' : 'Inputs') });
  app.route({ method: ['GET', 'POST'], url: '/score', onRequest, handler: score });
  const invocations = scoreRoute({ ...route, route: '/invocations', named: () => 'dataframe_split' });
  app.post('/invocations', { onRequest }, invocations);
  openInferenceRoutes(app, { ...route, serviceName, onRequest });
  app.route({ method: ['GET', 'HEAD'], url: '/', handler: health });
  app.get('/health', health);
  app.get('/ping', health);
  app.get('/metrics', (request, reply) => respond(request, reply, 200, ['content-type', METRICS_TYPE], metrics.text(endpoint)));
  app.options('/score', (request, reply) => preflight(all, { request, reply }));
  app.get('/swagger.json', async (request, reply) => {
    try {
      const version = swaggerVersion((request.query as { version?: string }).version);
      const { ownHttp, signature } = endpoint.described().answerer;
      const document =
        (await ownHttp?.document(serviceName, version)) ?? jsonDumps(openapiDocument(signature, serviceName, form, version));
      all.answer({ request, reply }, 200, scoringHeaders(request.ids, false), document);
    } catch (error) {
      all.fail({ request, reply }, error);
    }
  });
  app.get('/docs', docs);
  app.get('/docs/:name', docs);
  app.setNotFoundHandler((request, reply) => notServed(all, { request, reply }));
  app.setErrorHandler((error, request, reply) => {
    if ((error as FastifyError).statusCode === 415) all.refuse({ request, reply }, 415, NOT_JSON);
    else all.fail({ request, reply }, fromFastify(error));
  });

  let isClosing = false;
  if (cors === undefined) {
    const bodyLimit = BODY_LIMIT;
    openFastLane(app.server, { idsOf, gate: admit, score, exchanges: all, bodyLimit, isClosed: () => isClosing });
  }
  if (onArrival !== undefined) app.server.prependListener('request', onArrival);
  return {
    app,
    update: (state) => endpoint.update(state),
    async close() {
      isClosing = true;
      await app.close();
      all.close();
    },
  };
}

/** Probes ask every few seconds: not logged. */
function health(request: FastifyRequest, reply: FastifyReply): void {
  respond(request, reply, 200, healthHeaders(request.ids), 'Healthy');
}

function preflight(all: Exchanges, exchange: Exchange): void {
  const headers = scoringHeaders(exchange.request.ids, false);
  headers[headers.indexOf('content-type') + 1] = HTML_TYPE;
  all.answer(exchange, 200, headers, '');
}

const notFound =
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.';

async function docs(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const file = await docsFile((request.params as { name?: string }).name ?? '');
  if (file === undefined) respond(request, reply, 404, [...bareHeaders], messageBody(notFound));
  else respond(request, reply, 200, ['content-type', file.type], file.body);
}

const knownPaths = new Set(['/', '/score', '/swagger.json', '/invocations', '/docs', '/health', '/ping', '/metrics']);

/** A known path with another method is 405, anything else 404. */
function notServed(all: Exchanges, exchange: Exchange): void {
  const { request } = exchange;
  const isKnown = knownPaths.has(request.url.split('?')[0] as string);
  const message = isKnown ? 'The method is not allowed for the requested URL.' : notFound;
  // HEAD of a path that has a GET reaches the real server's own code, which adds the ids.
  const headers = isKnown && request.method === 'HEAD' ? scoringHeaders(request.ids, false) : [...bareHeaders];
  all.answer(exchange, isKnown ? 405 : 404, headers, messageBody(message), { error: message });
}

/** Faults that fastify finds while reading: too large, cut off, a content type that is none. */
function fromFastify(error: unknown): unknown {
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) return new MalachiteError('TooLarge', `The body is larger than ${BODY_LIMIT} bytes.`, { cause: error });
  return statusCode < 500 ? new MalachiteError('InvalidInput', message, { cause: error }) : error;
}

/** What is not HTTP, or too slow, or too large in its headers, gets a status line and its reason, and the connection ends. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const body = messageBody(`The request cannot be read: ${status.slice(4)}.`);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<number> {
  try {
    await app.listen({ port, host });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new MalachiteError('Conflict', `Port ${port} is taken by another program; choose another, or 0 for any free one.`, {
      cause,
    });
  }
  return (app.server.address() as AddressInfo).port;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** When the headers arrived, on the clock of `performance.now()`; both are set by the server's first hook. */
    arrived: number;
    ids: RequestIds;
  }
}
