/** What opens an endpoint: two keys, compared without telling an attacker how much of a guess was right, or tokens. */
import { expiryOf, type TokenSecret } from './tokens.ts';

export interface Keys {
  readonly primary: string;
  readonly secondary: string;
}

/** @returns whether an `Authorization` header carries one of the keys, or a token of the secret; always true for null */
export function keyCheck(keys: Keys | TokenSecret | null): (authorization: string | undefined) => boolean {
  if (keys === null) return () => true;
  if ('secret' in keys) {
    return (authorization) => {
      const token = bearer(authorization);
      return token !== undefined && (expiryOf(token, keys) ?? 0) > Date.now() / 1000;
    };
  }
  const accepted = [keys.primary, keys.secondary].filter((key) => key !== '');
  return (authorization) => {
    const token = bearer(authorization);
    if (token === undefined) return false;
    let isAccepted = false;
    // Both are always compared, so that the time does not say which one matched.
    for (const key of accepted) isAccepted = isEqual(token, key) || isAccepted;
    return isAccepted;
  };
}

/** Why a header does not open an endpoint. */
export interface Denial {
  /** All that Azure's gateway answers about keys; of tokens its words are not known. */
  readonly azure?: 'key_auth_bad_header_forbidden' | 'key_auth_access_denied';
  readonly sentence: string;
}

/** @param authorization a header that `keyCheck` turned down */
export function denialOf(keys: Keys | TokenSecret | null, authorization: string | undefined): Denial {
  const given = bearer(authorization);
  if (keys !== null && 'secret' in keys) {
    const expiry = given && expiryOf(given, keys);
    if (given === undefined) return { sentence: 'Authentication failed: no token in "Authorization: Bearer <token>".' };
    if (expiry === undefined) return { sentence: 'Authentication failed: the token is not one of this endpoint.' };
    const time = new Date(Number(expiry) * 1000).toISOString();
    return { sentence: `Authentication failed: the token expired at ${time}; ask for another.` };
  }
  if (given === undefined)
    return {
      azure: 'key_auth_bad_header_forbidden',
      sentence: 'Authentication failed: no key in "Authorization: Bearer <key>".',
    };
  return { azure: 'key_auth_access_denied', sentence: 'Authentication failed: the key is none of this endpoint.' };
}

function bearer(authorization: string | undefined): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
}

/** In a time that depends on the given text alone: every character is looked at, and none decides what is done next. */
function isEqual(given: string, key: string): boolean {
  let difference = given.length ^ key.length;
  for (let i = 0; i < given.length; i++) difference |= given.charCodeAt(i) ^ key.charCodeAt(i % key.length);
  return difference === 0;
}
