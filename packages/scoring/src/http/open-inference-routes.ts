/** The routes of the Open Inference Protocol, version 2, beside `/score`. An endpoint and each of its deployments are models to it. */
import { MalachiteError } from '@malachite/core/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };
import { modelMetadata } from '../forms/open-inference.ts';
import { short } from '../model/columns.ts';
import { jsonDumps } from '../wire/python-json.ts';
import type { Endpoint } from './endpoint.ts';
import type { Exchanges, ScoringRequest } from './exchange.ts';
import { scoreRoute } from './score-route.ts';
import { JSON_TYPE, respond, scoringHeaders } from './wire.ts';

export interface OpenInferenceOptions {
  readonly endpoint: Endpoint;
  readonly exchanges: Exchanges;
  /** The model's name for clients that leave it to the traffic which deployment answers. */
  readonly serviceName: string;
  /** Asks for the key; health and readiness are for probes and ask for none. */
  readonly onRequest: onRequestHookHandler;
}

interface ModelRequest {
  Params: { model: string };
}

export function openInferenceRoutes(app: FastifyInstance, options: OpenInferenceOptions): void {
  const { endpoint, exchanges, serviceName, onRequest } = options;
  const deploymentOf = (request: Pick<ScoringRequest, 'params' | 'headers'>): string | undefined => {
    const { model } = request.params as ModelRequest['Params'];
    if (endpoint.find(model) !== undefined) return model;
    if (model === serviceName) return request.headers['azureml-model-deployment'] as string | undefined;
    throw new MalachiteError(
      'NotFound',
      `Model "${short(model)}" is not known. Models: ${[serviceName, ...endpoint.all().map(({ name }) => name)].join(', ')}.`,
    );
  };
  const probe = (isWell: (request: FastifyRequest) => boolean) => (request: FastifyRequest, reply: FastifyReply) =>
    respond(request, reply, isWell(request) ? 200 : 503, ['content-type', JSON_TYPE], '');
  app.get(
    '/v2/health/live',
    probe(() => true),
  );
  app.get(
    '/v2/health/ready',
    probe(() => endpoint.isReady()),
  );
  app.get<ModelRequest>('/v2/models/:model/ready', (request, reply) => {
    const { model } = request.params;
    const isReady = model === serviceName ? endpoint.isReady() : endpoint.find(model) !== undefined;
    respond(request, reply, isReady ? 200 : 404, ['content-type', JSON_TYPE], '');
  });
  const describe = (read: (request: FastifyRequest) => unknown) => (request: FastifyRequest, reply: FastifyReply) => {
    try {
      exchanges.answer({ request, reply }, 200, scoringHeaders(request.ids, false), jsonDumps(read(request)));
    } catch (error) {
      exchanges.fail({ request, reply }, error);
    }
  };
  const server = { name: 'malachite', version: manifest.version, extensions: ['binary_tensor_data'] };
  app.get(
    '/v2',
    { onRequest },
    describe(() => server),
  );
  app.get(
    '/v2/models/:model',
    { onRequest },
    describe((request) => {
      const { answerer } = endpoint.choose(deploymentOf(request));
      return modelMetadata(answerer.signature, (request.params as ModelRequest['Params']).model);
    }),
  );
  const named = (request: ScoringRequest): string => (request.params as ModelRequest['Params']).model;
  app.post('/v2/models/:model/infer', { onRequest }, scoreRoute({ endpoint, exchanges, route: '/infer', named, deploymentOf }));
}
