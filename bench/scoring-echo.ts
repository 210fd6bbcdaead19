/** The bare fastify echo that `scoring.ts` compares with: the same payload parsed and sent back, nothing else. Prints its port. */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';

const app = fastify();
app.post('/score', async (request) => request.body);
await app.listen({ port: 0, host: '127.0.0.1' });
console.log((app.server.address() as AddressInfo).port);
