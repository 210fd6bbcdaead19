import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { transportWorkspace } from '../test-workspace.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer({ workspace: transportWorkspace().workspace, port: 0 });
});
afterAll(() => server.close());

describe('the door', () => {
  const raw = (headers: Record<string, string>, method = 'GET', path = '/api/v1/compute') =>
    new Promise<number>((resolve, reject) => {
      const call = request(`${server.url}${path}`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.on('error', reject).end();
    });
  const port = () => new URL(server.url).port;

  it('opens for the names of the loopback only, so that a rebound name reaches nothing', async () => {
    expect(await raw({ host: `localhost:${port()}` })).toBe(200);
    expect(await raw({ host: `[::1]:${port()}` })).toBe(200);
    expect(await raw({ host: `evil.example:${port()}` })).toBe(421);
    expect(await raw({ host: 'localhost.evil.example' })).toBe(421);
    expect(await raw({ host: 'evil.example' }, 'GET', '/healthz')).toBe(421);
  });

  it('lets no page of another origin change anything', async () => {
    const archive = (origin: string) => raw({ origin }, 'POST', '/api/v1/datasets/bank/archive');
    expect(await archive(server.url)).toBe(204);
    expect(await archive('https://evil.example')).toBe(403);
    expect(await archive(`http://127.0.0.1:${Number(port()) + 1}`)).toBe(403);
    expect(await archive('null')).toBe(403);
  });

  it('asks for a key when it is open to the network, and for the right one', async () => {
    const { workspace } = transportWorkspace();
    await expect(startServer({ workspace, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({ code: 'InvalidInput' });
    const open = await startServer({ workspace, host: '0.0.0.0', port: 0, apiKey: 'k-1' });
    try {
      const url = `http://127.0.0.1:${new URL(open.url).port}`;
      const status = async (authorization?: string, path = '/api/v1/compute') =>
        (await fetch(`${url}${path}`, authorization ? { headers: { authorization } } : {})).status;
      expect(await status()).toBe(401);
      expect(await status('Bearer k-2')).toBe(401);
      expect(await status('k-1')).toBe(401);
      expect(await status('Bearer k-1')).toBe(200);
      expect(await status(undefined, '/api/v1/%63ompute')).toBe(401);
      expect(await status(undefined, '/%61pi/v1/compute')).toBe(401);
      expect(await status(undefined, '/healthz')).toBe(200);
    } finally {
      await open.close();
    }
  });
});
