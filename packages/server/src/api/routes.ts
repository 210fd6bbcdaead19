/** The native REST API: a route for every operation of core's table, and `GET /workspace`. */
import {
  apiPrefix,
  type Operation,
  operations,
  type PortName,
  type Workspace,
  type WorkspaceInfo,
  workspaceInfo,
} from '@malachite/core';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };
import { guardKey } from '../guard/keys.ts';
import { sendDownload } from './download.ts';
import { errorAnswers, inJson } from './error-answers.ts';
import { lastEventId, sendEvents } from './events.ts';
import { fieldsOf, inputOf, inputSchema } from './input.ts';
import { receiveUpload, uploadBody } from './upload.ts';
import { callPort } from './workspace-call.ts';

type Handler = RouteOptions['handler'];

export function registerApi(app: FastifyInstance, workspace: Workspace, apiKey: string | undefined): void {
  const keyed = Boolean(apiKey);
  app.register(
    async (api) => {
      if (apiKey) guardKey(api, apiKey);
      const { name, backend, supports } = workspace;
      const info: WorkspaceInfo = { name, backend, supports, version: manifest.version };
      api.route(routeOf('workspace', 'get', workspaceInfo, keyed, async () => info));
      for (const [port, methods] of Object.entries(operations) as [PortName, Record<string, Operation>][]) {
        for (const [method, operation] of Object.entries(methods)) {
          const call = (input: unknown) => callPort(workspace, port, method, input);
          const route = routeOf(port, method, operation, keyed, handlerOf(operation, call));
          // An upload's body is a stream, which only its own scope may leave unread.
          if (operation.kind === 'upload') api.register(async (scope) => receiveUpload(scope, route));
          else api.route(route);
        }
      }
    },
    { prefix: apiPrefix },
  );
}

function routeOf(port: string, method: string, operation: Operation, keyed: boolean, handler: Handler): RouteOptions {
  return {
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    schema: schemaOf(port, method, operation, keyed),
    handler,
  };
}

function handlerOf(operation: Operation, call: (input: unknown) => unknown): Handler {
  switch (operation.kind) {
    case 'json':
      return async (request, reply) => {
        const answer = await call(inputOf(operation, request));
        if (operation.output === undefined) return reply.code(204).send();
        return reply.send(answer);
      };
    case 'upload':
      return async (request) => call(uploadBody(request));
    case 'download':
      return (request, reply) => sendDownload(request, reply, inputOf(operation, request), call);
    case 'events': {
      const resumable = 'after' in fieldsOf(operation);
      return (request, reply) =>
        sendEvents(request, reply, { ...inputOf(operation, request), ...(resumable && lastEventId(request)) }, call);
    }
  }
}

const bytes = { type: 'string', format: 'binary' };

function schemaOf(port: string, method: string, operation: Operation, keyed: boolean): FastifySchema {
  const { kind, output, summary } = operation;
  const content = (type: string, schema: object) => ({ description: summary, content: { [type]: { schema } } });
  const success =
    kind === 'download'
      ? { 200: content('application/octet-stream', bytes) }
      : kind === 'events'
        ? { 200: content('text/event-stream', output ?? {}) }
        : output
          ? { 200: inJson(summary, output) }
          : { 204: { type: 'null', description: 'Done.' } };
  return {
    operationId: `${port}_${method}`,
    tags: [port],
    summary,
    ...(kind === 'upload' ? { body: content('application/octet-stream', bytes) } : inputSchema(operation)),
    response: {
      ...success,
      ...errorAnswers(operation, keyed),
    },
  };
}
