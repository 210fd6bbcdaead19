/** The client against the server: what one sends, the other understands, for every kind of operation. */
import { createHash } from 'node:crypto';
import { openHttpWorkspace } from '@malachite/adapter-http';
import type { Workspace } from '@malachite/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.ts';
import { transportWorkspace } from './test-workspace.ts';

const { workspace: served, log } = transportWorkspace();
let server: Server;
let workspace: Workspace;

beforeAll(async () => {
  server = await startServer({ workspace: served, port: 0 });
  workspace = await openHttpWorkspace({ url: server.url });
});
afterAll(async () => {
  await workspace.close();
  await server.close();
});

const gigabyte = 1024 * 1024 * 1024;

describe('the client and the server', () => {
  it('carry a gigabyte up without holding it', async () => {
    const piece = new Uint8Array(4 * 1024 * 1024).fill(7);
    const hash = createHash('sha256');
    let resident = 0;
    async function* content() {
      for (let sent = 0; sent < gigabyte; sent += piece.byteLength) {
        hash.update(piece);
        resident = Math.max(resident, process.memoryUsage().arrayBuffers + process.memoryUsage().external);
        yield piece;
      }
    }
    const blob = await workspace.datastore.put(content());
    expect(blob).toEqual({ sha256: hash.digest('hex'), sizeBytes: gigabyte });
    expect(resident).toBeLessThan(gigabyte / 4);
  });

  it('carry bytes down, and an error in their place', async () => {
    const chunks = await Array.fromAsync(workspace.datastore.get({ sha256: 'a'.repeat(64) }));
    expect(Buffer.concat(chunks)).toHaveLength(64 * 65_536);
    expect(Buffer.concat(chunks)[65_536]).toBe(1);
    await expect(Array.fromAsync(workspace.datastore.get({ sha256: '0'.repeat(64) }))).rejects.toMatchObject({
      code: 'NotFound',
    });
    await expect(Array.fromAsync(workspace.datastore.get({ sha256: 'b'.repeat(64) }))).rejects.toMatchObject({
      code: 'Unavailable',
    });
  });

  it('carry events, text in any script, failures and what does not exist', async () => {
    const events = await Array.fromAsync(workspace.training.events({ name: 'short', after: 3 }));
    expect(events).toMatchObject([{ sequence: 4 }, { sequence: 5, message: 'line 5\nüber 日本' }]);
    await expect(Array.fromAsync(workspace.training.events({ name: 'failing' }))).rejects.toMatchObject({ code: 'Failed' });
    await expect(Array.fromAsync(workspace.training.events({ name: 'absent' }))).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('carry nothing as nothing, and refuse a misspelt field', async () => {
    expect(await workspace.datasets.archive({ name: 'bank' })).toBeUndefined();
    const misspelt = { name: 'cpu', maxInstance: 2 };
    await expect(workspace.compute.create(misspelt)).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(/"maxInstance" is no field here/),
    });
  });

  it('follow a job across a restart of the server', async () => {
    const first = await startServer({ workspace: served, port: 0 });
    const client = await openHttpWorkspace({ url: first.url });
    const port = Number(new URL(first.url).port);
    const sequences: number[] = [];
    let second: Server | undefined;
    for await (const event of client.training.events({ name: 'endless' })) {
      sequences.push(event.sequence);
      if (sequences.length === 20) {
        await first.close();
        second = await startServer({ workspace: served, port });
      }
      if (sequences.length === 60) break;
    }
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(log.resumedAfter.at(-1)).toBeGreaterThanOrEqual(20);
    await second?.close();
  });
});
