import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crashingChild } from '../test-child.ts';
import { temporaryHome } from '../test-home.ts';
import { openBlobs } from './blobs.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The address of every file that is in the store, and whether its bytes fit. */
function kept(folder: string): { address: string; isWhole: boolean }[] {
  return readdirSync(folder)
    .filter((name) => name.length === 2)
    .flatMap((first) =>
      readdirSync(join(folder, first)).map((rest) => ({
        address: first + rest,
        isWhole: sha256(readFileSync(join(folder, first, rest))) === first + rest,
      })),
    );
}

test('Bytes come back by their sha256, as a stream or at once', async () => {
  const blobs = openBlobs(temporaryHome());
  const bytes = randomBytes(300_000);
  const blob = await blobs.put(chunks(bytes, 7_000));
  expect(blob).toEqual({ sha256: sha256(bytes), sizeBytes: 300_000 });
  expect(Buffer.from(await blobs.read(blob.sha256)).equals(bytes)).toBe(true);
  const parts: Uint8Array[] = [];
  for await (const part of blobs.get(blob.sha256)) parts.push(part);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  expect(await blobs.size(blob.sha256)).toBe(300_000);
});

test('The same bytes are kept once, even when they are put at the same time', async () => {
  const folder = temporaryHome();
  const blobs = openBlobs(folder);
  const bytes = randomBytes(100_000);
  const puts = await Promise.all(
    Array.from({ length: 8 }, (_, i) => (i % 2 ? blobs.putBytes(bytes) : blobs.put(chunks(bytes, 999)))),
  );
  expect(new Set(puts.map((blob) => blob.sha256)).size).toBe(1);
  expect(kept(folder)).toEqual([{ address: sha256(bytes), isWhole: true }]);
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);
});

test('No bytes are an address too', async () => {
  const blobs = openBlobs(temporaryHome());
  const blob = await blobs.putBytes(new Uint8Array());
  expect(blob.sizeBytes).toBe(0);
  expect((await blobs.read(blob.sha256)).length).toBe(0);
});

test('A stream that breaks off leaves nothing', async () => {
  const folder = temporaryHome();
  const blobs = openBlobs(folder);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield randomBytes(1000);
    throw new Error('The line went dead');
  }
  await expect(blobs.put(broken())).rejects.toThrow('The line went dead');
  expect(kept(folder)).toEqual([]);
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);
});

test('What is not kept is NotFound, and what is no address is InvalidInput', async () => {
  const blobs = openBlobs(temporaryHome());
  const unknown = '0'.repeat(64);
  await expect(blobs.read(unknown)).rejects.toMatchObject({ code: 'NotFound' });
  await expect(blobs.get(unknown)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'NotFound' });
  for (const path of ['../../etc/passwd', '', `${'0'.repeat(63)}/`, unknown.toUpperCase().replace('0', 'A')]) {
    expect(() => blobs.path(path)).toThrow(/is not a sha256/);
  }
});

test('Opening sweeps what dead processes left, and leaves the puts of living ones alone', async () => {
  const folder = temporaryHome();
  const blobs = openBlobs(folder);
  const bytes = randomBytes(10_000);
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { promise: hasBegun, resolve: begun } = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 5000);
    begun();
    await mayEnd;
    yield bytes.subarray(5000);
  }
  const put = blobs.put(slow());
  await hasBegun;
  writeFileSync(join(folder, 'unfinished', '999999999-123-left'), 'half');
  openBlobs(folder);
  expect(readdirSync(join(folder, 'unfinished')).length).toBe(1);
  end();
  expect(await put).toMatchObject({ sha256: sha256(bytes) });
});

test('After kill -9 in the middle of puts, every acknowledged blob is there and no address has other bytes', async () => {
  const folder = temporaryHome();
  const child = crashingChild(
    `import { randomBytes } from 'node:crypto';
     import { openBlobs } from './store/blobs.ts';
     const blobs = openBlobs(${JSON.stringify(folder)});
     async function* parts(bytes) { for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536); }
     for (;;) await Promise.all(Array.from({ length: 4 }, async () => {
       console.log((await blobs.put(parts(randomBytes(400_000)))).sha256);
     }));`,
  );
  await child.lineCount(20);
  await child.kill();
  const blobs = openBlobs(folder);
  const inStore = kept(folder);
  expect(inStore.filter(({ isWhole }) => !isWhole)).toEqual([]);
  const addresses = new Set(inStore.map(({ address }) => address));
  expect(child.lines.filter((line) => !addresses.has(line))).toEqual([]);
  expect(readdirSync(join(folder, 'unfinished'))).toEqual([]);
  expect(blobs.has(child.lines[0] as string)).toBe(true);
});
