/** Uploads of code: where a client may write what it will register a moment later, and whether it is there already. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { account } from '../storage/blob-service.ts';
import { signContainer } from '../storage/signature.ts';
import type { Facade } from './facade.ts';
import { type Scope, workspaceRoute } from './paths.ts';

type Params = Scope & { readonly collection: string; readonly name: string; readonly version: string };
const uploadHours = 24;

/**
 * `startPendingUpload` of code, models, data and components: a container of the version's own, open to the caller for a day.
 * Clients put a folder there under its plain name: in a common one the code of two programs would be one.
 */
export function registerPendingUploads(app: FastifyInstance, { blobs }: Facade): void {
  app.post<{ Params: Params }>(`${workspaceRoute}/:collection/:name/versions/:version/startPendingUpload`, async ({ params }) => {
    const opened = await blobs.open();
    const container = containerOf(params);
    await opened.containerNamed(container);
    const [host] = opened.accountName.split('/');
    const blobUri = `https://${host}/${account}/${container}`;
    return {
      pendingUploadId: `${params.collection}-${params.name}-${params.version}`,
      pendingUploadType: 'TemporaryBlobReference',
      blobReferenceForConsumption: {
        blobUri,
        storageAccountArmId: '',
        credential: { credentialType: 'SAS', sasUri: `${blobUri}?${await signContainer(opened, uploadHours, container)}` },
      },
    };
  });
}

function containerOf({ collection, name, version }: Params): string {
  const digest = createHash('sha256').update(`${collection}/${name}/${version}`.toLowerCase()).digest('hex');
  return `upload-${digest.slice(0, 40)}`;
}
