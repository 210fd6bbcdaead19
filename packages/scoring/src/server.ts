/** One HTTP scoring server: an endpoint with its keys, and one or several deployments behind it. */
import type { AddressInfo } from 'node:net';
import { asMalachiteError, MalachiteError } from '@malachite/core';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { BodyForm } from './forms/form.ts';
import { scoreForms } from './forms/forms.ts';
import { invocationForms } from './forms/invocations.ts';
import { answer, answerObject } from './hot-path.ts';
import { type Keys, keyCheck } from './http/keys.ts';
import { type RequestIds, requestIds } from './http/request-ids.ts';
import { type RequestRow, requestLog } from './http/request-log.ts';
import { bareHeaders, HTML_TYPE, healthHeaders, messageBody, respond, scoringHeaders } from './http/respond.ts';
import { trafficSplit } from './http/traffic.ts';
import { Joiner } from './model/joiner.ts';
import type { ScoringModel } from './model/load-model.ts';
import { docsFile } from './openapi/docs-page.ts';
import { openapiDocument, swaggerVersion } from './openapi/document.ts';
import type { DocumentedForm } from './openapi/schemas.ts';
import { jsonDumps } from './wire/python-json.ts';

export interface ServedDeployment {
  readonly name: string;
  readonly model: ScoringModel;
  /** Percent of the requests that name no deployment. */
  readonly traffic: number;
}

/** What may be changed while the server runs. */
export interface EndpointState {
  readonly deployments: readonly ServedDeployment[];
  /** Null: no key is asked for. */
  readonly keys: Keys | null;
}

export interface ScoringServerOptions extends EndpointState {
  /** 0 takes any free port. */
  readonly port: number;
  /** `127.0.0.1`. */
  readonly host?: string;
  /** The title of the OpenAPI document; `ML service`. */
  readonly serviceName?: string;
  /** The body form that the document describes and that an empty body is told of; `v1`, the course's. Every form is taken. */
  readonly form?: DocumentedForm;
  /** Receives rows about answered requests, in batches. `GET /` and the docs page are not logged. */
  readonly onRequests?: (rows: RequestRow[]) => void;
  /** Puts body and answer into the rows. */
  readonly collectModelData?: boolean;
  /** Receives what belongs into the deployment's log: failures that the caller is not told. */
  readonly onLog?: (line: string) => void;
}

