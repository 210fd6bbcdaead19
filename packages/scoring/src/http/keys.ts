/** The two keys of an endpoint, compared without telling an attacker how much of a guess was right. */
import { hash, timingSafeEqual } from 'node:crypto';

export interface Keys {
  readonly primary: string;
  readonly secondary: string;
}

/** @returns whether an `Authorization` header carries one of the keys; always true when there are no keys */
export function keyCheck(keys: Keys | null): (authorization: string | undefined) => boolean {
  if (keys === null) return () => true;
  const accepted = [keys.primary, keys.secondary].filter((key) => key !== '').map(digest);
  return (authorization) => {
    const token = /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return false;
    const given = digest(token);
    // Both are always compared, so that the time does not say which one matched.
    return accepted.reduce((matched, key) => timingSafeEqual(key, given) || matched, false);
  };
}

/** Equal lengths for any two keys: a comparison of the texts themselves would tell the length. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
