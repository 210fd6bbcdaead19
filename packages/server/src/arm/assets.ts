/** What every versioned asset of ARM has in common: containers with their versions, labels, archiving, lists. */
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { missing } from '../missing.ts';
import type { Facade } from './facade.ts';
import { isListed, page } from './list.ts';
import { type Scope, workspaceRoute } from './paths.ts';
import { field, type JsonObject, objectAt, over, resource } from './resource.ts';

export type Asset = {
  readonly name: string;
  readonly version: string;
  readonly isArchived: boolean;
  readonly createdAt: string;
  readonly description?: string | undefined;
  readonly tags?: object | undefined;
  /** What ARM calls the asset's properties, beside the common ones. */
  readonly properties: object;
};

/** One kind of asset, as the facade finds and makes it. */
export type AssetKind = {
  /** Its word in addresses: `data`, `models`. */
  readonly collection: string;
  /** The latest version of each, archived ones included. */
  latest(scope: Scope): Promise<Asset[]>;
  /** Newest first; `NotFound` when there is none of that name. */
  versions(scope: Scope, name: string): Promise<Asset[]>;
  get(scope: Scope, name: string, version: string): Promise<Asset>;
  /** Creates the version, or updates what of it may change. */
  put(scope: Scope, name: string, version: string, body: JsonObject): Promise<Asset>;
  archive(name: string, version: string | undefined): Promise<void>;
  /** Takes a version out of the archive. */
  restore(name: string, version: string): Promise<void>;
};

type ContainerParams = Scope & { readonly name: string };
type VersionParams = ContainerParams & { readonly version: string };

export function registerAssets(app: FastifyInstance, { documents, origin }: Facade, kind: AssetKind): void {
  const collection = `${workspaceRoute}/${kind.collection}`;
  const container = `${collection}/:name`;
  const version = `${container}/versions/:version`;
  const keptPath = (asset: Asset) => [kind.collection, asset.name, 'versions', asset.version];
  const showVersion = (scope: Scope, asset: Asset): JsonObject =>
    versionToArm(kind, scope, asset, documents.get(keptPath(asset))?.body);

  app.get<{ Params: Scope }>(collection, async (request) => {
    const assets = (await kind.latest(request.params)).filter(({ isArchived }) => isListed(request, isArchived));
    const containers = assets.map(async (asset) =>
      containerToArm(kind, request.params, asset, await kind.versions(request.params, asset.name)),
    );
    return page(request, origin(), await Promise.all(containers));
  });
  app.get<{ Params: ContainerParams }>(container, async ({ params }) => {
    const versions = await kind.versions(params, params.name);
    const newest = versions.find(({ isArchived }) => !isArchived) ?? (versions[0] as Asset);
    return containerToArm(kind, params, newest, versions);
  });
  // A container is only put to archive it, or to take it out of the archive.
  app.put<{ Params: ContainerParams; Body: JsonObject }>(container, async ({ params, body }, reply) => {
    const isArchived = field(objectAt(body, 'properties'), 'isArchived');
    const before = await kind.versions(params, params.name);
    if (isArchived === true) await kind.archive(params.name, undefined);
    else if (before.every((each) => each.isArchived)) {
      for (const { name, version: each } of before.toReversed()) await kind.restore(name, each);
    }
    const versions = await kind.versions(params, params.name);
    return reply.code(200).send(containerToArm(kind, params, versions[0] as Asset, versions));
  });
  app.get<{ Params: ContainerParams }>(`${container}/versions`, async (request) => {
    const { params } = request;
    // Clients look for versions of a name that may not be there yet, and take an empty list for an answer.
    const versions = ((await kind.versions(params, params.name).catch(missing)) ?? []).filter(({ isArchived }) =>
      isListed(request, isArchived),
    );
    return page(
      request,
      origin(),
      versions.map((asset) => showVersion(params, asset)),
    );
  });
  app.get<{ Params: VersionParams }>(version, async ({ params }) =>
    showVersion(params, await kind.get(params, params.name, params.version)),
  );
  app.get<{ Params: ContainerParams & { readonly label: string } }>(`${container}/labels/:label`, async ({ params }) => {
    if (params.label.toLowerCase() !== 'latest') throw new MalachiteError('NotFound', `There is no label "${params.label}".`);
    return showVersion(params, (await kind.versions(params, params.name))[0] as Asset);
  });
  app.put<{ Params: VersionParams; Body: JsonObject }>(version, async ({ params, body }, reply) => {
    const existed = documents.get([kind.collection, params.name, 'versions', params.version]) !== undefined;
    const asset = await kind.put(params, params.name, params.version, body);
    if (field(objectAt(body, 'properties'), 'isArchived') === true) await kind.archive(asset.name, asset.version);
    else if (asset.isArchived) await kind.restore(asset.name, asset.version);
    documents.put(keptPath(asset), body);
    return reply.code(existed ? 200 : 201).send(showVersion(params, await kind.get(params, asset.name, asset.version)));
  });
}

function versionToArm(kind: AssetKind, scope: Scope, asset: Asset, kept: JsonObject | undefined): JsonObject {
  const sent = objectAt(kept, 'properties');
  const known = { isArchived: asset.isArchived, isAnonymous: field(sent, 'isAnonymous') ?? false, ...asset.properties };
  return resource({
    scope,
    path: [kind.collection, asset.name, 'versions', asset.version],
    properties: over(
      { description: asset.description, tags: (asset.tags ?? {}) as JsonObject, properties: {}, ...sent },
      { ...known, provisioningState: 'Succeeded' },
    ),
    createdAt: asset.createdAt,
  });
}

function containerToArm(kind: AssetKind, scope: Scope, newest: Asset, versions: readonly Asset[]): JsonObject {
  return resource({
    scope,
    path: [kind.collection, newest.name],
    properties: {
      description: newest.description ?? null,
      tags: newest.tags ?? {},
      properties: {},
      isArchived: versions.every(({ isArchived }) => isArchived),
      latestVersion: newest.version,
      nextVersion: nextVersion(versions),
      provisioningState: 'Succeeded',
      ...('dataType' in newest.properties && { dataType: newest.properties.dataType }),
    },
    createdAt: versions.at(-1)?.createdAt ?? newest.createdAt,
    lastModifiedAt: newest.createdAt,
  });
}

/** One more than the highest version that is a whole number. */
function nextVersion(versions: readonly Asset[]): string {
  const numbers = versions.map(({ version }) => (/^\d{1,15}$/.test(version) ? Number(version) : 0));
  return String(Math.max(0, ...numbers) + 1);
}
