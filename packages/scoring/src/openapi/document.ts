/** The document at `/swagger.json`: the real inference server's own words and operations, around the model's schemas. */
import { MalachiteError } from '@malachite/core/errors';
import type { Signature } from '@malachite/onnx';
import { short } from '../model/columns.ts';
import { type DocumentedForm, type Schema, type ServiceSchemas, type SwaggerVersion, serviceSchemas } from './schemas.ts';

const versions: readonly SwaggerVersion[] = ['2', '3', '3.1'];

/** @throws NotFound for a version that is not 2, 3 or 3.1, in the real server's words */
export function swaggerVersion(asked: string | undefined): SwaggerVersion {
  const version = versions.find((known) => known === (asked ?? '2'));
  if (version !== undefined) return version;
  throw new MalachiteError(
    'NotFound',
    `Swagger version [${short(asked)}] is not valid. Supported versions: [${versions.join(', ')}].`,
  );
}

/** The document of a model. @param serviceName the endpoint's name; the real server's default is `ML service` */
export function openapiDocument(
  signature: Signature,
  serviceName: string,
  form: DocumentedForm,
  version: SwaggerVersion,
): Schema {
  return serviceDocument(serviceSchemas(signature, form, version), serviceName, version);
}

/** Swagger 2.0, OpenAPI 3.0.3 or OpenAPI 3.1.0 around the schemas of what goes in and comes out. */
export function serviceDocument({ input, output }: ServiceSchemas, serviceName: string, version: SwaggerVersion): Schema {
  const definitions = {
    ServiceInput: input,
    ServiceOutput: output,
    ErrorResponse: { type: 'object', properties: { message: { type: 'string' } } },
  };
  const info = {
    title: serviceName,
    description: `API specification for the Azure Machine Learning service ${serviceName}`,
    version: '1.0',
  };
  if (version === '2') {
    return {
      swagger: '2.0',
      info,
      schemes: ['https'],
      consumes: ['application/json'],
      produces: ['application/json'],
      securityDefinitions: { Bearer: bearer },
      paths: paths(swagger2),
      definitions,
    };
  }
  return {
    openapi: version === '3' ? '3.0.3' : '3.1.0',
    info,
    security: [{ Bearer: [] }],
    paths: paths(openapi3),
    components: { schemas: definitions, securitySchemes: { Bearer: bearer } },
  };
}

const bearer = { type: 'apiKey', name: 'Authorization', in: 'header', description: 'For example: Bearer abc123' };

/** What is written differently in the two generations of the format. */
interface Dialect {
  health: Schema;
  answer(schema: string): Schema;
  body(schema: string): Schema;
  text: Schema;
  versionParameter: Schema;
}

const versionEnum = { type: 'integer', enum: [2, 3] };

const swagger2: Dialect = {
  health: { schema: { type: 'string' }, examples: { 'application/json': 'Healthy' } },
  answer: (schema) => ({ schema: { $ref: `#/definitions/${schema}` } }),
  body: (schema) => ({
    parameters: [
      {
        name: 'serviceInputPayload',
        in: 'body',
        description: 'The input payload for executing the real-time machine learning service.',
        schema: { $ref: `#/definitions/${schema}` },
      },
    ],
  }),
  text: { schema: { type: 'string' } },
  versionParameter: versionEnum,
};

const openapi3: Dialect = {
  health: { content: { 'text/plain': { schema: { type: 'string', example: 'Healthy' } } } },
  answer: (schema) => ({ content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }),
  body: (schema) => ({
    requestBody: {
      description: 'The input payload for executing the real-time machine learning service.',
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
    },
  }),
  text: { content: { 'text/plain': { schema: { type: 'string' } } } },
  versionParameter: { schema: versionEnum },
};

function paths(dialect: Dialect): Schema {
  const failed = { description: 'The service failed to execute due to an error.', ...dialect.answer('ErrorResponse') };
  return {
    '/': {
      get: {
        operationId: 'ServiceHealthCheck',
        description: 'Simple health check endpoint to ensure the service is up at any given point.',
        responses: {
          200: {
            description: "If service is up and running, this response will be returned with the content 'Healthy'",
            ...dialect.health,
          },
          default: failed,
        },
      },
    },
    '/score': {
      post: {
        operationId: 'RunMLService',
        description: "Run web service's model and get the prediction output",
        security: [{ Bearer: [] }],
        ...dialect.body('ServiceInput'),
        responses: {
          200: {
            description: 'The service processed the input correctly and provided a result prediction, if applicable.',
            ...dialect.answer('ServiceOutput'),
          },
          default: failed,
        },
      },
    },
    '/swagger.json': {
      get: {
        operationId: 'GetSwaggerSpec',
        description: 'Get the Swagger specification.',
        parameters: [{ name: 'version', in: 'query', required: false, ...dialect.versionParameter }],
        responses: { 200: { description: 'The Swagger specification.', ...dialect.text }, default: failed },
      },
    },
  };
}