export interface ScoringServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`; score at `/score`. */
  readonly url: string;
  /** Takes effect for the next request. @returns when no request is with a replaced model any more, so that it can be closed */
  update(state: EndpointState): Promise<void>;
  /** Finishes the requests in flight, then stops. */
  close(): Promise<void>;
}

const BODY_LIMIT = 100 * 1024 * 1024;
const COLLECTED = 64 * 1024;

/** A deployment and the requests that are with it. */
interface Served extends ServedDeployment {
  readonly joiner: Joiner;
  inFlight: number;
  drained: (() => void) | undefined;
}

/**
 * Starts a server.
 *
 * @throws Conflict when the port is taken
 * @example
 * const model = await loadModel(await readFile('best_model.onnx'));
 * const server = await startScoringServer({ port: 5001, keys: null, deployments: [{ name: 'default', model, traffic: 100 }] });
 */
export async function startScoringServer(options: ScoringServerOptions): Promise<ScoringServer> {
  const { host = '127.0.0.1', serviceName = 'ML service', form = 'v1', onLog = () => {} } = options;
  const log = options.onRequests === undefined ? undefined : requestLog(options.onRequests);
  let served = serve(options.deployments, []);
  let pick = trafficSplit(served);
  let isAllowed = keyCheck(options.keys);

  const app = fastify({ bodyLimit: BODY_LIMIT, exposeHeadRoutes: false, requestTimeout: 300_000, forceCloseConnections: 'idle' });
  app.decorateRequest('arrived', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.arrived = performance.now();
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const finish = (request: FastifyRequest, ids: RequestIds, status: number, row: Partial<RequestRow> = {}): void => {
    if (log === undefined) return;
    const durationMs = performance.now() - request.arrived;
    log.add({
      time: Date.now() - durationMs,
      requestId: ids.requestId,
      clientRequestId: ids.clientRequestId,
      method: request.method,
      path: request.url,
      status,
      durationMs,
      runMs: 0,
      rows: 0,
      deployment: '',
      ...row,
    });
  };

  const fail = (request: FastifyRequest, reply: FastifyReply, ids: RequestIds, thrown: unknown, deployment = ''): void => {
    const error = asMalachiteError(thrown);
    const isOurs = error.status >= 500 && error.code !== 'NotSupported';
    const status = error.code === 'NotSupported' ? 400 : error.status;
    if (isOurs) onLog(`${request.method} ${request.url} failed: ${error.stack ?? error.message}`);
    const message = isOurs ? 'An unexpected error occurred in scoring script. Check the logs for more info.' : error.message;
    respond(request, reply, status, scoringHeaders(ids, isOurs), messageBody(message));
    finish(request, ids, status, { deployment, error: error.message });
  };

  /** Ids, key and deployment first, in the gateway's order; then the forms of the route. */
  const score = async (request: FastifyRequest, reply: FastifyReply, forms: readonly BodyForm[]): Promise<void> => {
    const ids = requestIds(request.headers);
    if (ids.fault !== undefined) {
      respond(request, reply, 431, scoringHeaders(ids, false), messageBody(ids.fault));
      return finish(request, ids, 431, { error: ids.fault });
    }
    if (!isAllowed(request.headers.authorization)) {
      return fail(
        request,
        reply,
        ids,
        new MalachiteError('Unauthorized', 'Authentication failed: no valid key in "Authorization: Bearer <key>".'),
      );
    }
    const named = request.headers['azureml-model-deployment'];
    const deployment = pick(typeof named === 'string' ? named : undefined);
    if (deployment === undefined) return fail(request, reply, ids, noDeployment(named));
    deployment.inFlight++;
    try {
      const missing = form === 'v1' ? 'data' : 'Inputs';
      const body = request.body as Buffer | undefined;
      if (request.method === 'POST' && !isJson(request.headers['content-type'])) {
        respond(request, reply, 415, scoringHeaders(ids, false), messageBody('Expects Content-Type to be application/json'));
        return finish(request, ids, 415, { deployment: deployment.name, error: 'Expects Content-Type to be application/json' });
      }
      const result =
        request.method === 'GET'
          ? await answerObject(request.query as Record<string, unknown>, forms, deployment.joiner, missing)
          : await answer(body ?? Buffer.alloc(0), forms, deployment.joiner, missing);
      const headers = scoringHeaders(ids, false);
      headers.push('x-ms-run-fn-exec-ms', result.runMs.toFixed(3), 'azureml-model-deployment', deployment.name);
      respond(request, reply, 200, headers, result.body);
      const collected = options.collectModelData
        ? { input: body?.toString('utf8', 0, COLLECTED) ?? '', prediction: result.body.slice(0, COLLECTED) }
        : {};
      finish(request, ids, 200, { deployment: deployment.name, runMs: result.runMs, rows: result.rows, ...collected });
    } catch (error) {
      fail(request, reply, ids, error, deployment.name);
    } finally {
      deployment.inFlight--;
      if (deployment.inFlight === 0) deployment.drained?.();
    }
  };

  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: (request, reply) => {
      respond(request, reply, 200, healthHeaders(requestIds(request.headers)), 'Healthy');
    },
  });
  app.route({ method: ['GET', 'POST'], url: '/score', handler: (request, reply) => score(request, reply, scoreForms) });
  app.post('/invocations', (request, reply) => score(request, reply, invocationForms));
  app.options('/score', (request, reply) => {
    const ids = requestIds(request.headers);
    const headers = scoringHeaders(ids, false);
    headers[1] = HTML_TYPE;
    respond(request, reply, 200, headers, '');
    finish(request, ids, 200);
  });
  app.get('/swagger.json', (request, reply) => {
    const ids = requestIds(request.headers);
    try {
      const version = swaggerVersion((request.query as { version?: string }).version);
      const described = pick(undefined) ?? served[0];
      if (described === undefined) throw noDeployment(undefined);
      const document = openapiDocument(described.model.signature, serviceName, form, version);
      respond(request, reply, 200, scoringHeaders(ids, false), jsonDumps(document));
      finish(request, ids, 200);
    } catch (error) {
      fail(request, reply, ids, error);
    }
  });
  const docs = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const file = await docsFile((request.params as { name?: string }).name ?? '');
    if (file === undefined) respond(request, reply, 404, [...bareHeaders], messageBody(notFound));
    else respond(request, reply, 200, ['content-type', file.type], file.body);
  };
  app.get('/docs', docs);
  app.get('/docs/:name', docs);
  app.setNotFoundHandler((request, reply) => {
    const ids = requestIds(request.headers);
    const path = request.url.split('?')[0] as string;
    const known = knownPaths.has(path);
    const status = known ? 405 : 404;
    const message = known ? 'The method is not allowed for the requested URL.' : notFound;
    // HEAD of a path that has a GET reaches the real server's own code, which adds the ids.
    const headers = known && request.method === 'HEAD' ? scoringHeaders(ids, false) : [...bareHeaders];
    respond(request, reply, status, headers, messageBody(message));
    finish(request, ids, status, { error: message });
  });
  app.setErrorHandler((error, request, reply) => fail(request, reply, requestIds(request.headers), fromFastify(error)));

  const port = await listen(app, options.port, host);
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async update(state) {
      const before = served;
      served = serve(state.deployments, before);
      pick = trafficSplit(served);
      isAllowed = keyCheck(state.keys);
      await Promise.all(before.filter((old) => !served.includes(old)).map(drain));
    },
    async close() {
      await app.close();
      log?.close();
    },
  };
}

const notFound =
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.';

const knownPaths = new Set(['/', '/score', '/swagger.json', '/invocations', '/docs']);

/** A deployment whose name and model stay keeps its queue; only its traffic is new. */
function serve(deployments: readonly ServedDeployment[], before: readonly Served[]): Served[] {
  return deployments.map((deployment) => {
    const same = before.find(
      ({ name, model, traffic }) => name === deployment.name && model === deployment.model && traffic === deployment.traffic,
    );
    const joiner = before.find(({ model }) => model === deployment.model)?.joiner;
    return same ?? { ...deployment, joiner: joiner ?? new Joiner(deployment.model), inFlight: 0, drained: undefined };
  });
}

function drain(deployment: Served): Promise<void> {
  return new Promise((resolve) => {
    if (deployment.inFlight === 0) resolve();
    else deployment.drained = resolve;
  });
}

function noDeployment(named: unknown): MalachiteError {
  return new MalachiteError(
    'NotFound',
    named === undefined
      ? 'The endpoint has no deployment with traffic. Give one some, or name one in the header azureml-model-deployment.'
      : `The endpoint has no deployment "${String(named)}".`,
  );
}

function isJson(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

/** Faults that fastify finds while reading: too large, cut off, a content type that is none. */
function fromFastify(error: unknown): unknown {
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) return new MalachiteError('TooLarge', `The body is larger than ${BODY_LIMIT} bytes.`, { cause: error });
  return statusCode < 500 ? new MalachiteError('InvalidInput', message, { cause: error }) : error;
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
    /** When the headers arrived, on the clock of `performance.now()`. */
    arrived: number;
  }
}
