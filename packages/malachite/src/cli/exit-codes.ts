/** 0 done; 1 the operation failed; 2 the call is wrong; 3 no server reachable. */
import type { ErrorCode } from '@malachite/core/errors';

export const exitCodes = { done: 0, failed: 1, wrongCall: 2, noServer: 3 } as const;

export function exitCodeOf(code: ErrorCode): number {
  if (code === 'InvalidInput' || code === 'NotSupported') return exitCodes.wrongCall;
  return code === 'Unavailable' ? exitCodes.noServer : exitCodes.failed;
}
