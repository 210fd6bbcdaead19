/** What opens an endpoint: two keys, tokens, or nothing that need be known. */
import { type Endpoint, type EndpointKeys, type EndpointToken, MalachiteError } from '@malachite/core';
import type { Keys, TokenSecret } from '@malachite/scoring';
import { signToken } from '@malachite/scoring/tokens';

/** An endpoint of tokens signs them with its primary key, which nobody is told. */
type Access = { readonly name: string; readonly authMode: Endpoint['authMode']; readonly keys: EndpointKeys };

/** Azure publishes no figure; ours are half a day, with a third of it left when a client should ask again. */
const lifetimeSeconds = 12 * 60 * 60;
const refreshAfterSeconds = 8 * 60 * 60;

/** What the endpoint's host checks. */
export function accessOf({ name, authMode, keys }: Access): Keys | TokenSecret | null {
  if (authMode === 'none') return null;
  return authMode === 'key'
    ? { primary: keys.primaryKey, secondary: keys.secondaryKey }
    : { secret: keys.primaryKey, endpoint: name };
}

/** @throws InvalidInput where there are none */
export function keysOf({ name, authMode, keys }: Access): EndpointKeys {
  if (authMode !== 'aml_token') return keys;
  throw new MalachiteError('InvalidInput', `Endpoint "${name}" has auth_mode aml_token, so it has no keys; ask for a token.`);
}

/** @throws InvalidInput where there are none */
export function tokenOf({ name, authMode, keys }: Access, now: Date): EndpointToken {
  if (authMode !== 'aml_token') {
    throw new MalachiteError(
      'InvalidInput',
      `Endpoint "${name}" has auth_mode ${authMode}, so it has no tokens; ask for its keys.`,
    );
  }
  const issued = Math.floor(now.getTime() / 1000);
  const expires = issued + lifetimeSeconds;
  return {
    accessToken: signToken({ secret: keys.primaryKey, endpoint: name }, { issued, expires }),
    expiryTimeUtc: expires,
    refreshAfterTimeUtc: issued + refreshAfterSeconds,
    tokenType: 'Bearer',
  };
}

/** @throws NotSupported for Microsoft Entra ID, whose tokens nobody here can check */
export function checkAuthMode(authMode: Endpoint['authMode']): void {
  if (authMode !== 'aad_token') return;
  throw new MalachiteError(
    'NotSupported',
    'auth_mode aad_token needs Microsoft Entra ID, which only Azure has; use "aml_token" (signed tokens that expire) or "key".',
  );
}
