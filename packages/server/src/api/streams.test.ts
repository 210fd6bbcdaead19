import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { type Asking, askServer } from '../test-ask.ts';
import { type TransportLog, transportWorkspace } from '../test-workspace.ts';

let server: Server;
let log: TransportLog;

beforeAll(async () => {
  const transport = transportWorkspace();
  log = transport.log;
  server = await startServer({ workspace: transport.workspace, port: 0 });
});
afterAll(() => server.close());
const ask = (path: string, init?: Asking) => askServer(server.url, path, init);

describe('streams', () => {
  it('take an upload in pieces, of any type or none', async () => {
    const piece = new Uint8Array(1024 * 1024);
    const body = ReadableStream.from(Array.from({ length: 24 }, () => piece));
    const answer = await ask('/api/v1/datastore/blobs', { method: 'POST', body, duplex: 'half' });
    expect(answer.status, answer.text).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ sizeBytes: 24 * 1024 * 1024 });
    expect(log.chunks).toBeGreaterThan(24);
    expect(
      (await ask('/api/v1/datastore/blobs', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }))
        .text,
    ).toMatch(/"sizeBytes":2/);
    expect((await ask('/api/v1/datastore/blobs', { method: 'POST' })).text).toMatch(/"sizeBytes":0/);
  });

  it('answer a download that does not exist with an error, an empty one empty, and cut a broken one short', async () => {
    const blob = (digit: string) => ask(`/api/v1/datastore/blobs/${digit.repeat(64)}`);
    expect(await blob('0')).toMatchObject({ status: 404, error: { code: 'NotFound' } });
    expect(await blob('e')).toMatchObject({ status: 200, text: '' });
    expect((await blob('a')).text).toHaveLength(64 * 65_536);
    await expect(blob('b')).rejects.toThrow(/terminated/);
  });

  it('send events with their sequence, then an end; go on behind Last-Event-ID', async () => {
    const { text } = await ask('/api/v1/jobs/short/events');
    expect([...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(['1', '2', '3', '4', '5']);
    expect(text).toMatch(/event: end\ndata: {}\n\n$/);
    const resumed = await ask('/api/v1/jobs/short/events?after=1', { headers: { 'last-event-id': '3' } });
    expect([...resumed.text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(['4', '5']);
  });

  it('answer events of what does not exist with an error, and a failure on the way with an error message', async () => {
    expect(await ask('/api/v1/jobs/absent/events')).toMatchObject({ status: 404, error: { code: 'NotFound' } });
    const { text } = await ask('/api/v1/jobs/failing/events');
    expect(text).toMatch(/id: 2\n.*event: error\ndata: {"error":{"code":"Failed","message":"The job was lost\."}}\n\n$/s);
  });

  it('stop reading events when the client leaves', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/api/v1/jobs/endless/events`, { signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(log.reading).toBe(1);
    leaving.abort();
    await expect.poll(() => log.reading, { timeout: 20_000 }).toBe(0);
  });

  it('survive readers that leave at any moment', async () => {
    const reading = Array.from({ length: 60 }, async (_, i) => {
      const leaving = AbortSignal.timeout(5 + (i % 12) * 4);
      await fetch(`${server.url}/api/v1/jobs/${i % 3 === 0 ? 'slow' : 'endless'}/events`, { signal: leaving })
        .then((response) => response.text())
        .catch(() => undefined);
    });
    await Promise.all(reading);
    await expect.poll(() => log.reading, { timeout: 20_000 }).toBe(0);
    expect((await ask('/healthz')).status).toBe(200);
  });
});
