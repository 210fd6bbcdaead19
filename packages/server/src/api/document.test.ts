import { type Operation, operations } from '@malachite/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { transportWorkspace } from '../test-workspace.ts';

type Described = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
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
        expect(Object.keys(described?.responses ?? {}).sort()).toEqual([expect.stringMatching(/^20[04]$/), '4XX', '5XX']);
      }
    }
  });

  it("says an answer's and an error's form by core's own names", () => {
    const job = document.paths['/api/v1/jobs/{name}']?.get?.responses;
    expect(job?.[200]?.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Job' });
    expect(job?.['4XX']?.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/ErrorBody' });
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
