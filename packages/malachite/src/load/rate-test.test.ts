import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { rateTest } from './rate-test.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
}

const { signal } = new AbortController();
const asked = { headers: {}, body: '{}', duration: 1, requests: undefined, signal };

test('as many requests are sent as the rate says, though the server answers none in between', async () => {
  const waiting: (() => void)[] = [];
  const url = await serve((_request, response) => {
    waiting.push(() => response.end('ok'));
    if (waiting.length === 20) for (const answer of waiting) answer();
  });
  const result = await rateTest({ ...asked, url, rate: 200, requests: 20, connections: 20 });
  expect(result).toMatchObject({ requests: 20, errors: 0, non2xx: 0, statuses: { 200: 20 } });
  // The last one was due 95 ms after the first, and the first waited for it.
  expect(result.latency.max).toBeGreaterThan(90);
});

test('a wait for a connection counts: one connection to a server that stalls once delays all who were due', async () => {
  let isFirst = true;
  const url = await serve((_request, response) => {
    if (isFirst) setTimeout(() => response.end(), 300);
    else response.end();
    isFirst = false;
  });
  const { latency, requests } = await rateTest({ ...asked, url, rate: 100, requests: 20, connections: 1 });
  expect(requests).toBe(20);
  expect(latency.max).toBeGreaterThan(290);
  // Of the twenty that were due within 190 ms, each waited for the end of the stall.
  expect(latency.min).toBeGreaterThan(100);
  // All were answered at about one time; each counts from when it was due, not from the beginning.
  expect(latency.max - latency.min).toBeGreaterThan(40);
});

test('what is refused and what breaks is told apart', async () => {
  let count = 0;
  const url = await serve((request, response) => {
    count++;
    if (count % 2 === 0) request.socket.destroy();
    else response.writeHead(429).end();
  });
  const result = await rateTest({ ...asked, url, rate: 100, requests: 10, connections: 1 });
  expect(result).toMatchObject({ requests: 5, errors: 5, non2xx: 5, statuses: { 429: 5 } });
});
