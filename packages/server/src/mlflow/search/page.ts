/** Pages of search results: a token says where the next one begins. */
import { invalid } from '../errors.ts';

export const offsetOf = (token: string | undefined): number => {
  if (!token) return 0;
  const offset = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalid('"page_token" is not one that a search answered.');
  return offset;
};

/** One row more than the page is read, to know whether there is another. */
export function pageOf<R>(
  rows: readonly R[],
  offset: number,
  size: number,
): { readonly page: readonly R[]; readonly next?: string } {
  if (rows.length <= size) return { page: rows };
  return { page: rows.slice(0, size), next: Buffer.from(String(offset + size)).toString('base64url') };
}

/** @throws MalachiteError `InvalidInput` beyond the limit. */
export function sizeOf(asked: unknown, limit: number, usual: number): number {
  const size = asked === undefined || asked === null ? usual : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > limit)
    throw invalid(`"max_results" is ${JSON.stringify(asked)}; it can be 1 to ${limit}.`);
  return size;
}
