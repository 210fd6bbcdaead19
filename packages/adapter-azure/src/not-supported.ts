import { MalachiteError } from '@malachite/core';

/** A call that Azure has nothing for: it rejects, and says why. */
export const notSupported = (why: string) => async (): Promise<never> => {
  throw new MalachiteError('NotSupported', `${why}. Work on this machine for it: MALACHITE_BACKEND=local.`);
};
