/** Bearer tokens of the local identity: signed, short-lived, each for one audience; nothing of the facade answers without one. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { errors, jwtVerify, SignJWT } from 'jose';
import { secretFile } from '../secret-file.ts';

export type Token = {
  readonly accessToken: string;
  /** Seconds since 1970. */
  readonly expiresOn: number;
};

export type Tokens = {
  /** What `IDENTITY_HEADER` must hold: whoever has it may ask for tokens. */
  readonly identitySecret: string;
  /** Whether a header carries that secret; takes the same time wherever the two differ. */
  isIdentitySecret(given: string | undefined): boolean;
  issue(audience: string): Promise<Token>;
  /**
   * @param authorization The header, `Bearer TOKEN`.
   * @throws MalachiteError `Unauthorized` when it is missing, expired, forged or for none of the audiences.
   */
  check(authorization: string | undefined, audiences: readonly string[]): Promise<void>;
  /** A signature over a text, for addresses that carry their own permission. */
  sign(text: string): string;
  /** Takes the same time wherever the signature is wrong. */
  isSigned(text: string, signature: string): boolean;
};

/** The tenant and the object that the tokens name; there is one person on this machine. */
export const tenantId = '00000000-0000-0000-0000-000000000000';
const objectId = '00000000-0000-0000-0000-000000000001';
const issuer = `https://sts.windows.net/${tenantId}/`;
const lifetimeSeconds = 3600;
/** Of tokens that are remembered. */
const mostKnown = 1000;

/** Opens the identity whose secrets lie in a folder; they are made when they are not there. */
export async function openTokens(folder: string, now: () => Date = () => new Date()): Promise<Tokens> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const signingKey = Buffer.from(await secretFile(join(folder, 'token-key'), 32, 'base64url'), 'base64url');
  // As a key object it is read once, and not at every token.
  const key = createSecretKey(signingKey);
  const identitySecret = await secretFile(join(folder, 'identity-secret'), 32, 'base64url');
  /** When a token ends and whom it is for, once its signature has been looked at: a client sends the same one for an hour. */
  const known = new Map<string, { readonly expiresOn: number; readonly audience: string }>();
  const sign = (text: string): string => createHmac('sha256', signingKey).update(text).digest('base64url');
  return {
    identitySecret,
    sign,
    isSigned: (text, signature) => isSame(sign(text), signature),
    isIdentitySecret: (given = '') => isSame(identitySecret, given),
    async issue(audience) {
      const issuedAt = Math.floor(now().getTime() / 1000);
      const expiresOn = issuedAt + lifetimeSeconds;
      const claims = { tid: tenantId, oid: objectId, appid: objectId, idtyp: 'app', ver: '1.0' };
      const accessToken = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(objectId)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expiresOn)
        .sign(key);
      return { accessToken, expiresOn };
    },
    async check(authorization, audiences) {
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
      if (!token) throw new MalachiteError('Unauthorized', 'Authentication failed. The "Authorization" header is missing.');
      const seen = known.get(token);
      if (seen && seen.expiresOn > now().getTime() / 1000 && audiences.includes(seen.audience)) return;
      try {
        const options = { issuer, audience: [...audiences], algorithms: ['HS256'], currentDate: now() };
        const { exp = 0, aud } = (await jwtVerify(token, key, options)).payload;
        if (known.size >= mostKnown) known.clear();
        known.set(token, { expiresOn: exp, audience: String(aud) });
      } catch (error) {
        throw new MalachiteError('Unauthorized', reasonOf(error, audiences));
      }
    },
  };
}

function reasonOf(error: unknown, audiences: readonly string[]): string {
  if (error instanceof errors.JWTExpired) return 'The access token has expired. Ask for a new one.';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return `The access token is for another audience. This one is ${audiences.join(' or ')}.`;
  }
  return 'The access token is not one of this Malachite. Set the variables that "malachite env" prints, and ask for a new one.';
}

function isSame(secret: string, given: string): boolean {
  const [a, b] = [Buffer.from(secret), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
