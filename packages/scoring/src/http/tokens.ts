/**
 * Tokens of an endpoint whose `auth_mode` is `aml_token`: JSON Web Tokens signed with HMAC-SHA256 (RFC 7519), good for one endpoint and
 * until they expire. Nothing is kept of them: whoever has the secret can check one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TokenSecret {
  readonly secret: string;
  /** The endpoint's name, the token's audience. */
  readonly endpoint: string;
}

/** Seconds since 1970, as Azure tells them. */
export interface TokenTimes {
  readonly issued: number;
  readonly expires: number;
}

const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

export function signToken({ secret, endpoint }: TokenSecret, { issued, expires }: TokenTimes): string {
  const signed = `${HEADER}.${encode({ aud: endpoint, iat: issued, exp: expires })}`;
  return `${signed}.${signature(signed, secret).toString('base64url')}`;
}

/** When a token expires, in seconds since 1970; undefined for one that was not signed with the secret, for this endpoint. */
export function expiryOf(token: string, { secret, endpoint }: TokenSecret): number | undefined {
  const [header = '', claims = '', given = ''] = token.split('.');
  const expected = signature(`${header}.${claims}`, secret);
  const bytes = Buffer.from(given, 'base64url');
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return undefined;
  // What follows was written by us: it has our signature.
  const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string; exp: number };
  return aud === endpoint ? exp : undefined;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signature(text: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}
