import { MalachiteError } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { asked, missing, ofAzure } from './errors.ts';

const headers = new Map([['x-ms-request-id', '42']]);
const arm = (statusCode: number, message: string) =>
  Object.assign(new Error(message), { name: 'RestError', statusCode, response: { headers } });

describe('a failure of Azure’s', () => {
  it.each([
    [400, 'InvalidInput'],
    [403, 'Unauthorized'],
    [404, 'NotFound'],
    [409, 'Conflict'],
    [429, 'TooManyRequests'],
    [501, 'NotSupported'],
    [503, 'Unavailable'],
    [500, 'Failed'],
  ])('%i is %s, with Azure’s sentence and the id of the request', (status, code) => {
    const error = ofAzure(arm(status, '(UserError) The name is taken.\nCode: UserError\nMessage: …'), 'Creating "cpu"');
    expect(error).toMatchObject({ code, message: 'Creating "cpu": The name is taken. (request 42)' });
  });

  it('without a token says in one sentence how to sign in, and keeps what was tried as the cause', () => {
    const tried = Object.assign(new Error('Chained failed.\nNo CLI.\nNo PowerShell.'), { name: 'AggregateAuthenticationError' });
    const error = ofAzure(tried, 'Listing');
    const message = 'Listing: no token for Azure. Sign in ("az login") or set the AZURE_* variables.';
    expect(error).toMatchObject({ code: 'Unauthorized', message, cause: tried });
    const refused = Object.assign(new Error('AADSTS7000215: Invalid client secret.\nTrace: 1'), { name: 'AuthenticationError' });
    expect(ofAzure(refused, 'Listing').message).toBe(`${message} AADSTS7000215: Invalid client secret.`);
  });

  it('without words says at least what came', () => {
    expect(ofAzure({ statusCode: 500, message: '' }, 'Copying').message).toBe('Copying: HTTP 500');
  });

  it('that is ours already stays as it is; what is not there is undefined where that is asked for', async () => {
    const ours = new MalachiteError('NotFound', 'There is none.');
    await expect(asked('Reading', () => Promise.reject(ours))).rejects.toBe(ours);
    expect(missing(ours)).toBeUndefined();
    expect(() => missing(new MalachiteError('Conflict', 'no'))).toThrow('no');
  });
});
