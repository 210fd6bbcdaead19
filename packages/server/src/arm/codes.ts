/** Uploads of code: where a client may write what it will register a moment later, and whether it is there already. */
import type { FastifyInstance } from 'fastify';
import { containerName } from '../storage/blob-service.ts';
import { signContainer } from '../storage/signature.ts';
import type { Facade } from './facade.ts';
import { type Scope, workspaceRoute } from './paths.ts';

type Params = Scope & { readonly collection: string; readonly name: string; readonly version: string };
const uploadHours = 24;

/** `startPendingUpload` of code, models, data and components: one container, open to the caller for a day. */
export function registerPendingUploads(app: FastifyInstance, { blobs }: Facade): void {
  app.post<{ Params: Params }>(`${workspaceRoute}/:collection/:name/versions/:version/startPendingUpload`, async ({ params }) => {
    const opened = await blobs.open();
    const blobUri = `https://${opened.accountName}.blob.storage.malachite/${containerName}`;
    return {
      pendingUploadId: `${params.collection}-${params.name}-${params.version}`,
      pendingUploadType: 'TemporaryBlobReference',
      blobReferenceForConsumption: {
        blobUri,
        storageAccountArmId: '',
        credential: { credentialType: 'SAS', sasUri: `${blobUri}?${await signContainer(opened, uploadHours)}` },
      },
    };
  });
}
