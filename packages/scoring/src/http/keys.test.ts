import { expect, it } from 'vitest';
import { keyCheck } from './keys.ts';
import { signToken } from './tokens.ts';

const bank = { secret: 'the secret of bank', endpoint: 'bank' };
const now = Math.floor(Date.now() / 1000);

it('either key opens, an empty one never does', () => {
  const opens = keyCheck({ primary: 'one', secondary: '' });
  expect([
    opens('Bearer one'),
    opens('bearer  one '),
    opens('Bearer '),
    opens('Bearer two'),
    opens('one'),
    opens(undefined),
  ]).toEqual([true, true, false, false, false, false]);
});

it('a token opens its endpoint until it expires; a foreign one, a changed one and a key do not', () => {
  const opens = keyCheck(bank);
  const times = { issued: now, expires: now + 60 };
  const good = signToken(bank, times);
  const [header, , signed] = good.split('.');
  const claims = Buffer.from(JSON.stringify({ aud: 'bank', iat: now, exp: now + 9_999_999 })).toString('base64url');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
  expect(opens(`Bearer ${good}`)).toBe(true);
  for (const other of [
    signToken(bank, { issued: now - 120, expires: now - 60 }),
    signToken({ ...bank, endpoint: 'other' }, times),
    signToken({ ...bank, secret: 'another' }, times),
    `${header}.${claims}.${signed}`,
    unsigned,
    bank.secret,
    `${good}x`,
    '..',
  ])
    expect(opens(`Bearer ${other}`), other).toBe(false);
});
