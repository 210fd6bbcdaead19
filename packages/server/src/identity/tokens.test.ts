import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTokens } from './tokens.ts';

const audience = 'https://localhost:10143';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'malachite-tokens-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('tokens', () => {
  it('are taken for the audience they were issued for, also after a restart', async () => {
    const { accessToken, expiresOn } = await (await openTokens(folder)).issue(audience);
    expect(expiresOn - Date.now() / 1000).toBeGreaterThan(3500);
    await expect((await openTokens(folder)).check(`Bearer ${accessToken}`, [audience])).resolves.toBeUndefined();
  });

  it('are refused when missing, expired, for another audience, or signed by another', async () => {
    const tokens = await openTokens(folder);
    const { accessToken } = await tokens.issue(audience);
    const says = (authorization: string | undefined, audiences = [audience]) =>
      tokens.check(authorization, audiences).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    expect(await says(undefined)).toMatch(/missing/);
    expect(await says(`Bearer ${accessToken}`, ['https://else'])).toMatch(/another audience/);
    expect(await says(`Bearer ${accessToken.slice(0, -2)}xx`)).toMatch(/not one of this/);
    const [head, , signature] = accessToken.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await says(`Bearer ${none}.${accessToken.split('.')[1]}.`)).toMatch(/not one of this/);
    expect(await says(`Bearer ${head}.e30.${signature}`)).toMatch(/not one of this/);

    const old = await openTokens(folder, () => new Date(Date.now() - 7_200_000));
    expect(await says(`Bearer ${(await old.issue(audience)).accessToken}`)).toMatch(/expired/);
    const other = mkdtempSync(join(tmpdir(), 'malachite-tokens-'));
    const foreign = await (await openTokens(other)).issue(audience);
    rmSync(other, { recursive: true });
    expect(await says(`Bearer ${foreign.accessToken}`)).toMatch(/not one of this/);
  });

  it('that were taken once are refused all the same when they have expired, and for another audience', async () => {
    let time = Date.now();
    const tokens = await openTokens(folder, () => new Date(time));
    const { accessToken } = await tokens.issue(audience);
    const check = (audiences = [audience]) => tokens.check(`Bearer ${accessToken}`, audiences);
    await check();
    await expect(check()).resolves.toBeUndefined();
    await expect(check(['https://else'])).rejects.toThrow(/another audience/);
    time += 3_700_000;
    await expect(check()).rejects.toThrow(/expired/);
  });

  it('are asked for with the identity secret', async () => {
    const tokens = await openTokens(folder);
    expect(tokens.isIdentitySecret(tokens.identitySecret)).toBe(true);
    expect(tokens.isIdentitySecret(undefined)).toBe(false);
    expect(tokens.isIdentitySecret(`${tokens.identitySecret.slice(0, -1)}!`)).toBe(false);
  });
});
