import { MalachiteError } from '@malachite/core';

/** For `.catch`: what does not exist is `undefined`; every other failure stays one, and is not taken for "there is none". */
export function missing(error: unknown): undefined {
  if (error instanceof MalachiteError && error.code === 'NotFound') return undefined;
  throw error;
}
