/** The OpenAPI 3.1 document, made from the routes' own schemas, and its page at `/docs`, which needs no network. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import * as core from '@malachite/core';
import type { FastifyInstance, FastifySchema } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };
import { addExamples } from './document-examples.ts';

const portDescriptions: Readonly<Record<core.PortName | 'workspace' | 'published', string>> = {
  workspace: 'The workspace itself.',
  datastore: 'Bytes, kept under their sha256.',
  datasets: 'Data assets: immutable versions with a schema and a profile.',
  compute: 'Compute clusters: how many jobs run at once.',
  training: 'AutoML jobs, their trials, metrics and files.',
  models: 'Registered models.',
  deployment: 'Online endpoints, their keys and deployments.',
  pipelines: 'Pipelines, their runs and schedules.',
  telemetry: 'Requests, traces, exceptions and metrics, asked in KQL.',
  published: 'The REST endpoint of published pipelines; each has a key of its own.',
};

/** Must be registered before the routes it describes. */
export async function registerDocument(
  app: FastifyInstance,
  options: { readonly workspaceName: string; readonly keyed: boolean },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `Malachite: workspace ${options.workspaceName}`,
        description:
          'Azure Machine Learning on your own machine. Errors are `{"error": {"code", "message"}}`. The examples go on from the data of the walk-through; in an empty workspace, `malachite quickstart` brings them.',
        version: manifest.version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: Object.entries(portDescriptions).map(([name, description]) => ({ name, description })),
      ...(options.keyed && { security: [{ bearer: [] }] }),
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: (schema) => String(schema.$id) },
    transform: ({ schema, url }) => ({ schema: documented(schema), url }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      addExamples((document.openapiObject.paths ?? {}) as Parameters<typeof addExamples>[0]);
      return document.openapiObject;
    },
  });
  for (const [json, name] of namesBySchema) app.addSchema({ $id: name, ...withReferences(JSON.parse(json), name) });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', deepLinking: true, filter: true, validatorUrl: null },
    staticCSP: true,
    transformStaticCSP: () => contentSecurityPolicy,
  });
}

/** The page and nothing else: no other host, no inline script; one inline style, which Swagger UI brings. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

/** Core's objects by the JSON they are written as: where a route repeats one, the document refers to it by core's name. */
const namesBySchema = new Map(
  Object.entries(core)
    .filter(([, value]) => typeof value === 'object' && ('anyOf' in value || ('type' in value && value.type === 'object')))
    .map(([name, schema]) => [JSON.stringify(schema), name]),
);

/** A route's schema for the document: without the empty query that refuses unknown fields, with references. */
function documented(schema: FastifySchema | undefined): FastifySchema {
  const { querystring, ...rest } = schema ?? {};
  const asked = querystring && 'properties' in (querystring as object) ? { querystring } : {};
  return withReferences({ ...asked, ...rest }, undefined);
}

/** Puts a reference in the place of every object of core but the one that is being defined. */
function withReferences<S extends object>(schema: S, defining: string | undefined): S {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== 'object') return node;
    const name = namesBySchema.get(JSON.stringify(node));
    if (name !== undefined && name !== defining) return { $ref: `${name}#` };
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
  };
  return visit(schema) as S;
}
