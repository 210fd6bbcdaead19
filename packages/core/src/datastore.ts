/** The workspace's own bytes (Azure ML: `workspaceblobstore`). Content-addressed: the same bytes are kept once. */
import { type Static, Type } from 'typebox';
import { Sha256, Strict } from './schema.ts';

export const Blob = Strict({ sha256: Sha256, sizeBytes: Type.Integer({ minimum: 0 }) });
export type Blob = Static<typeof Blob>;

export const BlobInput = Strict({ sha256: Sha256 });
export type BlobInput = Static<typeof BlobInput>;

export interface Datastore {
  /**
   * Keeps the bytes and returns their address. Once it has answered, they survive any crash.
   *
   *     const blob = await workspace.datastore.put(createReadStream('bank.csv'));
   */
  put(content: AsyncIterable<Uint8Array>): Promise<Blob>;
  /** The bytes of an address. `NotFound` when nothing is kept under it. */
  get(input: BlobInput): AsyncIterable<Uint8Array>;
}
