import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuthority } from './authority.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malachite-authority-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

describe('the local authority', () => {
  it('vouches for the loopback names before a client that trusts it, and before no other', async () => {
    const { caFile, key, cert } = await openAuthority(folder);
    const server = createServer({ key, cert }, (_, response) => response.end('here')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (host: string, ca?: string) =>
      new Promise<string>((resolve) => {
        get({ host: '127.0.0.1', servername: host, port, ca, headers: { host } }, (response) => {
          response.resume();
          resolve(String(response.statusCode));
        }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    const ca = readFileSync(caFile, 'utf8');
    try {
      expect(await ask('localhost', ca)).toBe('200');
      expect(await ask('acct.blob.storage.malachite', ca)).toBe('200');
      expect(await ask('example.com', ca)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      expect(await ask('localhost')).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
    } finally {
      server.close();
    }
  });

  it('stays the same when opened again, and renews the certificate in time without a new authority', async () => {
    const first = await openAuthority(folder);
    expect(await openAuthority(folder)).toEqual(first);
    const ca = readFileSync(first.caFile, 'utf8');
    const later = await openAuthority(folder, inDays(380));
    expect(later.cert).not.toBe(first.cert);
    expect(readFileSync(first.caFile, 'utf8')).toBe(ca);
    expect(await openAuthority(folder, inDays(381))).toEqual(later);
    expect(statSync(join(folder, 'ca.key')).mode & 0o077).toBe(0);
  });

  it('passes the strict checks that newer Pythons make', async ({ skip }) => {
    const { caFile } = await openAuthority(folder);
    try {
      execFileSync('openssl', ['version']);
    } catch {
      skip('there is no openssl on this machine');
    }
    const said = execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', caFile, join(folder, 'server.pem')]).toString();
    expect(said).toContain('OK');
  });
});
