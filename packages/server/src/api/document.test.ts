import { type Operation, operations } from '@malachite/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { askServer } from '../test-ask.ts';
import { transportWorkspace } from '../test-workspace.ts';

type Described = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;
};
type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};

let server: Server;
let document: Document;

beforeAll(async () => {
  server = await startServer({ workspace: transportWorkspace().workspace, port: 0 });
  document = (await (await fetch(`${server.url}/docs/json`)).json()) as Document;
});
afterAll(() => server.close());

describe('the OpenAPI document', () => {
  it('is of version 3.1 and describes every operation of core under its port', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const [port, methods] of Object.entries(operations)) {
      for (const [name, { path, method, summary }] of Object.entries<Operation>(methods)) {
        const described = document.paths[`/api/v1${path}`]?.[method.toLowerCase()];
        expect(described, `${method} ${path}`).toMatchObject({ operationId: `${port}_${name}`, tags: [port], summary });
        const statuses = Object.keys(described?.responses ?? {});
        expect(statuses[0]).toMatch(/^20[04]$/);
        expect(statuses, `${method} ${path}`).toEqual(expect.arrayContaining(['400', '500', '501']));
        if (path.includes('{')) expect(statuses).toContain('404');
        if (method !== 'GET') expect(statuses).toEqual(expect.arrayContaining(['403', '409']));
      }
    }
  });

  it("says an answer's and an error's form by core's own names", () => {
    const job = document.paths['/api/v1/jobs/{name}']?.get?.responses;
    expect(job?.[200]?.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Job' });
    expect(job?.[404]?.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/ErrorBody' });
  });

  it('shows 401 where a key is asked for, and only there', async () => {
    const keyed = await startServer({ workspace: transportWorkspace().workspace, port: 0, apiKey: 'k' });
    const { paths } = (await (await fetch(`${keyed.url}/docs/json`)).json()) as Document;
    await keyed.close();
    expect(Object.keys(paths['/api/v1/jobs']?.post?.responses ?? {})).toContain('401');
    expect(Object.keys(document.paths['/api/v1/jobs']?.post?.responses ?? {})).not.toContain('401');
  });

  it('fills the form of every operation with a body, and what it fills in passes the checks of the route', async () => {
    let sent = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
        const body = requestBody?.content['application/json'];
        if (body === undefined || !path.startsWith('/api/')) continue;
        const address = path.replaceAll(/\{(\w+)\}/g, (_, field) => {
          const { example } = parameters.find(({ name }) => name === field) ?? {};
          expect(example, `${method} ${path}: ${field}`).toBeTypeOf('string');
          return String(example);
        });
        expect(body.example, `${method} ${path}`).toBeTypeOf('object');
        const answer = await askServer(server.url, address, { json: body.example, method: method.toUpperCase() });
        expect(answer.error?.code, `${method} ${path}: ${answer.text}`).not.toBe('InvalidInput');
        sent += 1;
      }
    }
    expect(sent).toBeGreaterThan(20);
  });

  it('refers only to schemas that it has, and carries no mark of the tools that made it', () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1] as string);
    expect(names.length).toBeGreaterThan(100);
    for (const name of new Set(names)) {
      expect(Object.keys(document.components.schemas)).toContain(name.replace('#/components/schemas/', ''));
    }
    expect(text).not.toMatch(/def-\d|x-fastify/);
  });

  it('describes the endpoint of published pipelines at the path Azure ML gives it', () => {
    const path = Object.keys(document.paths).find((path) => path.endsWith('/PipelineRuns/PipelineSubmit/{id}'));
    expect(path).toMatch(/^\/pipelines\/v1\.0\/subscriptions\/\{subscriptionId\}\/resourceGroups\//);
  });
});

describe('the page of the API', () => {
  it('comes whole from this server, and may ask no other', async () => {
    const page = await fetch(`${server.url}/docs/`);
    const html = await page.text();
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
    expect(addresses.length).toBeGreaterThan(4);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    for (const address of addresses) {
      const whole = new URL(address, page.url);
      expect(whole.origin).toBe(server.url);
      expect((await fetch(whole)).status, address).toBe(200);
    }
  });
});
